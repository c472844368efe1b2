"""Rename table first to _peewee_mig_first, and 5 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # rename: code that still says first breaks
    op.rename_table("first", "_peewee_mig_first"),
    # rename: code that still says second breaks
    op.rename_table("second", "first"),
    op.rename_table("_peewee_mig_first", "second"),
    op.rename_index("first", "second_mark", "_peewee_mig_second_mark"),
    op.rename_index("second", "first_mark", "second_mark"),
    op.rename_index("first", "_peewee_mig_second_mark", "first_mark"),
]
