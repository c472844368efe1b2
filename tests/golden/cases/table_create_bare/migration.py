"""Create table anything (id, value).

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.create_table(
        "anything",
        op.column("id", "AUTO"),
        op.column("value", "BARE", null=True),
        op.primary_key("id"),
    ),
]
