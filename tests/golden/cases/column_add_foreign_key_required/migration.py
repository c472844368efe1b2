"""Add column person.city_id INT NOT NULL; existing rows get 4, and 2 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column("person", op.column("city_id", "INT"), fill=4),
    op.create_index("person", op.index("person_city_id", "city_id")),
    # guard: stops if person.city_id refers to rows that city lacks
    op.add_foreign_key(
        "person",
        op.foreign_key("city_id", "city", "id", on_delete="RESTRICT"),
    ),
]
