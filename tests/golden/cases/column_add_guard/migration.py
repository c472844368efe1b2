"""Add column person.country VARCHAR(2) NOT NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # guard: stops if person has rows (no value for country is given)
    op.add_column("person", op.column("country", "VARCHAR(2)")),
]
