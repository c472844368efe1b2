"""Add column grant.id AUTO NOT NULL, and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column("grant", op.column("id", "AUTO")),
    op.alter_primary_key(
        "grant",
        old=op.primary_key("person", "role"),
        new=op.primary_key("id"),
    ),
]
