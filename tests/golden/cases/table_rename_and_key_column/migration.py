"""Rename table run to instance, and 5 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # rename: code that still says run breaks
    op.rename_table("run", "instance"),
    # rename: code that still says run_id breaks
    op.rename_column("step", "run_id", "instance_id"),
    op.rename_index("instance", "run_label", "instance_label"),
    op.rename_index("instance", "run_parent_id", "instance_parent_id"),
    op.rename_index("step", "step_run_id", "step_instance_id"),
    op.rename_index("step", "step_run_id_position", "step_instance_id_position"),
]
