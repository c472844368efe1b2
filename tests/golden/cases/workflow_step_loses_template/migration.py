"""Change column workflow_step.template_step_id from INT NOT NULL to INT NULL, and 1
more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_column(
        "workflow_step",
        old=op.column("template_step_id", "INT"),
        new=op.column("template_step_id", "INT", null=True),
    ),
    op.alter_foreign_key(
        "workflow_step",
        old=op.foreign_key(
            "template_step_id",
            "template_step",
            "id",
            on_delete="RESTRICT",
        ),
        new=op.foreign_key(
            "template_step_id",
            "template_step",
            "id",
            on_delete="SET NULL",
        ),
    ),
]
