"""Add column task.is_done BOOL NULL GENERATED ALWAYS AS ('done_at' IS NOT NULL) STORED.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0012_index_open_assignments_and_addresses"]

operations = [
    op.add_column(
        "task",
        op.column(
            "is_done",
            "BOOL",
            null=True,
            computed='"done_at" IS NOT NULL',
            stored=True,
        ),
    ),
]
