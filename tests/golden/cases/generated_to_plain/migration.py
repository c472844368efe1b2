"""Change column item.twice from INT NULL GENERATED ALWAYS AS ('price' * 2) STORED to
INT NULL, and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_column(
        "item",
        old=op.column("twice", "INT", null=True, computed='"price" * 2', stored=True),
        new=op.column("twice", "INT", null=True),
    ),
    op.alter_column(
        "item",
        old=op.column("price", "INT"),
        new=op.column("price", "BIGINT"),
    ),
]
