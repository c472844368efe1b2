"""Create unique index person_organization_id_email on person (organization_id, email).

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0005_require_a_locale"]

operations = [
    # guard: stops if two rows of person have the same organization_id, email
    op.create_index(
        "person",
        op.index(
            "person_organization_id_email",
            ["organization_id", "email"],
            unique=True,
        ),
    ),
]
