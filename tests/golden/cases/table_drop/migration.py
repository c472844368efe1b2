"""Drop table note (id, text).

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # data-loss: the rows of note are lost; a rollback brings it back empty
    op.drop_table(
        "note",
        op.column("id", "AUTO"),
        op.column("text", "TEXT"),
        op.primary_key("id"),
    ),
]
