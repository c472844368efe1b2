"""Create unique index person_name_team on person (name, team).

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # guard: stops if two rows of person have the same name, team
    op.create_index(
        "person",
        op.index("person_name_team", ["name", "team"], unique=True),
    ),
]
