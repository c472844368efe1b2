"""Add column person.nickname VARCHAR(255) NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column("person", op.column("nickname", "VARCHAR(255)", null=True)),
]
