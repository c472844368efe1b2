"""Change column person.value from VARCHAR(100) NOT NULL to VARCHAR(10) NOT NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # guard: stops if person.value has texts of more than 10 characters
    op.alter_column(
        "person",
        old=op.column("value", "VARCHAR(100)"),
        new=op.column("value", "VARCHAR(10)"),
    ),
]
