"""Add column person.boss_id INT NULL, and 2 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column("person", op.column("boss_id", "INT", null=True)),
    op.create_index("person", op.index("person_boss_id", "boss_id")),
    op.add_foreign_key(
        "person",
        op.foreign_key("boss_id", "person", "id", on_delete="SET NULL"),
    ),
]
