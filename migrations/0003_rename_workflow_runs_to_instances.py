"""Rename table workflow_run to workflow_instance, and 2 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0002_rename_surname_to_family_name"]

operations = [
    # rename: code that still says workflow_run breaks
    op.rename_table("workflow_run", "workflow_instance"),
    op.rename_index(
        "workflow_instance",
        "workflow_run_subject_id",
        "workflow_instance_subject_id",
    ),
    op.rename_index(
        "workflow_instance",
        "workflow_run_template_id",
        "workflow_instance_template_id",
    ),
]
