"""Create table badge (id, person_id, code).

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.create_table(
        "badge",
        op.column("id", "AUTO"),
        op.column("person_id", "INT"),
        op.column("code", "VARCHAR(12)"),
        op.primary_key("id"),
        op.index("badge_person_id", "person_id", unique=True),
        op.foreign_key(
            "person_id",
            "person",
            "id",
            on_delete="CASCADE",
            on_update="CASCADE",
        ),
    ),
]
