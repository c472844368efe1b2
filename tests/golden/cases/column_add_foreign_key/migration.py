"""Create table city (id, name), and 3 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.create_table(
        "city",
        op.column("id", "AUTO"),
        op.column("name", "TEXT"),
        op.primary_key("id"),
    ),
    op.add_column("person", op.column("city_id", "INT", null=True)),
    op.create_index("person", op.index("person_city_id", "city_id")),
    op.add_foreign_key(
        "person",
        op.foreign_key("city_id", "city", "id", on_delete="SET NULL"),
    ),
]
