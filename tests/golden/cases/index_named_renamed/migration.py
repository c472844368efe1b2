"""Drop index by_name on person (name, team), and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_index("person", op.index("by_name", ["name", "team"], named=True)),
    op.create_index(
        "person",
        op.index("by_name_and_team", ["name", "team"], named=True),
    ),
]
