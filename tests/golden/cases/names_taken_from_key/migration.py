"""Create table mail (id, text), and 4 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_foreign_key("pet", op.foreign_key("owner_id", "owner", "email")),
    op.drop_unique("owner", op.unique("email", name="mail")),
    op.create_table(
        "mail",
        op.column("id", "AUTO"),
        op.column("text", "VARCHAR(80)"),
        op.primary_key("id"),
    ),
    # guard: stops if two rows of owner have the same email
    op.add_primary_key("owner", op.primary_key("email")),
    # guard: stops if pet.owner_id refers to rows that owner lacks
    op.add_foreign_key("pet", op.foreign_key("owner_id", "owner", "email")),
]
