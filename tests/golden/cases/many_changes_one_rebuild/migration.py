"""Rename column person.b to bb, and 9 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_index("person", op.index("person_b", "b")),
    # rename: code that still says b breaks
    op.rename_column("person", "b", "bb"),
    op.alter_column(
        "person",
        old=op.column("a", "INT", null=True),
        new=op.column("a", "BIGINT"),
        fill=0,
    ),
    op.alter_column(
        "person",
        old=op.column("bb", "VARCHAR(10)"),
        new=op.column("bb", "VARCHAR(20)"),
    ),
    op.add_column("person", op.column("d", "BOOL"), fill=False),
    op.add_column("person", op.column("boss_id", "INT", null=True)),
    # guard: stops if two rows of person have the same b
    op.create_index("person", op.index("person_bb", "bb", unique=True)),
    op.create_index("person", op.index("person_boss_id", "boss_id")),
    op.add_foreign_key("person", op.foreign_key("boss_id", "person", "id")),
    # data-loss: the values of person.c are lost; a rollback brings it back empty
    op.drop_column("person", op.column("c", "TEXT", null=True)),
]
