"""Copy account.motto to profile.motto by profile.account_id = account.id, and 7 more
operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.drop_index("account", op.index("account_motto", "motto")),
    op.add_column("profile", op.column("motto", "VARCHAR(255)"), fill=op.empty()),
    op.add_column("profile", op.column("last_seen", "INT", null=True)),
    # guard: stops if profile.account_id refers to rows that account lacks
    # guard: stops if account.motto has values of rows that have none in profile: no row
    #   takes them
    op.copy_values(
        "profile",
        "motto",
        source="account",
        source_column="motto",
        on={"account_id": "id"},
    ),
    # guard: stops if account.seen has values of rows that have none in profile: no row
    #   takes them
    op.copy_values(
        "profile",
        "last_seen",
        source="account",
        source_column="seen",
        on={"account_id": "id"},
    ),
    op.create_index("profile", op.index("profile_motto", "motto")),
    op.drop_column("account", op.column("motto", "VARCHAR(255)")),
    op.drop_column("account", op.column("seen", "INT", null=True)),
]
