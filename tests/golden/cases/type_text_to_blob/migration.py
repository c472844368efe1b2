"""Change column person.value from TEXT NOT NULL to BLOB NOT NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_column(
        "person",
        old=op.column("value", "TEXT"),
        new=op.column("value", "BLOB"),
    ),
]
