"""Add column person.locale VARCHAR(5) NOT NULL; existing rows get 'en', and 5 more
operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column("person", op.column("locale", "VARCHAR(5)"), fill="en"),
    op.add_column("person", op.column("active", "BOOL"), fill=True),
    op.add_column("person", op.column("rank", "INT"), fill=-1),
    op.add_column("person", op.column("share", "DECIMAL(6, 2)"), fill="0"),
    op.add_column("person", op.column("settings", "JSON"), fill="{}"),
    op.add_column("person", op.column("quoted", "TEXT"), fill='it\'s 100% \\ "so"'),
]
