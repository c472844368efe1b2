"""All that can be declared, on MariaDB: made, read back as declared, changed, and led back."""

from contextlib import closing, contextmanager, nullcontext
from uuid import UUID

import pytest
from fidelity_pairs import PAIRS

from peewee_mig.dialects.base import LiveStep, Statement
from peewee_mig.dialects.mysql.dialect import DIALECT
from peewee_mig.dialects.mysql.session import open_database
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.diff import diff
from peewee_mig.operations import invert_all, replay
from peewee_mig.schema import Schema


@pytest.fixture
def session(mysql):
    with closing(open_database(mysql.connect, "a database of a test")) as session:
        yield session


#: Changes between declarations that mean the same here: their statements do nothing.
NOTHING = {"collation 6", "usual engine 1", "usual engine"}


def of_mysql():
    return [pytest.param(each, id=each.name) for each in PAIRS if "mysql" in each.engines]


@pytest.mark.parametrize("pair", of_mysql())
def test_a_change_leads_there_and_back(session, pair):
    operations = diff(pair.before, pair.after, pair.renames)
    run(session, diff(Schema(), pair.before), Schema())
    fill(session, pair.rows)
    assert_declared(session, pair.before)
    rows = rows_of(session, pair.before)
    seen = pair.name not in NOTHING
    run(session, operations, pair.before, seen=seen)
    assert_declared(session, pair.after)
    assert_kept(rows, rows_of(session, pair.after), computed(pair.before, pair.after))
    run(session, invert_all(operations), replay(operations, pair.before), seen=seen)
    assert_declared(session, pair.before)
    assert_kept(rows, rows_of(session, pair.before), computed(pair.after))


def run(session, operations, before, *, seen=True):
    steps = DIALECT.lower(operations, before, session.capabilities())
    for step in steps:
        if isinstance(step, LiveStep):
            step.check(session.query)
    for step in steps:
        with noticed(session, step) if seen else nullcontext():
            statements = [step.sql] if isinstance(step, Statement) else step.resolve(session.query)
            for sql in statements:
                session.execute(sql)


@contextmanager
def noticed(session, step):
    """Prove that a step that changes definitions can be seen, as a run that was killed must."""
    rows = isinstance(step, Statement) and (step.rows or step.sql.startswith("SET "))
    text = step.sql if isinstance(step, Statement) else ""
    before = rows or DIALECT.fingerprint(session.query, step.tables, text)
    yield
    if not rows:
        assert DIALECT.fingerprint(session.query, step.tables, text) != before, step


def fill(session, rows):
    for table, found in rows.items():
        columns = {row[0] for row in session.query(f"SHOW COLUMNS FROM `{table}`")}
        for row in found:
            given = {name: value for name, value in row.items() if name in columns}
            names = ", ".join(f"`{name}`" for name in given)
            values = ", ".join(map(literal, given.values()))
            session.execute(f"INSERT INTO `{table}` ({names}) VALUES ({values})")


def literal(value):
    if value is None:
        return "NULL"
    return DIALECT.text_sql(value) if isinstance(value, str) else str(value)


def rows_of(session, schema):
    return {
        table.name: [
            dict(zip(table.column_names, row, strict=True))
            for row in session.query(
                f"SELECT {DIALECT.quote_all(table.column_names)} FROM"
                f" {DIALECT.quote_table(table.name)} ORDER BY id"
            )
        ]
        for table in schema
    }


def computed(*schemas):
    """Return the columns whose values follow others, in one of the schemas at least."""
    return {c.name for s in schemas for t in s for c in t.columns if c.computed}


def assert_kept(before, after, computed):
    for table, rows in before.items():
        assert len(after[table]) == len(rows)
        for old, new in zip(rows, after[table], strict=True):
            assert old["id"] == new["id"]
            for name in old.keys() & new.keys() - {"id"} - computed:
                if old[name] is not None:
                    assert as_text(new[name]) == as_text(old[name]), name


def as_text(value):
    """Spell a value as it is in any type that holds it."""
    text = UUID(bytes=value).hex if isinstance(value, bytes) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def assert_declared(session, declared):
    schemas = {name.partition(".")[0] for name in declared.names if "." in name}
    assert found_as(session, declared, schemas) == declared


def found_as(session, declared, schemas=()):
    found = DIALECT.inspect(session.query, schemas)
    spelled = DIALECT.spellings(session.query, declared)
    found = type(found)(found.schema, found.unmanaged, found.implied, found.notes, spelled)
    return settle(recognize(found, declared, DIALECT), declared)
