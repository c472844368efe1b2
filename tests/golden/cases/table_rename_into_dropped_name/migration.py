"""Rename table new to old, and 2 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # data-loss: the rows of old are lost; a rollback brings it back empty
    op.drop_table(
        "old",
        op.column("id", "AUTO"),
        op.column("text", "TEXT"),
        op.primary_key("id"),
    ),
    # rename: code that still says new breaks
    op.rename_table("new", "old"),
    op.rename_index("old", "new_size", "old_size"),
]
