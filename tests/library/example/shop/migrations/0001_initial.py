"""Create 2 tables: category, product.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on: list[str] = []

operations = [
    op.create_table(
        "category",
        op.column("id", "AUTO"),
        op.column("name", "VARCHAR(50)"),
        op.primary_key("id"),
        op.index("category_name", "name", unique=True),
    ),
    op.create_table(
        "product",
        op.column("id", "AUTO"),
        op.column("category_id", "INT"),
        op.column("name", "VARCHAR(100)"),
        op.column("price", "INT"),
        op.primary_key("id"),
        op.index("product_category_id", "category_id"),
        op.foreign_key("category_id", "category", "id"),
    ),
]
