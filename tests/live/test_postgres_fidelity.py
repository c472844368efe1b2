"""All that can be declared, on PostgreSQL: made, read back as declared, changed, and led back."""

from contextlib import closing
from dataclasses import replace

import pytest
from fidelity_pairs import PAIRS
from fidelity_postgres import ONLY

from peewee_mig.dialects.base import LiveStep, Statement
from peewee_mig.dialects.postgres.dialect import DIALECT
from peewee_mig.dialects.postgres.session import open_url
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.dialects.url import parse_url
from peewee_mig.diff import diff
from peewee_mig.operations import invert_all, replay
from peewee_mig.schema import Schema


@pytest.fixture
def session(postgres):
    with closing(open_url(parse_url(postgres.url))) as session:
        session.execute("CREATE SCHEMA billing")
        yield session


def pairs():
    common = [each for each in PAIRS if "postgres" in each.engines]
    return [pytest.param(each, id=each.name) for each in (*common, *ONLY)]


@pytest.mark.parametrize("pair", pairs())
def test_a_change_leads_there_and_back(session, pair):
    operations = diff(pair.before, pair.after, pair.renames)
    run(session, diff(Schema(), pair.before), Schema())
    fill(session, pair.rows)
    assert_declared(session, pair.before)
    rows = rows_of(session, pair.before)
    run(session, operations, pair.before)
    assert_declared(session, pair.after)
    assert_kept(rows, rows_of(session, pair.after), pair, pair.renames.tables)
    run(session, invert_all(operations), replay(operations, pair.before))
    assert_declared(session, pair.before)
    assert_kept(rows, rows_of(session, pair.before), pair, {})


def run(session, operations, before):
    """Run a migration in one transaction, each step of which can be seen where it is alone."""
    steps = DIALECT.lower(operations, before, session.capabilities())
    for step in steps:
        if isinstance(step, LiveStep):
            assert step.preview()
            step.check(session.query)
    with session.transaction(wait=0):
        for step in steps:
            is_plain = isinstance(step, Statement)
            text = step.sql if is_plain else ""
            seen = DIALECT.fingerprint(session.query, step.tables, text)
            for sql in [step.sql] if is_plain else step.resolve(session.query):
                session.execute(sql)
            if not text.startswith(("UPDATE", "SET", "SELECT", "ALTER SEQUENCE")):
                assert DIALECT.fingerprint(session.query, step.tables, text) != seen, step


def fill(session, rows):
    for place, found in rows.items():
        table = DIALECT.quote_table(place)
        named = session.query(
            f"SELECT attname::text FROM pg_attribute WHERE attrelid = '{table}'::regclass"
        )
        columns = {name for (name,) in named}
        for row in found:
            given = {name: value for name, value in row.items() if name in columns}
            names, values = DIALECT.quote_all(given), ", ".join(map(literal, given.values()))
            session.execute(
                f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({values})"
            )


def literal(value):
    return "NULL" if value is None else DIALECT.text_sql(str(value))


def rows_of(session, schema):
    return {
        table.name: [
            dict(zip(table.column_names, row, strict=True))
            for row in session.query(
                "SELECT "
                + ", ".join(f"{DIALECT.quote(name)}::text" for name in table.column_names)
                + f" FROM {DIALECT.quote_table(table.name)} ORDER BY id"
            )
        ]
        for table in schema
    }


def assert_kept(before, after, pair, places):
    computed = {
        c.name for s in (pair.before, pair.after) for t in s for c in t.columns if c.computed
    }
    retyped = pair.name.startswith("time zone of a day")
    for place, rows in before.items():
        found = after[places.get(place, place)]
        assert [row["id"] for row in found] == [row["id"] for row in rows]
        for old, new in zip(rows, found, strict=True):
            for name in old.keys() & new.keys() - computed:
                if old[name] is not None and not retyped:
                    assert same(old[name], new[name]), name


def same(one, other):
    """Whether two texts mean the same, whatever the type spells around them."""
    return normal(one) == normal(other)


def normal(text):
    text = text.removesuffix("+00:00").removesuffix("+00")
    return text.rstrip("0").rstrip(".") if "." in text else text


def assert_declared(session, declared):
    assert found_as(session, declared) == declared


def found_as(session, declared):
    found = DIALECT.inspect(session.query, ["billing"])
    spelled = DIALECT.spellings(session.query, declared)
    return settle(recognize(replace(found, spellings=spelled), declared, DIALECT), declared)
