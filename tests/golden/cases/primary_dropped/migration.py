"""Drop column event.id AUTO NOT NULL, and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_primary_key("event", op.primary_key("id")),
    # data-loss: the values of event.id are lost; a rollback brings it back empty
    op.drop_column("event", op.column("id", "AUTO")),
]
