"""Change column person.value from BIGINT NOT NULL to DOUBLE NOT NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # guard: stops if person.value has values that are no DOUBLE
    op.alter_column(
        "person",
        old=op.column("value", "BIGINT"),
        new=op.column("value", "DOUBLE"),
    ),
]
