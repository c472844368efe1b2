"""Laws of migrations on SQLite: what guards let pass succeeds, and rows survive."""

import sqlite3
from contextlib import contextmanager

from hypothesis import given
from hypothesis import strategies as st
from strategies import changes, rows

from peewee_mig.dialects.base import Statement
from peewee_mig.dialects.sqlite.dialect import DIALECT
from peewee_mig.dialects.sqlite.session import SqliteSession
from peewee_mig.diff import diff
from peewee_mig.diff.renames import pairs
from peewee_mig.errors import GuardError, RefusedError
from peewee_mig.operations import invert_all
from peewee_mig.plan.planner import plan


@contextmanager
def database():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def build(connection, schema, data):
    """Create the tables with those of the rows that fit together."""
    for table in schema:
        for sql in DIALECT.create_table(table):
            connection.execute(sql)
    fill(connection, schema, data)


def fill(connection, schema, data):
    for name, found in data.items():
        marks = ", ".join("?" * len(schema.table(name).columns))
        for row in found:
            connection.execute(
                f"INSERT OR IGNORE INTO {DIALECT.quote_table(name)} VALUES ({marks})", row
            )
    while orphans := connection.execute("PRAGMA foreign_key_check").fetchall():
        for name, rowid, *_ in orphans:
            hidden = next(n for n in ("rowid", "_rowid_") if not schema.table(name).find_column(n))
            where = f"{DIALECT.quote_table(name)} WHERE {hidden} = ?"
            connection.execute(f"DELETE FROM {where}", (rowid,))


def run(session, operations, before):
    """Do what the runner does, without a history: guards, steps, counts, problems."""
    planned = plan(operations, before, DIALECT, session.capabilities())
    with session.transaction(wait=0):
        for guard in planned.guards:
            count_sql, sample_sql = DIALECT.guard_sql(guard)
            if session.query(count_sql)[0][0]:
                session.query(sample_sql)
                raise GuardError(str(guard))
        problems = DIALECT.problems(session.query)
        for step in planned.steps:
            statements = (step.sql,) if isinstance(step, Statement) else step.resolve(session.query)
            counted = {} if isinstance(step, Statement) else counts(session, step.counted)
            for sql in statements:
                session.execute(sql)
            assert counts(session, counted) == counted
        broken = DIALECT.problems(session.query) - problems
        if broken:
            raise RefusedError(str(broken))
    return planned.after


def counts(session, tables):
    return {
        name: session.query(f"SELECT count(*) FROM {DIALECT.quote_table(name)}")[0][0]
        for name in tables
        if DIALECT.has_table(session.query, name)
    }


def inspected(session):
    return DIALECT.inspect(session.query).schema


def contents(connection, schema):
    """Return the rows of each table by the names of the columns."""
    return {
        table.name: [
            dict(zip(table.column_names, row, strict=True))
            for row in connection.execute(
                f"SELECT {DIALECT.quote_all(table.column_names)}"
                f" FROM {DIALECT.quote_table(table.name)}"
            )
        ]
        for table in schema
    }


def dump(connection):
    """Return all there is (``iterdump`` fails on a quotation mark in a name)."""
    schema = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    names = [DIALECT.quote(name) for kind, name, _ in schema if kind == "table"]
    return schema, [connection.execute(f"SELECT * FROM {name}").fetchall() for name in names]


@given(changes(), st.data())
def test_what_no_guard_refuses_succeeds_and_keeps_the_rows(change, data):
    operations = diff(change.before, change.after, change.renames, change.fills)
    with database() as connection:
        session = SqliteSession(connection, "memory")
        build(connection, change.before, data.draw(rows(change.before)))
        original, old_rows = dump(connection), contents(connection, change.before)
        assert inspected(session) == DIALECT.normalize(change.before)
        try:
            reached = run(session, operations, change.before)
        except GuardError:
            assert dump(connection) == original
            return
        assert inspected(session) == DIALECT.normalize(reached)
        assert diff(inspected(session), DIALECT.normalize(reached)) == ()
        assert DIALECT.problems(session.query) == frozenset()
        new_rows = contents(connection, change.after)
        check_rows(change, old_rows, new_rows)
        check_fills(change, new_rows)
        roll_back(connection, change, operations, reached, old_rows)


def roll_back(connection, change, operations, reached, old_rows):
    session = SqliteSession(connection, "memory")
    original = dump(connection)
    try:
        run(session, invert_all(operations), reached)
    except GuardError:
        assert dump(connection) == original
        return
    assert inspected(session) == DIALECT.normalize(change.before)
    assert DIALECT.problems(session.query) == frozenset()
    back = contents(connection, change.before)
    for old, new in pairs(change.before, change.after, change.renames):
        if (old.columns, old.primary_key) == (new.columns, new.primary_key):
            assert sorted(map(repr, back[old.name])) == sorted(map(repr, old_rows[old.name]))


def check_rows(change, old_rows, new_rows):
    """Each row is there, with each value of each column that stays."""
    for old, new in pairs(change.before, change.after, change.renames):
        answers = change.renames.columns_of(new.name)
        stays = {
            column.name: answers.get(column.name, column.name)
            for column in old.columns
            if column.name in answers
            or (column.name not in answers.values() and new.find_column(column.name))
        }
        columns = [(old.column(name), new.column(stays[name])) for name in stays]
        compared = [(was, now) for was, now in columns if now.null or not was.null]
        before = [[kept(row[was.name], was, now) for was, now in compared]
                  for row in old_rows[old.name]]  # fmt: skip
        after = [[kept(row[now.name], was, now) for was, now in compared]
                 for row in new_rows[new.name]]  # fmt: skip
        assert sorted(before) == sorted(after)


def kept(value, was, now):
    """Return what must survive: the very value, or its meaning where the type changes."""
    if value is None or DIALECT.type_sql(was.type) == DIALECT.type_sql(now.type):
        return repr(value)
    return repr(meaning(value))


def meaning(value):
    """Return a value without what a documented cast changes: the form, never the meaning."""
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    try:
        return float(text)
    except ValueError:
        return text


def check_fills(change, new_rows):
    for table in change.after:
        for column in table.columns:
            if not column.null and not column.type.auto:
                assert None not in [row[column.name] for row in new_rows[table.name]]
