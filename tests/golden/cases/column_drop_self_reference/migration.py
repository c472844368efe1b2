"""Drop column person.boss_id INT NULL, and 2 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_foreign_key("person", op.foreign_key("boss_id", "person", "id")),
    op.drop_index("person", op.index("person_boss_id", "boss_id")),
    # data-loss: the values of person.boss_id are lost; a rollback brings it back empty
    op.drop_column("person", op.column("boss_id", "INT", null=True)),
]
