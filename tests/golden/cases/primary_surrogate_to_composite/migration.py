"""Drop column grant.id AUTO NOT NULL, and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # guard: stops if two rows of grant have the same person, role
    op.alter_primary_key(
        "grant",
        old=op.primary_key("id"),
        new=op.primary_key("person", "role"),
    ),
    # data-loss: the values of grant.id are lost; a rollback brings it back empty
    op.drop_column("grant", op.column("id", "AUTO")),
]
