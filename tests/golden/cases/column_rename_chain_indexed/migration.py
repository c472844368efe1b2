"""Rename column person.a to b, and 4 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_index("person", op.index("person_b", "b", unique=True)),
    # data-loss: the values of person.b are lost; a rollback brings it back empty
    op.drop_column("person", op.column("b", "INT", null=True)),
    # rename: code that still says a breaks
    op.rename_column("person", "a", "b"),
    # rename: code that still says c breaks
    op.rename_column("person", "c", "a"),
    # guard: stops if two rows of person have the same c
    op.create_index("person", op.index("person_a", "a", unique=True)),
]
