"""Rename table tâble `with` 'all' to an 'other' table, and 2 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # rename: code that still says tâble `with` 'all' breaks
    op.rename_table("tâble `with` 'all'", 'an "other" table'),
    # rename: code that still says a "quoted" name breaks
    op.rename_column('an "other" table', 'a "quoted" name', "50 % `off`"),
    op.rename_index('an "other" table', "odd_aquotedname", "odd_50off"),
]
