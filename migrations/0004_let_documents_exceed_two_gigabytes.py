"""Change column document_version.size from INT NOT NULL to BIGINT NOT NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0003_rename_workflow_runs_to_instances"]

operations = [
    op.alter_column(
        "document_version",
        old=op.column("size", "INT"),
        new=op.column("size", "BIGINT"),
    ),
]
