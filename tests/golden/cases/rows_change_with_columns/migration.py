"""Drop column role.remark TEXT NULL, and 12 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.delete_rows(
        "rolepermission",
        ["role_id", "permission_id"],
        [
            {
                "role_id": op.ref("role", "id", {"name": "guest"}),
                "permission_id": op.ref("permission", "code", {"code": "read"}),
            },
        ],
    ),
    # guard: stops if person.role_id refers to reference rows of role that go
    # guard: stops if rolepermission.role_id refers to reference rows of role that go
    op.delete_rows(
        "role",
        "name",
        [
            {"name": "guest"},
        ],
    ),
    op.update_rows(
        "role",
        "name",
        [
            ({"name": "admin", "remark": "all of it"}, {"name": "admin"}),
            ({"name": "editor", "remark": None}, {"name": "editor"}),
        ],
    ),
    op.add_column("role", op.column("rank", "INT"), fill=1),
    op.add_column("role", op.column("parent_id", "INT", null=True)),
    op.create_index("role", op.index("role_parent_id", "parent_id")),
    # data-loss: the values of role.remark are lost; a rollback brings it back empty
    op.drop_column("role", op.column("remark", "TEXT", null=True)),
    op.update_rows(
        "role",
        "name",
        [
            ({"name": "admin"}, {"name": "admin", "rank": 9}),
        ],
    ),
    op.insert_rows(
        "permission",
        "code",
        [
            {"code": "publish"},
        ],
    ),
    # guard: stops if role lacks reference rows that others refer to: admin
    op.insert_rows(
        "role",
        "name",
        [
            {
                "name": "author",
                "parent_id": op.ref("role", "id", {"name": "admin"}),
                "rank": 1,
            },
        ],
    ),
    op.insert_rows(
        "rolepermission",
        ["role_id", "permission_id"],
        [
            {
                "role_id": op.ref("role", "id", {"name": "author"}),
                "permission_id": op.ref("permission", "code", {"code": "publish"}),
            },
        ],
    ),
    op.update_rows(
        "role",
        "name",
        [
            (
                {"name": "editor"},
                {
                    "name": "editor",
                    "parent_id": op.ref("role", "id", {"name": "author"}),
                    "rank": 1,
                },
            ),
        ],
    ),
    op.add_foreign_key("role", op.foreign_key("parent_id", "role", "id")),
]
