"""Rename column group.order to where, and 5 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # rename: code that still says order breaks
    op.rename_column("group", "order", "where"),
    op.rename_index("group", "group_order", "group_where"),
    op.alter_column(
        "group",
        old=op.column("select", "TEXT", null=True),
        new=op.column("select", "TEXT"),
        fill="from",
    ),
    op.add_column("group", op.column("references", "INT", null=True)),
    op.create_index("group", op.index("group_references", "references")),
    op.add_foreign_key("group", op.foreign_key("references", "group", "id")),
]
