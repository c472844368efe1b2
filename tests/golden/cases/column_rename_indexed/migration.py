"""Rename column person.email to mail, and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # rename: code that still says email breaks
    op.rename_column("person", "email", "mail"),
    op.rename_index("person", "person_email", "person_mail"),
]
