"""Add column person.country CHAR(2) NOT NULL; existing rows get 'DE'.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column("person", op.column("country", "CHAR(2)"), fill="DE"),
]
