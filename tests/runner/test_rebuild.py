"""What a rebuild must carry over, and what it must refuse to lose."""

import sqlite3

import pytest
from runner_world import PEOPLE, PETS, WIDEN

from peewee_mig.errors import FailedError, MigError, RefusedError

REQUIRE_AGE = """op.alter_column(
    "people", old=op.column("age", "INT", null=True), new=op.column("age", "INT"), fill=0
)"""
DROP_AGE = 'op.drop_column("people", op.column("age", "INT", null=True))'
DROP_AND_WIDEN = (DROP_AGE, WIDEN)
DOCS = """op.create_table(
    "docs",
    op.column("code", "VARCHAR(10)"),
    op.column("text", "VARCHAR(255)"),
    op.primary_key("code"),
)"""
RENAME_AGE = 'op.rename_column("people", "age", "years")'
LOGS = 'op.create_table("logs", op.column("text", "TEXT"))'


@pytest.fixture
def two(world):
    world.write((PEOPLE, LOGS), PETS)
    world.migrate()
    world.sql(
        "INSERT INTO people VALUES (1, 'a', 10), (2, 'b', NULL)",
        "INSERT INTO pets VALUES (1, 1), (2, 2), (3, NULL)",
    )
    return world


def remake(world, table, change):
    """Make a table again by hand, from its own text, with its rows and indexes."""
    made = world.sql(f"SELECT sql FROM sqlite_master WHERE tbl_name = '{table}' AND sql > ''")
    old, new = made[0][0], change(made[0][0])
    assert old != new
    connection = world.connect()
    rows = connection.execute(f"SELECT * FROM {table}").fetchall()
    connection.execute(f"DROP TABLE {table}")
    connection.execute(new)
    for (index,) in made[1:]:
        connection.execute(index)
    for row in rows:
        connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    connection.close()


def after(old, new):
    return lambda text: text.replace(old, new)


def refused(world, *operations, match):
    """Migrate; the run must be refused, say how to go on, and change nothing."""
    before = world.dump()
    world.write(operations)
    with pytest.raises(MigError, match=match) as caught:
        world.migrate()
    assert caught.value.hint
    assert caught.value.where
    assert caught.value.committed == "nothing was changed"
    assert world.dump() == before
    return caught.value


def objects(world, kind):
    rows = world.sql(f"SELECT name, sql FROM sqlite_master WHERE type = '{kind}' ORDER BY name")
    return dict(rows)


def test_child_rows_survive_the_rebuild_of_their_parent_with_foreign_keys_on(two):
    (two.folder / "app_on.py").write_text(
        "import peewee\n"
        f"db = peewee.SqliteDatabase({str(two.file)!r}, pragmas={{'foreign_keys': 1}})\n"
    )
    two.url = "app_on:db"
    two.write(WIDEN, REQUIRE_AGE)
    two.migrate()
    assert two.sql("SELECT * FROM pets") == [(1, 1), (2, 2), (3, None)]
    assert two.sql("SELECT * FROM people") == [(1, "a", 10), (2, "b", 0)]
    two.sql("PRAGMA foreign_keys = ON", "DELETE FROM people WHERE id = 1")
    assert two.sql("SELECT id FROM pets") == [(2,), (3,)]


def test_triggers_views_and_hand_made_indexes_survive(two):
    two.sql(
        "CREATE TRIGGER own AFTER INSERT ON people BEGIN INSERT INTO logs VALUES (new.name); END",
        "CREATE TRIGGER old_name AFTER UPDATE OF name ON people BEGIN"
        " INSERT INTO logs VALUES (old.name); END",
        "CREATE TRIGGER other AFTER INSERT ON pets BEGIN"
        " UPDATE people SET age = 99 WHERE id = new.owner_id; END",
        "CREATE VIEW names AS SELECT id, name FROM people",
        "CREATE VIEW owners AS SELECT n.name FROM names n JOIN pets ON owner_id = n.id",
        "CREATE TRIGGER instead INSTEAD OF INSERT ON names BEGIN"
        " INSERT INTO people (name) VALUES (new.name); END",
        "CREATE INDEX partial ON people (name) WHERE age > 3",
        "CREATE INDEX expression ON people (lower(name))",
        "CREATE UNIQUE INDEX descending ON people (name DESC, age COLLATE nocase)",
    )
    kinds = ("trigger", "view", "index")
    before = [objects(two, kind) for kind in kinds]
    two.write((WIDEN, REQUIRE_AGE), 'op.rename_column("logs", "text", "body")')
    two.migrate("0003")
    assert [objects(two, kind) for kind in kinds] == before
    two.migrate()
    two.sql("INSERT INTO people VALUES (3, 'c', 0)", "INSERT INTO pets VALUES (4, 3)")
    two.sql("UPDATE people SET name = 'C' WHERE id = 3")
    assert two.sql("SELECT body FROM logs") == [("c",), ("c",)]
    assert two.sql("SELECT age FROM people WHERE id = 3") == [(99,)]
    assert two.sql("SELECT name FROM owners ORDER BY 1") == [("C",), ("a",), ("b",)]


def test_clauses_written_by_hand_survive(two):
    remake(
        two,
        "people",
        lambda text: text.replace(
            '"name" VARCHAR(255) NOT NULL',
            "\"name\" VARCHAR(255) DEFAULT ('x, (' || 'y') NOT NULL COLLATE NOCASE"
            " CHECK (name <> ',') /* a, comment ( */",
        ).replace(
            '"age" INTEGER',
            "[age] INTEGER DEFAULT -1 CONSTRAINT grown CHECK (age < 200), -- years, (whole)\n"
            " CONSTRAINT both CHECK (age <> id), UNIQUE (name, age) ON CONFLICT IGNORE",
        ),
    )
    two.write(REQUIRE_AGE)
    two.migrate()
    two.sql(
        "INSERT INTO people DEFAULT VALUES",
        "INSERT INTO people (name, age) VALUES ('A', 10)",  # is ignored
    )
    rows = [("a", 10), ("b", 0), ("x, (y", -1)]
    assert two.sql("SELECT name, age FROM people") == rows
    for bad in ("(9, ',', 1)", "(9, 'z', 200)", "(9, 'z', 9)", "(9, 'z', NULL)"):
        with pytest.raises(sqlite3.IntegrityError):
            two.sql(f"INSERT INTO people VALUES {bad}")


@pytest.fixture
def unique(world):
    world.write(
        """op.create_table(
            "codes",
            op.column("id", "AUTO"),
            op.column("code", "TEXT"),
            op.column("count", "INT", null=True),
            op.primary_key("id"),
            op.unique("code"),
        )"""
    )
    world.migrate()
    return world


def test_what_somebody_wrote_behind_a_constraint_of_ours_goes_on_with_it(unique):
    remake(
        unique,
        "codes",
        lambda text: text.replace(
            '"code" TEXT NOT NULL', '"code" TEXT NOT NULL ON CONFLICT IGNORE'
        ).replace('UNIQUE ("code")', 'UNIQUE ("code") ON CONFLICT REPLACE'),
    )
    unique.write(
        """op.alter_column("codes", old=op.column("count", "INT", null=True),
           new=op.column("count", "INT", null=True, default="1"))"""
    )
    unique.migrate()
    unique.sql("INSERT INTO codes (code) VALUES ('x'), (NULL), ('x')")
    assert unique.sql("SELECT * FROM codes") == [(2, "x", 1)]
    unique.write('op.drop_unique("codes", op.unique("code"))')
    unique.write(
        """op.alter_column("codes", old=op.column("code", "TEXT"),
           new=op.column("code", "TEXT", null=True))"""
    )
    unique.migrate()
    unique.sql("INSERT INTO codes (code) VALUES ('x'), (NULL)")
    assert len(unique.sql("SELECT * FROM codes")) == 3


def test_what_is_declared_of_a_row_in_the_way_takes_the_place_of_what_was_written(unique):
    remake(unique, "codes", after('UNIQUE ("code")', 'UNIQUE ("code") ON CONFLICT REPLACE'))
    unique.write((
        'op.drop_unique("codes", op.unique("code"))',
        'op.add_unique("codes", op.unique("code", conflict="IGNORE"))',
        """op.alter_column("codes", old=op.column("code", "TEXT"),
           new=op.column("code", "TEXT", options=["ON CONFLICT IGNORE"]))""",
    ))  # fmt: skip
    unique.migrate()
    unique.sql("INSERT INTO codes (code, count) VALUES ('x', 1), (NULL, 2), ('x', 3)")
    assert unique.sql("SELECT code, count FROM codes") == [("x", 1)]


def test_a_copy_loses_no_row_to_what_is_declared_of_a_row_in_the_way(unique):
    unique.sql("INSERT INTO codes (code) VALUES ('x'), ('X')")
    unique.write((
        """op.alter_column("codes", old=op.column("code", "TEXT"),
           new=op.column("code", "TEXT", collation="NOCASE"))""",
        'op.drop_unique("codes", op.unique("code"))',
        'op.add_unique("codes", op.unique("code", conflict="IGNORE"))',
    ))  # fmt: skip
    with pytest.raises(RefusedError):
        unique.migrate()
    assert unique.sql("SELECT code FROM codes") == [("X",), ("x",)]


def test_a_copy_loses_no_row_to_what_somebody_wrote_in_other_spaces(unique):
    remake(
        unique, "codes", after('"count" INTEGER', '"count" INTEGER UNIQUE ON\n CONFLICT REPLACE')
    )
    unique.sql("INSERT INTO codes (code, count) VALUES ('x', 1), ('X', 3)")
    change = """op.alter_column("codes", old=op.column("count", "INT", null=True),
           new=op.column("count", "BIGINT", null=True), using='"count" / 4')"""
    error = refused(unique, change, match="a statement failed")
    assert "UNIQUE constraint failed" in error.original


def test_a_numbering_key_goes_on_with_what_it_says_of_a_row_in_the_way(world):
    world.write(
        """op.create_table("codes", op.column("id", "AUTOINCREMENT"),
            op.column("count", "INT", null=True), op.primary_key("id", conflict="REPLACE"))""",
        """op.alter_column("codes", old=op.column("count", "INT", null=True),
           new=op.column("count", "INT", null=True, default="1"))""",
    )
    world.migrate()
    world.sql("INSERT INTO codes VALUES (1, 1)", "INSERT INTO codes VALUES (1, 2)")
    assert world.sql("SELECT * FROM codes") == [(1, 2)]


def test_a_primary_key_that_says_more_stops_a_rebuild(unique):
    words = "PRIMARY KEY ON CONFLICT REPLACE"
    remake(unique, "codes", after("PRIMARY KEY", words))
    change = """op.alter_column("codes", old=op.column("count", "INT", null=True),
           new=op.column("count", "INT", null=True, default="1"))"""
    error = refused(unique, change, match="would lose what somebody wrote by hand")
    assert isinstance(error, RefusedError)
    assert words in error.message


def test_a_generated_column_over_one_that_goes_is_refused(two):
    remake(two, "people", after('"age" INTEGER', '"age" INTEGER CHECK (age > 0)'))
    two.sql("ALTER TABLE people ADD COLUMN shout TEXT AS (upper(name) || age) VIRTUAL")
    error = refused(two, *DROP_AND_WIDEN, match="age")
    assert isinstance(error, RefusedError)


def test_options_of_a_table_survive(world):
    world.write(
        """op.create_table(
            "codes",
            op.column("code", "TEXT"),
            op.column("count", "INT", null=True),
            op.primary_key("code"),
        )"""
    )
    world.migrate()
    world.sql("INSERT INTO codes VALUES ('x', NULL), ('y', 1)")
    remake(world, "codes", lambda text: f"{text} WITHOUT ROWID, STRICT")
    world.write(
        """op.alter_column(
            "codes", old=op.column("count", "INT", null=True), new=op.column("count", "INT"), fill=0
        )"""
    )
    world.migrate()
    assert world.sql("SELECT * FROM codes") == [("x", 0), ("y", 1)]
    with pytest.raises(sqlite3.OperationalError, match="rowid"):
        world.sql("SELECT rowid FROM codes")
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT value in INTEGER"):
        world.sql("INSERT INTO codes VALUES ('z', 'many')")


@pytest.mark.parametrize("form", ["column", "table"])
@pytest.mark.parametrize("rows_left", [0, 2])
def test_an_autoincrement_counter_goes_on(world, form, rows_left):
    world.write(PEOPLE)
    world.migrate()
    if form == "column":
        remake(world, "people", after("PRIMARY KEY", "PRIMARY KEY AUTOINCREMENT"))
    else:
        remake(
            world,
            "people",
            lambda text: text.replace(" PRIMARY KEY", "").replace(
                "\n)", ",\n  PRIMARY KEY (id AUTOINCREMENT)\n)"
            ),
        )
    world.sql(
        "INSERT INTO people (name) VALUES ('a'), ('b'), ('c'), ('d')",
        f"DELETE FROM people WHERE id > {rows_left}",
    )
    world.write(WIDEN, REQUIRE_AGE)
    world.migrate()
    assert world.sql("SELECT * FROM sqlite_sequence WHERE name = 'people'") == [("people", 4)]
    world.sql("INSERT INTO people (name, age) VALUES ('e', 1)")
    assert world.sql("SELECT max(id) FROM people") == [(5,)]


def test_an_autoincrement_table_that_was_never_used(world):
    world.write(PEOPLE)
    world.migrate()
    remake(world, "people", after("PRIMARY KEY", "PRIMARY KEY AUTOINCREMENT"))
    world.write(WIDEN)
    world.migrate()
    assert "AUTOINCREMENT" in objects(world, "table")["people"]
    assert world.sql("SELECT * FROM sqlite_sequence WHERE name LIKE '%people'") == []


def test_a_full_text_table_still_finds_its_rows(world):
    world.write(
        """op.create_table(
            "texts",
            op.column("slug", "VARCHAR(9)"),
            op.column("body", "TEXT", null=True),
            op.primary_key("slug"),
        )"""
    )
    world.migrate()
    world.sql(
        "INSERT INTO texts VALUES ('a', 'gone'), ('b', 'stays'), ('c', 'remains')",
        "DELETE FROM texts WHERE slug = 'a'",
        "CREATE VIRTUAL TABLE found USING fts5(body, content='texts')",
        "INSERT INTO found (found) VALUES ('rebuild')",
        "CREATE TRIGGER add_text AFTER INSERT ON texts BEGIN"
        " INSERT INTO found (rowid, body) VALUES (new.rowid, new.body); END",
    )
    world.write(
        """op.alter_column(
            "texts", old=op.column("body", "TEXT", null=True), new=op.column("body", "TEXT"),
            fill="",
        )"""
    )
    world.migrate()
    assert world.sql("SELECT slug FROM texts JOIN found ON texts.rowid = found.rowid"
                     " WHERE found MATCH 'stays'") == [("b",)]  # fmt: skip
    world.sql("INSERT INTO texts VALUES ('d', 'more')")
    assert world.sql("SELECT count(*) FROM found WHERE found MATCH 'more'") == [(1,)]


def test_a_table_that_refers_to_itself(world):
    world.write(
        """op.create_table(
            "nodes",
            op.column("id", "AUTO"),
            op.column("parent_id", "INT", null=True),
            op.column("name", "TEXT", null=True),
            op.primary_key("id"),
            op.foreign_key("parent_id", "nodes", "id", on_delete="CASCADE"),
        )"""
    )
    world.migrate()
    world.sql("INSERT INTO nodes VALUES (1, NULL, NULL), (2, 1, 'b'), (3, 2, 'c')")
    world.write(
        """op.alter_column(
            "nodes", old=op.column("name", "TEXT", null=True), new=op.column("name", "TEXT"),
            fill="?",
        )"""
    )
    world.migrate()
    assert world.sql("SELECT * FROM nodes") == [(1, None, "?"), (2, 1, "b"), (3, 2, "c")]
    assert world.sql("SELECT \"table\" FROM pragma_foreign_key_list('nodes')") == [("nodes",)]
    world.sql("PRAGMA foreign_keys = ON", "DELETE FROM nodes WHERE id = 1")
    assert world.sql("SELECT count(*) FROM nodes") == [(0,)]


@pytest.mark.parametrize("place", ["column", "table"])
def test_a_deferrable_key_made_by_hand_survives(two, place):
    two.sql("CREATE UNIQUE INDEX log_text ON logs (text)")
    key = "REFERENCES logs (text) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED"
    text = (
        f'"age" INTEGER {key}' if place == "column" else f'"age" INTEGER, FOREIGN KEY (age) {key}'
    )
    two.sql("UPDATE people SET age = NULL")
    remake(two, "people", after('"age" INTEGER', text))
    two.write(WIDEN)
    two.migrate()
    assert key in objects(two, "table")["people"]


@pytest.mark.parametrize("place", ["column", "table"])
def test_a_known_key_that_was_made_deferrable_by_hand_stays_so(two, place):
    two.write('op.add_column("pets", op.column("name", "TEXT"), fill="x")')
    deferrable = "ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED"
    remake(two, "pets", after("ON DELETE CASCADE", deferrable))
    if place == "column":
        clause = f'FOREIGN KEY ("owner_id") REFERENCES "people" ("id") {deferrable}'
        remake(
            two,
            "pets",
            lambda text: text.replace(f",\n  {clause}", "").replace(
                '"owner_id" INTEGER', f'"owner_id" INTEGER REFERENCES "people" ("id") {deferrable}'
            ),
        )
    two.migrate()
    assert two.sql("SELECT count(*) FROM pets") == [(3,)]
    two.sql("PRAGMA foreign_keys = ON", "BEGIN", "INSERT INTO pets VALUES (9, 9, 'y')",
            "INSERT INTO people VALUES (9, 'z', 1)", "COMMIT")  # fmt: skip
    assert len(two.sql("PRAGMA foreign_key_list(pets)")) == 1


def test_a_column_added_by_hand_is_not_lost(two):
    two.sql("ALTER TABLE people ADD COLUMN nick TEXT", "UPDATE people SET nick = 'n'")
    two.write(WIDEN)
    two.migrate()
    assert two.sql("SELECT name, nick FROM people ORDER BY id") == [
        (name, "n") for (name,) in two.sql("SELECT name FROM people ORDER BY id")
    ]
    two.sql("INSERT INTO people (id, name, age) VALUES (77, 'x', 1)")
    assert two.sql("SELECT nick FROM people WHERE id = 77") == [(None,)]


def test_a_generated_column_added_by_hand_is_kept(two):
    two.sql("ALTER TABLE people ADD COLUMN twice INT AS (id * 2) VIRTUAL CHECK (twice > 0)")
    two.write(WIDEN)
    two.migrate()
    assert two.sql("SELECT DISTINCT twice / id FROM people") == [(2,)]


def test_a_column_added_by_hand_is_not_made_a_second_time(two):
    two.sql("ALTER TABLE people ADD COLUMN Nick TEXT")
    added = 'op.add_column("people", op.column("nick", "TEXT", null=True))'
    refused(two, WIDEN, added, match="columns that the migrations do not know, and this one")


def test_a_column_dropped_by_hand_is_named(two):
    two.sql("ALTER TABLE people DROP COLUMN age")
    refused(two, WIDEN, match="people lacks columns that the migrations made: age")


@pytest.mark.parametrize(
    ("made", "name"),
    [
        ("CREATE VIEW v AS SELECT age FROM people", "v"),
        ('CREATE VIEW v AS SELECT "age" FROM people', "v"),
        ("CREATE VIEW v AS SELECT p.age FROM pets JOIN people AS p ON p.id = owner_id", "v"),
        ("CREATE TRIGGER t AFTER INSERT ON people BEGIN SELECT new.age; END", "t"),
        ("CREATE TRIGGER t AFTER UPDATE OF age ON people BEGIN SELECT old.age; END", "t"),
        ("CREATE TRIGGER t AFTER DELETE ON pets BEGIN UPDATE people SET age = 1; END", "t"),
        ("CREATE INDEX i ON people (age) WHERE name > ''", "i"),
        ("CREATE INDEX i ON people (name) WHERE age > 3", "i"),
        ("CREATE INDEX i ON people (age + 1)", "i"),
    ],
)
@pytest.mark.parametrize("operations", [(DROP_AGE,), DROP_AND_WIDEN], ids=["native", "rebuild"])
def test_what_would_break_is_refused(two, made, name, operations):
    two.sql(made)
    error = refused(two, *operations, match=".")
    said = f"{error.message} {error.original}"
    assert name in said.replace(":", " ").split() or f"{name} after drop column" in said


def test_a_broken_view_and_orphans_from_before_do_not_block(two):
    two.sql(
        "CREATE VIEW broken AS SELECT x FROM nowhere",
        "CREATE TRIGGER broken_too AFTER INSERT ON logs BEGIN SELECT new.x; END",
        "INSERT INTO pets VALUES (8, 77), (9, 77)",
    )
    two.write(
        (WIDEN, REQUIRE_AGE),
        'op.add_column("pets", op.column("name", "TEXT"), fill="x")',
        'op.create_index("people", op.index("people_name", "name"))',
        'op.add_column("people", op.column("email", "TEXT", null=True))',
        'op.run_sql("DELETE FROM pets WHERE id = 9", [])',
    )
    two.migrate()
    assert two.sql("SELECT id, owner_id FROM pets WHERE owner_id = 77") == [(8, 77)]


def test_a_migration_that_orphans_rows_is_refused(two):
    error = refused(
        two, LOGS.replace("logs", "more"), 'op.run_sql("DELETE FROM people WHERE id = 1", [])',
        match="row 1 of pets refers to what people does not have",
    )  # fmt: skip
    assert error.exit_code == 5


def test_rows_that_the_new_table_cannot_hold_roll_back(two):
    remake(two, "people", after('"age" INTEGER', '"age" INTEGER CHECK (age > 0)'))
    error = refused(two, REQUIRE_AGE, match="failed")
    assert isinstance(error, FailedError)
    assert "CHECK constraint failed" in error.original


@pytest.fixture
def by_hand(world):
    """A table of people that somebody made by hand, richer than the migrations know it."""

    def make(columns='"age" INTEGER', options="", *more, key="PRIMARY KEY", constraints=""):
        world.write(PEOPLE)
        world.migrate()
        world.sql(
            "DROP TABLE people",
            f'CREATE TABLE "people" ("id" INTEGER NOT NULL {key}, "name" VARCHAR(255) NOT NULL,'
            f" {columns}{constraints}){options}",
            *more,
        )
        return world

    return make


def definition(world, name="people"):
    return world.sql(f"SELECT sql FROM sqlite_master WHERE name = '{name}'")[0][0]


def test_a_known_column_that_was_made_generated_by_hand_is_kept(by_hand):
    world = by_hand('"age" INTEGER GENERATED ALWAYS AS (length("name")) VIRTUAL')
    world.sql("INSERT INTO people (name) VALUES ('Ann')")
    world.write(WIDEN)
    world.migrate()
    assert world.sql("SELECT * FROM people") == [(1, "Ann", 3)]
    assert "GENERATED ALWAYS" in definition(world)


def test_strict_survives(world):
    world.write(DOCS)
    world.migrate()
    world.sql(
        "DROP TABLE docs",
        "CREATE TABLE docs (code TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL) STRICT",
        "INSERT INTO docs VALUES ('a', 'x')",
    )
    world.write("""op.alter_column(
    "docs", old=op.column("text", "VARCHAR(255)"), new=op.column("text", "TEXT", null=True)
)""")
    world.migrate()
    assert definition(world, "docs").rstrip().endswith("STRICT")


def test_a_check_of_a_dropped_column_stops_the_migration(by_hand):
    world = by_hand('"age" INTEGER', constraints=", CHECK (age < 150)")
    error = refused(world, DROP_AGE, WIDEN, match="uses age")
    assert "drop it by hand" in error.hint


def test_views_and_triggers_follow_a_renamed_column(by_hand):
    world = by_hand(
        '"age" INTEGER',
        "",
        "CREATE VIEW ages AS SELECT age FROM people",
        "CREATE INDEX by_hand ON people (age) WHERE age > 1",
        "CREATE TABLE log (x)",
        "CREATE TRIGGER tr AFTER INSERT ON people BEGIN INSERT INTO log VALUES (new.age); END",
    )
    world.write((RENAME_AGE, WIDEN))
    world.migrate()
    world.sql("INSERT INTO people VALUES (1, 'Ann', 7)")
    assert world.sql("SELECT * FROM log") == [(7,)]
    assert world.sql("SELECT * FROM ages") == [(7,)]
    assert "years" in definition(world, "by_hand")


def test_user_sql_that_mends_some_orphans_is_welcome(by_hand):
    world = by_hand(
        '"age" INTEGER',
        "",
        "CREATE TABLE child (x INTEGER REFERENCES people (id))",
        "INSERT INTO child VALUES (77), (78)",
    )
    world.write('op.run_sql("DELETE FROM child WHERE x = 77", [])')
    world.migrate()
    assert world.sql("SELECT * FROM child") == [(78,)]


def test_one_rebuild_serves_all_changes_of_a_table(by_hand):
    world = by_hand()
    world.write((DROP_AGE, WIDEN, 'op.add_column("people", op.column("rank", "INT"), fill=1)'))
    world.migrate()
    drops = [sql for sql in world.statements() if sql.startswith("DROP TABLE")]
    assert len(drops) == 1


def test_orphans_from_before_do_not_block_a_rename_of_either_table(two):
    two.sql("INSERT INTO pets VALUES (9, 77)")
    two.write(
        'op.rename_table("people", "persons")',
        ('op.rename_table("pets", "animals")', 'op.rename_table("persons", "owners")'),
    )
    two.migrate()
    assert two.sql("SELECT owner_id FROM animals WHERE id = 9") == [(77,)]
