"""Add column currency.name TEXT NULL, and 3 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_column(
        "currency",
        old=op.column("code", "VARCHAR(3)"),
        new=op.column("code", "VARCHAR(8)"),
    ),
    op.alter_column(
        "rate",
        old=op.column("currency_id", "VARCHAR(3)"),
        new=op.column("currency_id", "VARCHAR(8)"),
    ),
    # guard: stops if rate.value has values that are no DECIMAL(18, 8)
    op.alter_column(
        "rate",
        old=op.column("value", "FLOAT"),
        new=op.column("value", "DECIMAL(18, 8)"),
    ),
    op.add_column("currency", op.column("name", "TEXT", null=True)),
]
