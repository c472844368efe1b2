"""Change column person.value from VARCHAR(255) NULL to VARCHAR(255) NOT NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # guard: stops if person has rows without value (no value is given)
    op.alter_column(
        "person",
        old=op.column("value", "VARCHAR(255)", null=True),
        new=op.column("value", "VARCHAR(255)"),
    ),
]
