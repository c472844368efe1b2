"""Change column city.country_id from VARCHAR(2) NOT NULL to VARCHAR(3) NOT NULL, and 1
more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_column(
        "city",
        old=op.column("country_id", "VARCHAR(2)"),
        new=op.column("country_id", "VARCHAR(3)"),
    ),
    op.alter_column(
        "country",
        old=op.column("code", "VARCHAR(2)"),
        new=op.column("code", "VARCHAR(3)"),
    ),
]
