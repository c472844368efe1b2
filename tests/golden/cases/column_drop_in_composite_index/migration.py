"""Drop unique index person_team_name on person (team, name), and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_index(
        "person",
        op.index("person_team_name", ["team", "name"], unique=True),
    ),
    # data-loss: the values of person.team are lost; a rollback brings it back empty
    op.drop_column("person", op.column("team", "INT", null=True)),
]
