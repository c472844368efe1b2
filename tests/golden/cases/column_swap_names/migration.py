"""Rename column person.first to _peewee_mig_first, and 3 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # rename: code that still says first breaks
    op.rename_column("person", "first", "_peewee_mig_first"),
    # rename: code that still says second breaks
    op.rename_column("person", "second", "first"),
    op.rename_column("person", "_peewee_mig_first", "second"),
    op.rename_index("person", "person_first", "person_second"),
]
