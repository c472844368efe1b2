"""Change column person.value from INT NULL to DATETIME NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # guard: stops if person.value has values (none can become DATETIME)
    op.alter_column(
        "person",
        old=op.column("value", "INT", null=True),
        new=op.column("value", "DATETIME", null=True),
    ),
]
