"""Change column person.value from JSON NOT NULL to TEXT NOT NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_column(
        "person",
        old=op.column("value", "JSON"),
        new=op.column("value", "TEXT"),
    ),
]
