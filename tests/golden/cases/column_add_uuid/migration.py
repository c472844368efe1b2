"""Add column person.token UUID NOT NULL; existing rows get a new UUID each, and 1 more
operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column("person", op.column("token", "UUID"), fill=op.uuid4()),
    op.create_index("person", op.index("person_token", "token", unique=True)),
]
