"""Change column person.value from DECIMAL(8, 2) NOT NULL to DECIMAL(12, 4) NOT NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_column(
        "person",
        old=op.column("value", "DECIMAL(8, 2)"),
        new=op.column("value", "DECIMAL(12, 4)"),
    ),
]
