"""Create table person_role_through (id, person_id, role_id).

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.create_table(
        "person_role_through",
        op.column("id", "AUTO"),
        op.column("person_id", "INT"),
        op.column("role_id", "INT"),
        op.primary_key("id"),
        op.index("personrolethrough_person_id", "person_id"),
        op.index(
            "personrolethrough_person_id_role_id",
            ["person_id", "role_id"],
            unique=True,
        ),
        op.index("personrolethrough_role_id", "role_id"),
        op.foreign_key("person_id", "person", "id"),
        op.foreign_key("role_id", "role", "id"),
    ),
]
