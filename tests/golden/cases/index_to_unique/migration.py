"""Drop index person_team on person (team), and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_index("person", op.index("person_team", "team")),
    # guard: stops if two rows of person have the same team
    op.create_index("person", op.index("person_team", "team", unique=True)),
]
