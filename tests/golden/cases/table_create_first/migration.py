"""Create 2 tables: organization, person.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on: list[str] = []

operations = [
    op.create_table(
        "organization",
        op.column("id", "AUTO"),
        op.column("name", "VARCHAR(255)"),
        op.primary_key("id"),
        op.index("organization_name", "name", unique=True),
    ),
    op.create_table(
        "person",
        op.column("id", "AUTO"),
        op.column("organization_id", "INT"),
        op.column("manager_id", "INT", null=True),
        op.column("email", "VARCHAR(255)"),
        op.primary_key("id"),
        op.index("person_email", "email"),
        op.index("person_manager_id", "manager_id"),
        op.index("person_organization_id", "organization_id"),
        op.index(
            "person_organization_id_email",
            ["organization_id", "email"],
            unique=True,
        ),
        op.foreign_key("manager_id", "person", "id", on_delete="SET NULL"),
        op.foreign_key("organization_id", "organization", "id", on_delete="CASCADE"),
    ),
]
