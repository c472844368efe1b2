"""Operations on every kind of object with every attribute, for codec, render and names."""

from peewee_mig import op

PLAIN = op.column("id", "AUTO")
COLUMNS = (
    op.column("price", "DECIMAL(10, 2)", default="5", options=["ZEROFILL", "UNSIGNED"]),
    op.column("name", "citext", null=True, collation="de_DE", comment="it's 'called'"),
    op.column("tags", "VARCHAR(40)[]", default="'{}'"),
    op.column("twice", "INT", computed='"price" * 2', stored=True),
    op.column("half", "INT", null=True, computed='"price" / 2'),
    op.column("number", "BIGINT", sequence="numbers", comment=""),
)
INDEXES = (
    op.index(
        "item_search",
        parts=['lower("name")', '"price" DESC'],
        unique=True,
        named=True,
        where='"price" > 0',
        using="gin",
        include=["tags", "number"],
        nulls_distinct=False,
        options=["fillfactor=70"],
    ),
    op.index("item_hash", "price", using="hash"),
)
FOREIGN_KEY = op.foreign_key(
    "number", "billing.invoice", "id", name="paid", deferrable="INITIALLY DEFERRED"
)
CHECKS = (op.check('"price" >= 0', name="price_pos"), op.check("\"name\" <> 'it''s'"))
UNIQUES = (
    op.unique("price", "name", name="u", deferrable="INITIALLY IMMEDIATE", nulls_distinct=False),
    op.unique("number", conflict="REPLACE"),
)
EXCLUSIONS = (
    op.exclusion('USING gist ("number" WITH =)', name="apart"),
    op.exclusion('USING gist ("price" WITH &&)'),
)
OPTIONS = op.options("STRICT", "WITHOUT ROWID", comment="what is sold")
PARTS = (*COLUMNS, *INDEXES, FOREIGN_KEY, *CHECKS, *UNIQUES, *EXCLUSIONS)

VIEW = op.view("reports.cheap", 'SELECT "name" FROM "item" WHERE "name" <> \'\'', needs=["item"])
STORED_VIEW = op.view("stored", "SELECT 1", materialized=True)
VIRTUAL_TABLE = op.virtual_table("search", "fts5", "name", "tokenize = 'porter'")
SEQUENCE = op.sequence("billing.numbers")
ENUM = op.enum("mood", "sad", "it's ok")
FUNCTION = op.function(
    "touch", create={"postgres": "CREATE FUNCTION touch() …\n  $$ \t x $$"}, drop={"postgres": "D"}
)
TRIGGER = op.trigger(
    "touched",
    "item",
    create={"sqlite": "CREATE TRIGGER …", "mysql": 'CREATE TRIGGER "…"'},
    drop="DROP TRIGGER touched",
    needs=["touch", "item"],
)
EXTENSION = op.extension(
    "hstore", create={"postgres": "C"}, drop={"postgres": "D"}, needs=["grants"]
)
RAW = op.raw_object("grants", create="GRANT …", drop="REVOKE …", needs=["item"])
OBJECTS = {
    "view": VIEW,
    "virtual_table": VIRTUAL_TABLE,
    "sequence": SEQUENCE,
    "enum": ENUM,
    "function": FUNCTION,
    "trigger": TRIGGER,
    "extension": EXTENSION,
    "object": RAW,
}

CHANGES = {
    "view": (VIEW, op.view("reports.cheap", "SELECT 1")),
    "enum": (ENUM, op.enum("mood", "sad")),
    "function": (FUNCTION, op.function("touch", create="C", drop="D", needs="item")),
    "trigger": (TRIGGER, op.trigger("touched", "item", create="C", drop="D")),
    "extension": (EXTENSION, op.extension("hstore", create="C", drop="D")),
    "object": (RAW, op.raw_object("grants", create="C", drop="D")),
}

ROWS = op.rows(
    ["name", "tags"],
    [
        {"name": "it's", "tags": "{}", "price": 1.5, "number": op.ref("a", "b", {"c": True})},
        {"name": "b", "tags": "{x}", "price": None, "number": op.empty()},
    ],
)
TABLE = op.create_table(
    "shop.item",
    PLAIN,
    *PARTS,
    op.primary_key("id", name="item_key", conflict="FAIL"),
    OPTIONS,
    ROWS,
)

#: Word -> an operation of it.
OPERATIONS = {
    "create_table": TABLE,
    "drop_table": op.drop_table("shop.item", PLAIN, *PARTS, OPTIONS, ROWS),
    "insert_rows": op.insert_rows("item", "name", [{"name": "a", "raw": b"\0'"}], over=True),
    "update_rows": op.update_rows("item", "name", [({"name": "a"}, {"name": "b", "n": 1})]),
    "delete_rows": op.delete_rows("item", ["name"], [{"name": "a", "n": 10**12}]),
    "change_row_key": op.change_row_key("item", old="name", new=["name", "tags"]),
    "add_check": op.add_check("item", CHECKS[0]),
    "drop_check": op.drop_check("item", CHECKS[1]),
    "add_unique": op.add_unique("item", UNIQUES[0]),
    "drop_unique": op.drop_unique("item", UNIQUES[1]),
    "add_exclusion": op.add_exclusion("item", EXCLUSIONS[0]),
    "drop_exclusion": op.drop_exclusion("item", EXCLUSIONS[1]),
    "alter_options": op.alter_options("item", old=op.options(), new=OPTIONS),
    "alter_column": op.alter_column("item", old=COLUMNS[0], new=op.column("price", "INT")),
    "create_index": op.create_index("item", INDEXES[0]),
    "add_foreign_key": op.add_foreign_key("item", FOREIGN_KEY),
    **{f"create_{kind}": op.create_object(thing) for kind, thing in OBJECTS.items()},
    **{f"drop_{kind}": op.drop_object(thing) for kind, thing in OBJECTS.items()},
    **{f"alter_{kind}": op.alter_object(old=old, new=new) for kind, (old, new) in CHANGES.items()},
}
