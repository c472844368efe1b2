"""Rename column person.a to b, and 2 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # data-loss: the values of person.b are lost; a rollback brings it back empty
    op.drop_column("person", op.column("b", "INT", null=True)),
    # rename: code that still says a breaks
    op.rename_column("person", "a", "b"),
    op.rename_index("person", "person_a", "person_b"),
]
