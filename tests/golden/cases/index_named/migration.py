"""Create index by_name on person (name, team).

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.create_index("person", op.index("by_name", ["name", "team"], named=True)),
]
