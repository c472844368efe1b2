"""Create index person_city_id on person (city_id), and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.create_index("person", op.index("person_city_id", "city_id")),
    # guard: stops if person.city_id refers to rows that city lacks
    op.add_foreign_key("person", op.foreign_key("city_id", "city", "id")),
]
