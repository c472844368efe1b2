"""Create unique index asset_assignment_open on asset_assignment (asset_id) WHERE
('returned_at' IS NULL), and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0011_let_the_database_default_states_and_times"]

operations = [
    # guard: stops if two rows of asset_assignment have the same asset_id where
    #   ("returned_at" IS NULL)
    op.create_index(
        "asset_assignment",
        op.index(
            "asset_assignment_open",
            "asset_id",
            unique=True,
            named=True,
            where='("returned_at" IS NULL)',
        ),
    ),
    op.create_index(
        "person",
        op.index("person_lower_email", named=True, parts=['LOWER("email")']),
    ),
]
