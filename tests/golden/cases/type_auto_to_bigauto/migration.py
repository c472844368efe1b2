"""Change column note.person_id from INT NOT NULL to BIGINT NOT NULL, and 2 more
operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_column(
        "note",
        old=op.column("person_id", "INT"),
        new=op.column("person_id", "BIGINT"),
    ),
    op.alter_column(
        "person",
        old=op.column("id", "AUTO"),
        new=op.column("id", "BIGAUTO"),
    ),
    op.alter_column(
        "person",
        old=op.column("boss_id", "INT", null=True),
        new=op.column("boss_id", "BIGINT", null=True),
    ),
]
