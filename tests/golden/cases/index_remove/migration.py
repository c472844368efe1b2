"""Drop index person_name_team on person (name, team), and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_index("person", op.index("person_name_team", ["name", "team"])),
    op.drop_index("person", op.index("person_team", "team")),
]
