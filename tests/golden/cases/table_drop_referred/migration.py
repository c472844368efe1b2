"""Drop foreign key chair (desk) to desk (id), and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_foreign_key("chair", op.foreign_key("desk", "desk", "id")),
    # data-loss: the rows of desk are lost; a rollback brings it back empty
    op.drop_table(
        "desk",
        op.column("id", "AUTO"),
        op.column("room", "TEXT"),
        op.primary_key("id"),
    ),
]
