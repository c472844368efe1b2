"""Add column rate.source VARCHAR(20) NOT NULL; existing rows get 'bank', and 1 more
operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column("rate", op.column("source", "VARCHAR(20)"), fill="bank"),
    # guard: stops if two rows of rate have the same currency, day, source
    op.alter_primary_key(
        "rate",
        old=op.primary_key("currency", "day"),
        new=op.primary_key("currency", "day", "source"),
    ),
]
