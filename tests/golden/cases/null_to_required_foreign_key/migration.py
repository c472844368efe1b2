"""Change column person.city_id from INT NULL to INT NOT NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # guard: stops if person has rows without city_id (no value is given)
    op.alter_column(
        "person",
        old=op.column("city_id", "INT", null=True),
        new=op.column("city_id", "INT"),
    ),
]
