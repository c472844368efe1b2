"""Create 2 tables: member, team.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.create_table(
        "member",
        op.column("id", "AUTO"),
        op.column("team_id", "INT"),
        op.column("person_id", "INT"),
        op.primary_key("id"),
        op.index("member_person_id", "person_id"),
        op.index("member_team_id", "team_id"),
        op.foreign_key("person_id", "person", "id"),
    ),
    op.create_table(
        "team",
        op.column("id", "AUTO"),
        op.column("name", "TEXT"),
        op.column("lead_id", "INT", null=True),
        op.primary_key("id"),
        op.index("team_lead_id", "lead_id"),
        op.foreign_key("lead_id", "member", "id", on_delete="SET NULL"),
    ),
    op.add_foreign_key(
        "member",
        op.foreign_key("team_id", "team", "id", on_delete="CASCADE"),
    ),
]
