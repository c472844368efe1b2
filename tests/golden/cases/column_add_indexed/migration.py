"""Add column person.team INT NOT NULL; existing rows get 0, and 2 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column("person", op.column("team", "INT"), fill=0),
    op.create_index("person", op.index("person_team", "team")),
    op.create_index("person", op.index("person_team_name", ["team", "name"])),
]
