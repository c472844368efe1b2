"""Drop table right (id, left_id), and 2 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_foreign_key("left", op.foreign_key("right_id", "right", "id")),
    # data-loss: the rows of right are lost; a rollback brings it back empty
    op.drop_table(
        "right",
        op.column("id", "AUTO"),
        op.column("left_id", "INT", null=True),
        op.primary_key("id"),
        op.index("right_left_id", "left_id"),
        op.foreign_key("left_id", "left", "id"),
    ),
    # data-loss: the rows of left are lost; a rollback brings it back empty
    op.drop_table(
        "left",
        op.column("id", "AUTO"),
        op.column("right_id", "INT", null=True),
        op.primary_key("id"),
        op.index("left_right_id", "right_id"),
    ),
]
