"""Drop column person.fax VARCHAR(255) NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # data-loss: the values of person.fax are lost; a rollback brings it back empty
    op.drop_column("person", op.column("fax", "VARCHAR(255)", null=True)),
]
