"""Change column person_role_through.role_id from INT NOT NULL to BIGINT NOT NULL, and 1
more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.alter_column(
        "person_role_through",
        old=op.column("role_id", "INT"),
        new=op.column("role_id", "BIGINT"),
    ),
    op.alter_column(
        "role",
        old=op.column("id", "AUTO"),
        new=op.column("id", "BIGAUTO"),
    ),
]
