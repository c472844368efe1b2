"""Rename column person.name to full_name.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # rename: code that still says name breaks
    op.rename_column("person", "name", "full_name"),
]
