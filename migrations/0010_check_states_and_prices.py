"""Add check on asset ('price' >= 0), and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0009_add_vendors"]

operations = [
    # guard: stops if asset has rows that are not "price" >= 0
    op.add_check("asset", op.check('"price" >= 0')),
    # guard: stops if workflow_step has rows that are not "state" IN ('waiting', 'open',
    #   'done', 'skipped')
    op.add_check(
        "workflow_step",
        op.check(
            "\"state\" IN ('waiting', 'open', 'done', 'skipped')",
            name="workflow_step_state",
        ),
    ),
]
