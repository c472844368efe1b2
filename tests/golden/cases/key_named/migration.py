"""Change foreign key person (city_id) from city (id) named lives_in to city (id) named
person_city_fk.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_foreign_key(
        "person",
        old=op.foreign_key("city_id", "city", "id", name="lives_in"),
        new=op.foreign_key("city_id", "city", "id", name="person_city_fk"),
    ),
]
