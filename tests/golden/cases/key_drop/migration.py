"""Drop foreign key person (city_id) to city (id).

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_foreign_key("person", op.foreign_key("city_id", "city", "id")),
]
