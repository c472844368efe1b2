"""Change foreign key team (lead_id) from member (id) to member (id) ON DELETE SET NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_foreign_key(
        "team",
        old=op.foreign_key("lead_id", "member", "id"),
        new=op.foreign_key("lead_id", "member", "id", on_delete="SET NULL"),
    ),
]
