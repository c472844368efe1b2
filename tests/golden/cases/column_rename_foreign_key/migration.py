"""Rename column person.city_id to town_id, and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # rename: code that still says city_id breaks
    op.rename_column("person", "city_id", "town_id"),
    op.rename_index("person", "person_city_id", "person_town_id"),
]
