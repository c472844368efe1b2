"""Drop foreign key person (home_id) to city (id), and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_foreign_key("person", op.foreign_key("home_id", "city", "id")),
    # guard: stops if person.home_id refers to rows that village lacks
    # retarget: rows keep person.home_id: a value that referred to city (id) refers to
    #   village (id), be it another row
    op.add_foreign_key("person", op.foreign_key("home_id", "village", "id")),
]
