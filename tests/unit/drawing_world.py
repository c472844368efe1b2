"""A schema before and after a migration."""

from peewee_mig import op
from peewee_mig.operations import replay
from peewee_mig.schema.schema import Schema

BEFORE = replay(
    [
        op.create_object(op.enum("mood", "sad", "it's ok")),
        op.create_table(
            "team",
            op.column("id", "AUTO"),
            op.column("name", "VARCHAR(80)"),
            op.column("lead_id", "INT", null=True),
            op.primary_key("id"),
        ),
        op.create_table(
            "human",
            op.column("id", "AUTO"),
            op.column("surname", "VARCHAR(80)"),
            op.column("fax", "VARCHAR(40)", null=True),
            op.column("email", "VARCHAR(180)"),
            op.column("team_id", "INT"),
            op.column("boss_id", "INT", null=True),
            op.primary_key("id"),
            op.index("human_email", "email", unique=True),
            op.foreign_key("team_id", "team", "id"),
            op.foreign_key("boss_id", "human", "id"),
        ),
        op.create_table("visit", op.column("at", "DATETIME"), op.column("human_id", "INT")),
        op.create_table("alone", op.column("price", "DECIMAL(10, 2)", default="5")),
        op.create_object(op.view("names", 'SELECT "name" FROM "team"', needs=["team"])),
    ],
    Schema(),
)
OPERATIONS = (
    op.rename_table("human", "person"),
    op.rename_column("person", "surname", "family_name"),
    op.drop_column("person", op.column("fax", "VARCHAR(40)", null=True)),
    op.alter_column(
        "person", old=op.column("email", "VARCHAR(180)"), new=op.column("email", "TEXT", null=True)
    ),
    op.create_index("person", op.index("person_names", ["family_name", "team_id"], unique=True)),
    op.add_check("person", op.check("\"email\" <> 'it''s'", name="person_email")),
    op.add_foreign_key("team", op.foreign_key("lead_id", "person", "id", on_delete="SET NULL")),
    op.drop_foreign_key("person", op.foreign_key("boss_id", "person", "id")),
    op.drop_table("visit", op.column("at", "DATETIME"), op.column("human_id", "INT")),
    op.create_table(
        "badge",
        op.column("person_id", "INT"),
        op.column("code", "CHAR(8)"),
        op.primary_key("person_id"),
        op.unique("code"),
        op.foreign_key("person_id", "person", "id", on_delete="CASCADE"),
    ),
    op.drop_object(op.view("names", 'SELECT "name" FROM "team"', needs=["team"])),
    op.create_object(
        op.trigger("touched", "team", create={"sqlite": "C"}, drop={"sqlite": "D"}, needs=[])
    ),
)
AFTER = replay(OPERATIONS, BEFORE)
