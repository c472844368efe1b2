"""Change column person.value from TEXT NULL to BLOB NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_column(
        "person",
        old=op.column("value", "TEXT", null=True),
        new=op.column("value", "BLOB", null=True),
    ),
]
