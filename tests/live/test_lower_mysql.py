"""Any change of a schema runs on MariaDB, leads to what is declared, and loses nothing else."""

from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from live_world import BASE, LiveWorld
from mysql_schemas import mysql_changes

from peewee_mig import op
from peewee_mig.dialects.base import LiveStep, Statement
from peewee_mig.dialects.mysql.dialect import DIALECT
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.diff import diff
from peewee_mig.errors import RefusedError
from peewee_mig.operations import invert_all, replay
from peewee_mig.schema import Schema

#: Each makes a schema and changes it twice: fewer than usual in the quick profile.
EXAMPLES = 10 if settings.default.max_examples < 100 else settings.default.max_examples


@settings(max_examples=EXAMPLES, suppress_health_check=[*HealthCheck])  # the fixture is emptied
@given(change=mysql_changes())
def test_any_change_leads_there_and_back(mysql, change):
    mysql.empty()
    operations = diff(change.before, change.after, change.renames, change.fills)
    with closing(mysql.connect()) as connection, connection.cursor() as cursor:
        there_and_back(cursor, operations, change.before, change.after)


def there_and_back(cursor, operations, before, after):
    run(cursor, diff(Schema(), before), Schema())
    run(cursor, operations, before)
    assert_declared(cursor, after)
    run(cursor, invert_all(operations), replay(operations, before))
    assert_declared(cursor, before)


def assert_declared(cursor, declared):
    found = DIALECT.inspect(reader(cursor))
    assert settle(recognize(found, declared, DIALECT), declared) == declared
    assert found.unmanaged == ()


def bare(cursor):
    """Return the schema without what a column has besides its type and NULL."""
    nothing = {"default": None, "collation": None, "comment": None, "options": ()}
    return Schema.of(
        replace(table, columns=tuple(replace(c, **nothing) for c in table.columns), checks=())
        for table in DIALECT.inspect(reader(cursor)).schema
    )


def made_by_hand(cursor):
    """Return what columns have that no schema of these tests declares."""
    found = DIALECT.inspect(reader(cursor))
    (table,) = found.schema
    return {
        **{
            (column.name, attribute): getattr(column, attribute)
            for column in table.columns
            for attribute in ("default", "collation", "comment", "options")
            if getattr(column, attribute)
        },
        **{("check", str(number)): each for number, each in enumerate(table.checks)},
        **{(each.kind, each.name): each.detail for each in found.unmanaged},
    }


def run(cursor, operations, before):
    """Run the steps, as the runner does: what a step can refuse early it does first."""
    steps = DIALECT.lower(operations, before, DIALECT.assumed)
    for step in steps:
        if isinstance(step, LiveStep):
            step.check(reader(cursor))
    for step in steps:
        for sql in (step.sql,) if isinstance(step, Statement) else step.resolve(reader(cursor)):
            cursor.execute(sql)


def reader(cursor):
    def read(sql):
        cursor.execute(sql)
        return list(cursor.fetchall())

    return read


@pytest.fixture
def cursor(mysql):
    with closing(mysql.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("SET NAMES utf8mb4")
        yield cursor


def schema_of(*tables):
    return Schema.of(table.object for table in tables)


def table_of(type_, *, null=False):
    return schema_of(
        op.create_table("t%", op.column("id", "INT"), op.column("c`", type_, null=null))
    )


def altered(old, new, *, null=(False, False), fill=None):
    before, after = (
        op.column("c`", each, null=n) for each, n in zip((old, new), null, strict=True)
    )
    return op.alter_column("t%", old=before, new=after, fill=fill)


#: By hand; the type so far and the new one; whether they take NULL.
BY_HAND = [
    ("INT DEFAULT -5 COMMENT 'it''s 100%\\\\ \\n`'", ("INT", "INT"), (True, False)),
    ("INT NOT NULL DEFAULT 7 INVISIBLE CHECK (`c``` > 3)", ("INT", "BIGINT"), (False, False)),
    ("INT DEFAULT 5", ("INT", "VARCHAR(9)"), (True, True)),
    ("VARCHAR(9) DEFAULT '12'", ("VARCHAR(9)", "INT"), (True, False)),
    (
        "VARCHAR(9) COLLATE latin1_bin NOT NULL DEFAULT 'é''%\\\\\\n' COMMENT 'é'",
        ("VARCHAR(9)", "VARCHAR(90)"),
        (False, False),
    ),
    ("VARCHAR(40) COLLATE utf8mb4_bin DEFAULT (uuid())", ("VARCHAR(40)", "TEXT"), (True, False)),
    ("TEXT COLLATE utf8mb4_bin COMMENT 'x'", ("TEXT", "UUID"), (True, True)),
    (
        "DATETIME DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
        ("DATETIME", "DATETIME"),
        (True, False),
    ),
    ("DATE DEFAULT (current_date + INTERVAL 1 DAY)", ("DATE", "DATETIME"), (True, True)),
    ("JSON DEFAULT '{}' COMMENT 'x'", ("JSON", "JSON"), (True, False)),
    ("JSON COMMENT 'x'", ("JSON", "TEXT"), (True, False)),
    ("BLOB DEFAULT (x'ff')", ("BLOB", "BLOB"), (True, False)),
    ("VARCHAR(9) DEFAULT 'NULL'", ("VARCHAR(9)", "VARCHAR(9)"), (True, False)),
    ("VARCHAR(9) DEFAULT ''", ("VARCHAR(9)", "TEXT"), (True, False)),
]


@pytest.mark.parametrize(("words", "types", "null"), BY_HAND)
def test_what_somebody_gave_a_column_stays(cursor, words, types, null):
    old, new = types
    before = table_of(old, null=null[0])
    cursor.execute("CREATE TABLE `t%` (id INT NOT NULL)")
    cursor.execute(f"ALTER TABLE `t%` ADD `c``` {words}")
    given = made_by_hand(cursor)
    assert given
    change = altered(old, new, null=null, fill=op.empty() if null == (True, False) else None)
    run(cursor, [change], before)
    assert made_by_hand(cursor).keys() == given.keys()
    assert bare(cursor) == DIALECT.normalize(replay([change], before))
    run(cursor, invert_all([change]), replay([change], before))
    assert made_by_hand(cursor) == given
    assert bare(cursor) == DIALECT.normalize(before)


def test_a_comment_on_a_key_stays(cursor):
    cursor.execute("CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT COMMENT 'x')")
    before = schema_of(op.create_table("t", op.column("id", "AUTO"), op.primary_key("id")))
    grow = op.alter_column("t", old=op.column("id", "AUTO"), new=op.column("id", "BIGAUTO"))
    keyless = op.drop_primary_key("t", op.primary_key("id"))
    run(cursor, [grow, keyless], before)
    run(cursor, invert_all([grow, keyless]), replay([grow, keyless], before))
    assert made_by_hand(cursor) == {("id", "comment"): "x"}
    assert bare(cursor) == before


def test_a_check_and_json_stay_whatever_the_columns_are_called_by_now(cursor):
    cursor.execute("CREATE TABLE t (a INT CHECK (a > b), b JSON NOT NULL, c INT CHECK (c > 9))")
    columns = op.column("a", "INT", null=True), op.column("b", "JSON"), op.column("c", "INT")
    before = schema_of(op.create_table("t", *columns[:2], op.column("c", "INT", null=True)))
    swap = [op.rename_column("t", *names) for names in (("a", "x"), ("c", "a"), ("x", "c"))]
    operations = [
        *swap,
        op.rename_column("t", "b", "d"),
        op.alter_column("t", old=op.column("a", "INT", null=True), new=op.column("a", "BIGINT")),
        op.alter_column("t", old=op.column("d", "JSON"), new=op.column("d", "JSON", null=True)),
    ]
    run(cursor, operations, before)
    assert bare(cursor) == replay(operations, before)
    (table,) = DIALECT.inspect(reader(cursor)).schema
    assert sorted(map(str, (c.expression for c in table.checks))) == ['"a" > 9', '"c" > "d"']
    run(cursor, invert_all(operations), replay(operations, before))
    assert bare(cursor) == before


REFUSED = [
    ("c INT AS (id + 1)", ("INT", "BIGINT"), "is generated"),
    ("c TEXT COMPRESSED", ("TEXT", "VARCHAR(9)"), "is COMPRESSED"),
    ("c INT INVISIBLE", ("INT", "INT"), "INVISIBLE without a default"),
    ("c INT DEFAULT 70000", ("INT", "SMALLINT"), "has the default 70000"),
    ("c VARCHAR(9) DEFAULT 'abc'", ("VARCHAR(9)", "INT"), "has the default 'abc'"),
    ("c BOOL DEFAULT 1", ("BOOL", "JSON"), "has the default 1"),
    ("c VARCHAR(40) DEFAULT (uuid())", ("UUID", "UUIDB"), r"has the default uuid\(\)"),
    ("c BLOB DEFAULT 'a'", ("BLOB", "BLOB"), "has a default of bytes"),
    ("c TEXT DEFAULT (_latin1'é')", ("TEXT", "TEXT"), "has a default of bytes"),
    ("c INT CHECK (c > 3)", ("INT", "JSON"), "has the check `c` > 3"),
    (
        "c DATETIME ON UPDATE CURRENT_TIMESTAMP",
        ("DATETIME", "DATE"),
        r"has ON UPDATE CURRENT_TIMESTAMP\(\)",
    ),
]


@pytest.mark.parametrize(("words", "types", "message"), REFUSED)
def test_what_cannot_stay_is_refused_before_anything_runs(cursor, words, types, message):
    columns = [
        op.column("c", each, null=null) for each, null in zip(types, (True, False), strict=True)
    ]
    cursor.execute(f"CREATE TABLE t (id INT NOT NULL, {words})")
    before = schema_of(op.create_table("t", op.column("id", "INT"), columns[0]))
    operations = [
        op.alter_column("t", old=op.column("id", "INT"), new=op.column("id", "BIGINT")),
        op.alter_column("t", old=columns[0], new=columns[1]),
    ]
    with pytest.raises(RefusedError, match=message) as error:
        run(cursor, operations, before)
    assert "by hand" in error.value.hint
    cursor.execute("SHOW COLUMNS FROM t LIKE 'id'")
    assert cursor.fetchone()[1] == "int(11)"


def test_a_default_that_was_in_the_way_can_be_dropped_as_the_hint_says(cursor):
    before = table_of("VARCHAR(9)")
    cursor.execute("CREATE TABLE `t%` (id INT NOT NULL, `c``` VARCHAR(9) NOT NULL DEFAULT 'a')")
    with pytest.raises(RefusedError) as error:
        run(cursor, [altered("VARCHAR(9)", "INT")], before)
    cursor.execute(error.value.hint.partition(",")[0])
    run(cursor, [altered("VARCHAR(9)", "INT")], before)
    assert_declared(cursor, table_of("INT"))


def test_what_the_migration_itself_removes_is_in_nobodys_way(cursor):
    before = schema_of(op.create_table("t", op.column("c", "INT")))
    cursor.execute("CREATE TABLE t (c INT NOT NULL DEFAULT 70000)")
    operations = [
        op.run_sql("ALTER TABLE t ALTER c DROP DEFAULT", ""),
        op.alter_column("t", old=op.column("c", "INT"), new=op.column("c", "SMALLINT")),
    ]
    run(cursor, operations, before)
    assert_declared(cursor, schema_of(op.create_table("t", op.column("c", "SMALLINT"))))


AGE = 'op.column("age", "INT", null=True)'
SMALL_AGE = AGE.replace("INT", "SMALLINT")


def test_a_run_tells_what_it_leaves_and_does_not_start_where_it_cannot(mysql, tmp_path):
    world = LiveWorld(tmp_path, mysql)
    world.write(BASE)
    world.migrate()
    world.sql("ALTER TABLE people MODIFY age INT DEFAULT 70000 COMMENT 'in years'")
    grown = 'op.column("name", "VARCHAR(200)")'
    world.write(
        (
            f'op.alter_column("people", old=op.column("name", "VARCHAR(100)"), new={grown})',
            f'op.alter_column("people", old={AGE}, new={SMALL_AGE})',
        )
    )
    state = world.state()
    with pytest.raises(RefusedError, match=r"people\.age has the default 70000") as error:
        world.migrate()
    assert error.value.committed == "nothing was changed"
    assert world.state() == state
    world.sql(error.value.hint.partition(",")[0])
    world.migrate()
    told = "ALTER TABLE `people` MODIFY `age` SMALLINT COMMENT 'in years';"
    assert told in world.told("statement")
    world.rollback()
    assert world.sql("SHOW CREATE TABLE people")[0][1].count("COMMENT 'in years'") == 1


@pytest.mark.parametrize("key", [("id",), ("id", "n")])
@pytest.mark.parametrize("left", [(), ("n",)])
def test_a_key_column_loses_its_key_and_becomes_a_long_text(cursor, key, left):
    def table(type_, *keys):
        columns = op.column("id", type_), op.column("n", "INT")
        return schema_of(op.create_table("t", *columns, *(op.primary_key(*k) for k in keys if k)))

    before, after = table("AUTO", key), table("TEXT", left)
    there_and_back(cursor, diff(before, after), before, after)


def test_an_index_may_have_the_name_that_innodb_gives_its_own(cursor):
    parent = op.create_table("p", op.column("id", "AUTO"), op.primary_key("id"))
    columns = op.column("p_id", "INT"), op.column("n", "INT")
    key, index = op.foreign_key("p_id", "p", "id"), op.index("P_id", "n", named=True)
    bare = schema_of(parent, op.create_table("t", *columns, key))
    other = schema_of(parent, op.create_table("t", *columns, key, op.index("other", "n")))
    named = schema_of(parent, op.create_table("t", *columns, key, index))
    keyless = schema_of(parent, op.create_table("t", *columns, index))
    for before, after in ((bare, named), (other, named), (named, keyless), (keyless, named)):
        there_and_back(cursor, diff(before, after), before, after)
        cursor.execute("DROP TABLE t, p")


def test_columns_that_somebody_spelled_in_another_case_are_the_same(cursor):
    cursor.execute("CREATE TABLE p (ID INT PRIMARY KEY AUTO_INCREMENT)")
    cursor.execute(
        "CREATE TABLE t (NÉ INT NOT NULL COMMENT 'x' CHECK (NÉ > 1), P_ID INT NOT NULL,"
        " R_ID INT NOT NULL, U INT NOT NULL UNIQUE, CONSTRAINT SMALL CHECK (NÉ < 99),"
        " FOREIGN KEY (P_ID) REFERENCES p (ID), FOREIGN KEY (R_ID) REFERENCES p (ID))"
    )
    names = ("né", "P_id", "R_id", "u")
    keys = [op.foreign_key(name, "p", "id") for name in names[1:3]]
    checks = [op.check('"né" > 1'), op.check('"né" < 99', name="small")]
    before = schema_of(
        op.create_table("p", op.column("id", "AUTO"), op.primary_key("id")),
        op.create_table(
            "t", *(op.column(name, "INT") for name in names), *keys, op.unique("u"), *checks
        ),
    )
    operations = [
        *(op.drop_check("t", each) for each in checks),
        op.alter_column("t", old=op.column("né", "INT"), new=op.column("né", "BIGINT")),
        op.rename_column("t", "P_id", "q_id"),
        op.drop_foreign_key("t", op.foreign_key("q_id", "p", "id")),
        op.drop_foreign_key("t", keys[1]),
        op.drop_unique("t", op.unique("u")),
    ]
    run(cursor, operations, before)
    (table,) = [each for each in DIALECT.inspect(reader(cursor)).schema if each.name == "t"]
    assert [(each.name, str(each.type)) for each in table.columns] == [
        ("né", "BIGINT"), ("q_id", "INT"), ("R_ID", "INT"), ("U", "INT"),
    ]  # fmt: skip
    assert table.columns[0].comment == "x"
    assert (table.checks, table.foreign_keys, table.uniques, table.indexes) == ((), (), (), ())
