"""Rename table Person to person, and 2 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # rename: code that still says Person breaks
    op.rename_table("Person", "person"),
    # rename: code that still says Name breaks
    op.rename_column("person", "Name", "name"),
    op.rename_index("person", "person_Name", "person_name"),
]
