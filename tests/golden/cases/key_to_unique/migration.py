"""Add column city.country_id VARCHAR(2) NULL, and 3 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column("city", op.column("country_id", "VARCHAR(2)", null=True)),
    op.create_index("city", op.index("city_country_id", "country_id")),
    # guard: stops if two rows of country have the same code
    op.create_index("country", op.index("country_code", "code", unique=True)),
    op.add_foreign_key("city", op.foreign_key("country_id", "country", "code")),
]
