"""Drop column person.name VARCHAR(80) NOT NULL, and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column("person", op.column("full_name", "VARCHAR(80)"), fill="?"),
    # data-loss: the values of person.name are lost; a rollback brings it back empty
    op.drop_column("person", op.column("name", "VARCHAR(80)")),
]
