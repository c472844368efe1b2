"""Change column asset_assignment.assigned_at from DATETIME NOT NULL to DATETIME NOT
NULL DEFAULT CURRENT_TIMESTAMP, and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0010_check_states_and_prices"]

operations = [
    op.alter_column(
        "asset_assignment",
        old=op.column("assigned_at", "DATETIME"),
        new=op.column("assigned_at", "DATETIME", default="CURRENT_TIMESTAMP"),
    ),
    op.alter_column(
        "workflow_step",
        old=op.column("state", "VARCHAR(20)"),
        new=op.column("state", "VARCHAR(20)", default="'waiting'"),
    ),
]
