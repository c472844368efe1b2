"""Create view open_tasks.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0013_compute_whether_a_task_is_done"]

operations = [
    op.create_object(
        op.view(
            "open_tasks",
            'SELECT "t1"."id", "t1"."title", "t1"."assignee_id", "t1"."due_at" FROM "task" AS "t1" WHERE ("t1"."done_at" IS NULL)',
            needs=["task"],
        ),
    ),
]
