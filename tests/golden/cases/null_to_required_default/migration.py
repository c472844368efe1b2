"""Change column person.value from INT NULL to INT NOT NULL; rows with NULL get 5.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_column(
        "person",
        old=op.column("value", "INT", null=True),
        new=op.column("value", "INT"),
        fill=5,
    ),
]
