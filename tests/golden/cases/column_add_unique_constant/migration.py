"""Add column person.code VARCHAR(255) NOT NULL; existing rows get 'x', and 1 more
operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column("person", op.column("code", "VARCHAR(255)"), fill="x"),
    # guard: stops if person has more than one row, and all would get the same code
    op.create_index("person", op.index("person_code", "code", unique=True)),
]
