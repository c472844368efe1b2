"""Add column person.created DATETIME NOT NULL; existing rows get the time of the
migration, and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column("person", op.column("created", "DATETIME"), fill=op.now()),
    op.add_column("person", op.column("day", "DATE"), fill=op.today()),
]
