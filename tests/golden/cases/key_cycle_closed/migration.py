"""Add column city.mayor_id INT NULL, and 2 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column("city", op.column("mayor_id", "INT", null=True)),
    op.create_index("city", op.index("city_mayor_id", "mayor_id")),
    op.add_foreign_key("city", op.foreign_key("mayor_id", "person", "id")),
]
