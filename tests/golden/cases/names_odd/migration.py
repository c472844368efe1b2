"""Add column tâble `with` 'all'.größe; -- 東京 TEXT NOT NULL; existing rows get '50 % –
'naïve' \\\\', and 7 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_index(
        "tâble `with` 'all'",
        op.index("odd_aquotedname", 'a "quoted" name'),
    ),
    op.alter_column(
        "tâble `with` 'all'",
        old=op.column('a "quoted" name', "VARCHAR(20)"),
        new=op.column('a "quoted" name', "VARCHAR(40)"),
    ),
    op.alter_column(
        "tâble `with` 'all'",
        old=op.column("100 % of %s", "INT", null=True),
        new=op.column("100 % of %s", "INT"),
        fill=0,
    ),
    op.add_column(
        "tâble `with` 'all'",
        op.column("größe; -- 東京", "TEXT"),
        fill="50 % – 'naïve' \\",
    ),
    op.add_column("tâble `with` 'all'", op.column("a`b", "INT", null=True)),
    # guard: stops if two rows of tâble `with` 'all' have the same a "quoted" name
    op.create_index(
        "tâble `with` 'all'",
        op.index("odd_aquotedname", 'a "quoted" name', unique=True),
    ),
    op.create_index("tâble `with` 'all'", op.index("odd_ab", "a`b")),
    op.add_foreign_key(
        "tâble `with` 'all'",
        op.foreign_key("a`b", "tâble `with` 'all'", "id"),
    ),
]
