"""Change column person.value from VARCHAR(10) NOT NULL to VARCHAR(100) NOT NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_column(
        "person",
        old=op.column("value", "VARCHAR(10)"),
        new=op.column("value", "VARCHAR(100)"),
    ),
]
