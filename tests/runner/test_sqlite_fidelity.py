"""All that can be declared, on SQLite: made, read back as declared, changed, and led back."""

from contextlib import closing
from dataclasses import replace

import peewee
import pytest
from fidelity_pairs import PAIRS, column
from fidelity_pairs import table as made

from peewee_mig.dialects.base import Statement
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.dialects.sqlite.dialect import DIALECT
from peewee_mig.dialects.sqlite.session import open_file
from peewee_mig.diff import Renames, diff
from peewee_mig.operations import invert_all, replay
from peewee_mig.schema import Schema
from peewee_mig.schema.types import native_type
from peewee_mig.sources.read import read_models


@pytest.fixture
def session(tmp_path):
    with closing(open_file(str(tmp_path / "app.db"), create=True)) as session:
        yield session


@pytest.mark.parametrize(
    "pair", [pytest.param(each, id=each.name) for each in PAIRS if "sqlite" in each.engines]
)
def test_a_change_leads_there_and_back(session, pair):
    operations = diff(pair.before, pair.after, pair.renames)
    run(session, diff(Schema(), pair.before), Schema())
    fill(session, pair.rows)
    assert found_as(session, pair.before) == pair.before
    rows = rows_of(session, pair.before)
    run(session, operations, pair.before)
    assert found_as(session, pair.after) == pair.after
    assert_kept(rows, rows_of(session, pair.after), computed(pair.before, pair.after))
    run(session, invert_all(operations), replay(operations, pair.before))
    assert found_as(session, pair.before) == pair.before
    assert_kept(rows, rows_of(session, pair.before), computed(pair.after))


def run(session, operations, before):
    with session.transaction(wait=0):
        for step in DIALECT.lower(operations, before, session.capabilities()):
            statements = [step.sql] if isinstance(step, Statement) else step.resolve(session.query)
            for sql in statements:
                session.execute(sql)
        assert DIALECT.problems(session.query) == frozenset()


def fill(session, rows):
    for table, found in rows.items():
        place = DIALECT.quote_table(table)
        columns = {
            name
            for name, hidden in session.query(
                f"SELECT name, hidden FROM pragma_table_xinfo('{table}')"
            )
            if not hidden
        }
        for row in found:
            given = {name: value for name, value in row.items() if name in columns}
            values = ", ".join(map(literal, given.values()))
            session.execute(f"INSERT INTO {place} ({DIALECT.quote_all(given)}) VALUES ({values})")


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
    for place, rows in ((place, rows) for place, rows in before.items() if place in after):
        assert len(after[place]) == len(rows)
        for old, new in zip(rows, after[place], strict=True):
            for name in old.keys() & new.keys() - computed:
                if old[name] is not None:
                    assert str(new[name]) == str(old[name]), name


def found_as(session, declared):
    return settle(recognize(DIALECT.inspect(session.query), declared, DIALECT), declared)


def test_a_declared_default_takes_the_place_of_one_made_by_hand(session):
    before, after = (
        Schema.of([made(column("a", default=default), column("b", "TEXT", null=True))])
        for default in (None, "7")
    )
    run(session, diff(Schema(), before), Schema())
    session.execute("DROP TABLE t")
    session.execute(
        'CREATE TABLE "t" ("id" INTEGER NOT NULL PRIMARY KEY, "a" INTEGER NOT NULL DEFAULT 5,'
        ' "b" TEXT DEFAULT "")'
    )
    run(session, diff(before, after), before)
    found = found_as(session, after).table("t")
    assert found.column("a").default == after.table("t").column("a").default
    assert found.column("b").default.text == "''"


def test_tables_with_dots_in_their_names_change_places(session):
    one, other = (made(column(each), name=name) for each, name in (("a", '"a.b"'), ("b", '"c.d"')))
    before = Schema.of([one, other])
    after = Schema.of([replace(one, name=other.name), replace(other, name=one.name)])
    run(session, diff(Schema(), before), Schema())
    renames = Renames({one.name: other.name, other.name: one.name}, {})
    operations = diff(before, after, renames)
    assert {each.kind for each in operations} == {"table"}
    run(session, operations, before)
    assert found_as(session, after) == after


def test_a_column_is_added_with_the_name_of_one_that_goes_in_another_case(session):
    before, after = Schema.of([made(column("NAME"))]), Schema.of([made(column("name", null=True))])
    run(session, diff(Schema(), before), Schema())
    run(session, diff(before, after), before)
    assert found_as(session, after) == after


def test_a_column_takes_the_name_of_one_that_goes_in_another_case(session):
    before = Schema.of([made(column("b", "TEXT", null=True), column("NAME"))])
    renames = Renames({}, {("t", "b"): "name"})
    changed = Schema.of([made(column("name", "TEXT"))])
    operations = diff(before, changed, renames)
    run(session, diff(Schema(), before), Schema())
    fill(session, {"t": [{"id": 1, "b": "kept", "NAME": 5}]})
    run(session, operations, before)
    assert session.query('SELECT "name" FROM t') == [("kept",)]
    assert found_as(session, changed) == changed


def test_types_of_ones_own_are_spelled_as_peewee_spells_them(session):
    class Exact(peewee.Field):
        field_type = "NUMERIC"

        def get_modifiers(self):
            return [10, 2]

    class Kind(peewee.Field):
        field_type = "VARYING CHARACTER"

        def get_modifiers(self):
            return [20]

    class Item(peewee.Model):
        price = Exact()
        kind = Kind()

    declared = read_models([Item]).schema
    created, _ = peewee.SchemaManager(Item, peewee.SqliteDatabase(None))._create_table().query()
    (ours,) = DIALECT.create_table(declared.table("item"))
    for text in ('"price" NUMERIC(10, 2) NOT NULL', "VARYING CHARACTER(20)"):
        assert text in created
        assert text in ours
    for sql in (created, ours, created.replace("(10, 2)", " ( 10,2 )")):
        session.execute(sql)
        assert found_as(session, declared) == declared
        session.execute('DROP TABLE "item"')
    assert DIALECT.type_sql(native_type("enum('a, (b)','C')")) == "ENUM('a, (b)', 'C')"
