"""Rename table run to instance, and 2 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # rename: code that still says run breaks
    op.rename_table("run", "instance"),
    op.rename_index("instance", "run_label", "instance_label"),
    op.rename_index("instance", "run_parent_id", "instance_parent_id"),
]
