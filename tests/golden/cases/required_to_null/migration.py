"""Change column person.value from VARCHAR(255) NOT NULL to VARCHAR(255) NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_column(
        "person",
        old=op.column("value", "VARCHAR(255)"),
        new=op.column("value", "VARCHAR(255)", null=True),
    ),
]
