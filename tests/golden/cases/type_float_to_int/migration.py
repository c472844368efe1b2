"""Change column person.value from FLOAT NOT NULL to INT NOT NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # guard: stops if person.value has values that are no INT
    op.alter_column(
        "person",
        old=op.column("value", "FLOAT"),
        new=op.column("value", "INT"),
    ),
]
