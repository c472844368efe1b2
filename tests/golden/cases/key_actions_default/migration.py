"""Change foreign key person (city_id) from city (id) ON DELETE CASCADE ON UPDATE SET
DEFAULT to city (id).

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_foreign_key(
        "person",
        old=op.foreign_key(
            "city_id",
            "city",
            "id",
            on_delete="CASCADE",
            on_update="SET DEFAULT",
        ),
        new=op.foreign_key("city_id", "city", "id"),
    ),
]
