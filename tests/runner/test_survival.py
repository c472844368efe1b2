"""What a rebuild must not lose: rows, children, and all that was made by hand."""

import sqlite3
from dataclasses import replace

import pytest
from runner_world import PEOPLE, PETS, WIDEN

from peewee_mig.errors import MigError, RefusedError

#: Its key is no alias of the rowid.
DOCS = """op.create_table(
    "docs",
    op.column("code", "VARCHAR(10)"),
    op.column("text", "VARCHAR(255)"),
    op.primary_key("code"),
)"""
WIDEN_DOCS = """op.alter_column(
    "docs", old=op.column("text", "VARCHAR(255)"), new=op.column("text", "TEXT")
)"""
TREE = """op.create_table(
    "tree",
    op.column("id", "AUTO"),
    op.column("name", "VARCHAR(9)"),
    op.column("parent_id", "INT", null=True),
    op.primary_key("id"),
    op.foreign_key("parent_id", "tree", "id", on_delete="CASCADE"),
)"""
WIDEN_TREE = """op.alter_column(
    "tree", old=op.column("name", "VARCHAR(9)"), new=op.column("name", "TEXT")
)"""
DROP_AGE = 'op.drop_column("people", op.column("age", "INT", null=True))'
RENAME_AGE = 'op.rename_column("people", "age", "years")'


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


def refused(world, match):
    """Migrate in vain; return the error after a look that nothing changed."""
    before = world.dump()
    with pytest.raises(RefusedError, match=match) as caught:
        world.migrate()
    assert world.dump() == before
    assert caught.value.hint
    assert caught.value.committed == "nothing was changed"
    return caught.value


def test_children_of_a_cascading_key_survive(world):
    world.write(PEOPLE, PETS)
    world.migrate()
    world.sql(
        "INSERT INTO people VALUES (1, 'Ann', 3), (2, 'Bob', 4)",
        "INSERT INTO pets VALUES (1, 1), (2, 1), (3, 2), (4, NULL)",
    )
    (world.folder / "cascading.py").write_text(
        "import peewee\n"
        f"db = peewee.SqliteDatabase({str(world.file)!r}, pragmas={{'foreign_keys': 1}})\n"
    )
    on = replace(world, url="cascading:db")
    on.write(WIDEN)
    on.migrate()
    assert world.sql("SELECT * FROM pets") == [(1, 1), (2, 1), (3, 2), (4, None)]
    assert world.sql("SELECT * FROM people") == [(1, "Ann", 3), (2, "Bob", 4)]
    assert "REFERENCES" in definition(world, "pets")
    assert '"people"' in definition(world, "pets")
    on.rollback()
    assert world.sql("SELECT count(*) FROM pets") == [(4,)]


def test_a_self_reference_still_points_at_its_table(world):
    world.write(TREE)
    world.migrate()
    world.sql("INSERT INTO tree VALUES (1, 'root', NULL), (2, 'leaf', 1), (3, 'leaf', 2)")
    world.write(WIDEN_TREE)
    world.migrate()
    assert world.sql("SELECT * FROM tree") == [(1, "root", None), (2, "leaf", 1), (3, "leaf", 2)]
    assert world.sql("PRAGMA foreign_key_list(tree)")[0][2] == "tree"
    connection = world.connect()
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("DELETE FROM tree WHERE id = 1")
    assert connection.execute("SELECT count(*) FROM tree").fetchone() == (0,)
    connection.close()


def test_clauses_made_by_hand_survive(by_hand):
    world = by_hand(
        '"age" INTEGER DEFAULT (1 + 2) CHECK ("age" < 150)',
        constraints=', CONSTRAINT "sane" CHECK (length("name") > 1), UNIQUE ("name", "age")',
    )
    world.sql("INSERT INTO people (name) VALUES ('Ann')")
    world.write(WIDEN)
    world.migrate()
    assert world.sql("SELECT * FROM people") == [(1, "Ann", 3)]
    sql = definition(world)
    for clause in (
        "DEFAULT (1 + 2)",
        'CHECK ("age" < 150)',
        'CONSTRAINT "sane" CHECK (length("name") > 1)',
        'UNIQUE ("name", "age")',
        '"name" TEXT NOT NULL',
    ):
        assert clause in sql
    with pytest.raises(sqlite3.IntegrityError, match="sane"):
        world.sql("INSERT INTO people (name) VALUES ('B')")


def test_the_collation_of_the_changed_column_survives(by_hand):
    world = by_hand()
    world.sql(
        "DROP TABLE people",
        "CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY,"
        " name VARCHAR(255) NOT NULL COLLATE NOCASE, age INTEGER)",
        "INSERT INTO people VALUES (1, 'Ann', 1)",
    )
    world.write(WIDEN)
    world.migrate()
    assert world.sql("SELECT id FROM people WHERE name = 'ANN'") == [(1,)]


@pytest.mark.parametrize("kind", ["VIRTUAL", "STORED"])
def test_a_generated_column_made_by_hand_is_refused(by_hand, kind):
    world = by_hand(f'"age" INTEGER, "double" INTEGER GENERATED ALWAYS AS ("age" * 2) {kind}')
    world.write(WIDEN)
    error = refused(world, "columns that the migrations do not know: double")
    assert "drop them by hand" in error.hint


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


def test_without_rowid_survives(world):
    world.write(DOCS)
    world.migrate()
    world.sql(
        "DROP TABLE docs",
        "CREATE TABLE docs (code VARCHAR(10) NOT NULL PRIMARY KEY, text VARCHAR(255) NOT NULL)"
        " WITHOUT ROWID",
        "INSERT INTO docs VALUES ('b', 'x'), ('a', 'y')",
    )
    world.write(WIDEN_DOCS)
    world.migrate()
    assert definition(world, "docs").endswith("WITHOUT ROWID")
    assert world.sql("SELECT * FROM docs") == [("a", "y"), ("b", "x")]


@pytest.mark.parametrize("left", [2, 0])
def test_the_counter_of_autoincrement_survives(by_hand, left):
    world = by_hand(key="PRIMARY KEY AUTOINCREMENT")
    world.sql(
        "INSERT INTO people (name) VALUES ('Ann'), ('Bob'), ('Cid'), ('Dan')",
        f"DELETE FROM people WHERE id > {left}",
    )
    world.write(WIDEN)
    world.migrate()
    assert world.sql("SELECT name, seq FROM sqlite_sequence") == [("people", 4)]
    world.sql("INSERT INTO people (name) VALUES ('Eve')")
    assert world.sql("SELECT max(id) FROM people") == [(5,)]


def test_a_counter_that_never_counted(by_hand):
    world = by_hand(key="PRIMARY KEY AUTOINCREMENT")
    world.write(WIDEN)
    world.migrate()
    world.sql("INSERT INTO people (name) VALUES ('Ann')")
    assert world.sql("SELECT id FROM people") == [(1,)]


def test_rowids_that_a_full_text_table_refers_to_survive(world):
    world.write(DOCS)
    world.migrate()
    world.sql(
        "CREATE VIRTUAL TABLE found USING fts5(text, content='docs')",
        "INSERT INTO docs VALUES ('a', 'apple'), ('b', 'bread'), ('c', 'cheese')",
        "DELETE FROM docs WHERE code = 'a'",
        "INSERT INTO found (found) VALUES ('rebuild')",
    )
    world.write(WIDEN_DOCS)
    world.migrate()
    assert world.sql("SELECT rowid, text FROM found WHERE found MATCH 'cheese'") == [(3, "cheese")]


def test_indexes_made_by_hand_survive(by_hand):
    indexes = {
        "partial": "CREATE INDEX partial ON people (name) WHERE age > 3",
        "expression": "CREATE INDEX expression ON people (lower(name), age DESC)",
        "collated": 'CREATE UNIQUE INDEX "collated" ON "people" (name COLLATE NOCASE)',
    }
    world = by_hand('"age" INTEGER', "", *indexes.values())
    world.write(WIDEN)
    world.migrate()
    assert {name: definition(world, name) for name in indexes} == indexes


def test_triggers_and_views_survive_word_for_word(by_hand):
    objects = {
        "own": "CREATE TRIGGER own AFTER UPDATE OF name ON people WHEN new.age > 3"
        " BEGIN INSERT INTO log VALUES (old.name); END",
        "other": "CREATE TRIGGER other BEFORE INSERT ON log"
        " BEGIN UPDATE people SET age = age + 1; END",
        "names": "CREATE VIEW names AS SELECT name FROM people",
        "deep": "CREATE VIEW deep AS SELECT * FROM names",
        "instead": "CREATE TRIGGER instead INSTEAD OF INSERT ON names"
        " BEGIN INSERT INTO people (name) VALUES (new.name); END",
    }
    world = by_hand('"age" INTEGER', "", "CREATE TABLE log (x)", *objects.values())
    world.sql("INSERT INTO people VALUES (1, 'Ann', 5)")
    world.write(WIDEN)
    world.migrate()
    assert {name: definition(world, name) for name in objects} == objects
    assert world.sql("SELECT count(*) FROM log") == [(0,)]
    world.sql("UPDATE people SET name = 'Bea'", "INSERT INTO names VALUES ('Cid')")
    assert world.sql("SELECT * FROM log") == [("Ann",)]
    assert world.sql("SELECT * FROM people") == [(1, "Bea", 6), (2, "Cid", None)]


def test_a_deferrable_key_made_by_hand_survives(by_hand):
    world = by_hand(
        '"age" INTEGER REFERENCES "ages" DEFERRABLE INITIALLY DEFERRED',
        "",
        "CREATE TABLE ages (age INTEGER PRIMARY KEY)",
        "INSERT INTO ages VALUES (5)",
        "INSERT INTO people VALUES (1, 'Ann', 5)",
    )
    world.write(WIDEN)
    world.migrate()
    assert 'REFERENCES "ages" DEFERRABLE INITIALLY DEFERRED' in definition(world)


def test_a_key_of_ours_made_deferrable_by_hand_stays_so(world):
    world.write(PEOPLE, PETS)
    world.migrate()
    sql = definition(world, "pets").replace("CASCADE", "CASCADE DEFERRABLE INITIALLY DEFERRED")
    world.sql("DROP TABLE pets", sql)
    world.write("""op.alter_column(
    "pets", old=op.column("owner_id", "INT", null=True), new=op.column("owner_id", "TEXT")
)""")
    world.migrate()
    assert "ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED" in definition(world, "pets")


def test_a_column_dropped_by_hand_is_refused(by_hand):
    world = by_hand('"other" INTEGER')
    world.write(WIDEN)
    refused(world, "columns that the migrations do not know: other")
    world.sql("ALTER TABLE people DROP COLUMN other")
    error = refused(world, "lacks columns that the migrations made: age")
    assert "restore them by hand" in error.hint


@pytest.mark.parametrize(
    ("made", "name"),
    [
        ("CREATE INDEX by_hand ON people (age) WHERE age > 1", "index by_hand"),
        ("CREATE TRIGGER tr AFTER UPDATE OF age ON people BEGIN SELECT old.age; END", "tr"),
        ("CREATE TRIGGER tr AFTER INSERT ON people BEGIN SELECT new.age; END", "tr"),
        ("CREATE TRIGGER tr AFTER DELETE ON log BEGIN UPDATE people SET age = 1; END", "tr"),
        ("CREATE VIEW ages AS SELECT age FROM people", "ages"),
    ],
)
@pytest.mark.parametrize("operations", [DROP_AGE, (DROP_AGE, WIDEN)])
def test_what_would_break_with_a_dropped_column_stops_the_migration(
    by_hand, made, name, operations
):
    world = by_hand('"age" INTEGER', "", "CREATE TABLE log (x)", made)
    world.write(operations)
    before = world.dump()
    code = world.cli("migrate")
    assert code in (3, 5)
    assert world.dump() == before
    with pytest.raises(MigError) as caught:
        world.migrate()
    error = caught.value
    assert name in error.message + error.original
    assert error.committed == "nothing was changed"


def test_a_check_of_a_dropped_column_stops_the_migration(by_hand):
    world = by_hand('"age" INTEGER', constraints=", CHECK (age < 150)")
    world.write((DROP_AGE, WIDEN))
    error = refused(world, "uses age")
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


def test_what_was_broken_before_does_not_block(by_hand):
    world = by_hand(
        '"age" INTEGER',
        "",
        "CREATE VIEW broken AS SELECT * FROM nowhere",
        "CREATE TRIGGER torn AFTER DELETE ON people BEGIN DELETE FROM nowhere; END",
        "CREATE TABLE child (x INTEGER REFERENCES people (id))",
        "INSERT INTO child VALUES (77), (78)",
    )
    world.write(WIDEN, PETS)
    assert len(world.migrate().applied) == 2


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


def test_user_sql_that_orphans_rows_is_rolled_back(world):
    names = world.write(PEOPLE, PETS)
    world.migrate()
    world.sql("INSERT INTO people VALUES (1, 'Ann', 1)", "INSERT INTO pets VALUES (1, 1)")
    name = world.write('op.run_sql("DELETE FROM people", [])')[0]
    error = refused(world, "would leave the database broken: row 1 of pets refers to")
    assert name in error.where
    assert "people" in error.message
    assert world.applied() == names


def test_one_rebuild_serves_all_changes_of_a_table(by_hand):
    world = by_hand()
    world.write((DROP_AGE, WIDEN, 'op.add_column("people", op.column("rank", "INT"), fill=1)'))
    world.migrate()
    drops = [sql for sql in world.statements() if sql.startswith("DROP TABLE")]
    assert len(drops) == 1
