"""Drop foreign key city (country_id) to country (id), and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_foreign_key("city", op.foreign_key("country_id", "country", "id")),
    # guard: stops if city.country_id refers to rows that country lacks
    # retarget: rows keep city.country_id: a value that referred to country (id) refers
    #   to country (number), be it another row
    op.add_foreign_key("city", op.foreign_key("country_id", "country", "number")),
]
