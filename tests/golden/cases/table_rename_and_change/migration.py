"""Rename table run to instance, and 4 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_index("run", op.index("run_label", "label")),
    # rename: code that still says run breaks
    op.rename_table("run", "instance"),
    op.rename_index("instance", "run_parent_id", "instance_parent_id"),
    # guard: stops if run.label has texts of more than 40 characters
    op.alter_column(
        "instance",
        old=op.column("label", "VARCHAR(255)"),
        new=op.column("label", "VARCHAR(40)", null=True),
    ),
    op.add_column("instance", op.column("state", "VARCHAR(255)"), fill="new"),
]
