"""Create unique index person_name on person (name).

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # guard: stops if two rows of person have the same name
    op.create_index("person", op.index("person_name", "name", unique=True)),
]
