"""A live database against what should be there: what differs, is accepted, stands apart."""

from dataclasses import replace

import pytest
from rows_world import State

from peewee_mig import op
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Inspection, Unmanaged
from peewee_mig.dialects.recognize import recognize
from peewee_mig.plan.drift import drift, drift_between, words
from peewee_mig.schema import Schema

DIALECT = get_dialect("sqlite")
POSTGRES = get_dialect("postgres")
PERSON = op.create_table(
    "person",
    op.column("id", "AUTO"),
    op.column("age", "INT", null=True),
    op.primary_key("id"),
    op.index("person_age", "age"),
    op.foreign_key("age", "person", "id"),
).object
PET = op.create_table("pet", op.column("id", "AUTO"), op.primary_key("id")).object
EXPECTED = Schema.of([PERSON, PET])
NORMAL = DIALECT.normalize(EXPECTED)
CHECK = Unmanaged("check", "person", "CHECK (age > 17)", "person")
VIEW = Unmanaged("view", "heavy", "SELECT 1")


def seen(*unmanaged, tables=NORMAL, **changes):
    return Inspection(tables.with_table(replace(tables.table("person"), **changes)), unmanaged)


def test_a_database_as_expected_has_no_drift():
    found = drift(seen(), EXPECTED, DIALECT)
    assert (found.words, found.apart, found.lines) == ((), (), ())
    assert found.found == EXPECTED


def test_what_hangs_on_managed_tables_is_told_from_what_stands_apart():
    strange = Unmanaged("trigger", "t", "CREATE TRIGGER t", "stranger")
    stranger = replace(PET, name="stranger")
    catalog = seen(CHECK, VIEW, strange, tables=NORMAL.with_table(stranger))
    found = drift(catalog, EXPECTED, DIALECT)
    assert found.attached == (CHECK,)
    assert found.apart == (Unmanaged("table", "stranger"), VIEW, strange)
    assert found.words == ("check person: CHECK (age > 17)",)


def test_a_table_that_was_ours_is_drift():
    catalog = seen(tables=NORMAL.with_table(replace(PET, name="toy")))
    assert drift(catalog, EXPECTED, DIALECT, ours={"toy"}).lines == ("table toy is not expected",)
    assert drift(catalog, EXPECTED, DIALECT).lines == ()


def test_a_virtual_table_that_was_ours_is_drift_and_another_one_stands_apart():
    docs, more = op.virtual_table("docs", "fts5", "title"), op.virtual_table("more", "fts5", "x")
    apart = tuple(Unmanaged("virtual table", each.name) for each in (docs, more))
    catalog = Inspection(NORMAL.with_objects([docs, more]), apart)
    found = drift(catalog, EXPECTED, DIALECT, ours={"docs"})
    assert found.lines == ("virtual table docs is not expected",)
    assert found.found.objects == (docs,)
    assert found.apart == apart[1:]
    same = drift(catalog, EXPECTED.with_objects([docs]), DIALECT, ours={"docs"})
    assert (same.lines, same.found.objects) == ((), (docs,))


TEXT = op.column("age", "TEXT", null=True)
NOTE = op.column("note", "TEXT")
ODD = op.index("odd", "id")
KEY = op.foreign_key("age", "pet", "id")
ANOTHER = op.foreign_key("id", "pet", "id")
ID = NORMAL.table("person").columns[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"columns": (ID, TEXT)},
        {"columns": (ID, NORMAL.table("person").columns[1], NOTE)},
        {"columns": (ID,), "indexes": (), "foreign_keys": ()},
        {"primary_key": None},
        {"primary_key": op.primary_key("age")},
        {"indexes": ()},
        {"indexes": (*PERSON.indexes, ODD)},
        {"foreign_keys": ()},
        {"foreign_keys": (KEY,)},
        {"foreign_keys": (*PERSON.foreign_keys, ANOTHER)},
    ],
)
def test_what_was_accepted_counts_as_expected(changes):
    found = drift(seen(CHECK, **changes), EXPECTED, DIALECT)
    left = found.without(found.exact)
    assert found.lines
    assert left.words == ()
    assert left.expected == found.found


def test_tables_are_accepted_whole():
    toy = replace(PET, name="toy")
    catalog = Inspection(NORMAL.without_table("pet").with_table(toy))
    found = drift(catalog, EXPECTED, DIALECT, ours={"toy"})
    assert found.lines == ("table pet is missing", "table toy is not expected")
    assert found.without(found.exact).expected.names == {"person", "toy"}


def test_what_changed_since_is_not_accepted():
    older = drift(seen(columns=(ID, TEXT)), EXPECTED, DIALECT).exact
    newer = replace(TEXT, null=False)
    found = drift(seen(columns=(ID, newer)), EXPECTED, DIALECT).without(older)
    assert found.lines == ("column person.age is TEXT NOT NULL, expected INT NULL",)
    assert found.expected == EXPECTED


def test_a_change_of_what_was_not_expected_is_not_accepted():
    columns = NORMAL.table("person").columns
    older = drift(seen(columns=(*columns, NOTE)), EXPECTED, DIALECT)
    newer = drift(seen(columns=(*columns, replace(NOTE, null=True))), EXPECTED, DIALECT)
    assert older.lines == newer.lines
    assert older.exact == ("column person.note is not expected: TEXT NOT NULL",)
    assert newer.without(older.exact).lines == newer.lines


def test_a_table_that_was_not_expected_is_accepted_with_all_its_parts():
    toy = replace(PERSON, name="toy", foreign_keys=())
    catalog = seen(tables=NORMAL.with_table(toy))
    (line,) = drift(catalog, EXPECTED, DIALECT, ours={"toy"}).exact
    assert line == (
        "table toy is not expected: column toy.id AUTO NOT NULL, column toy.age INT NULL,"
        " the primary key of toy (id), index person_age of toy (age)"
    )


def test_two_databases_are_compared_in_all_that_they_hold():
    here = seen(CHECK, columns=(*NORMAL.table("person").columns, NOTE))
    there = seen(VIEW, tables=NORMAL.with_table(replace(PET, name="toy")))
    found = drift_between(here, there, EXPECTED, DIALECT)
    assert found.words == (
        "column person.note is not expected",
        "table toy is missing",
        "view heavy: SELECT 1 is missing",
        "check person: CHECK (age > 17)",
    )


def test_names_of_keys_that_nobody_declared_do_not_count_between_databases():
    toy = replace(PET, name="toy", foreign_keys=(op.foreign_key("id", "pet", "id", name="one"),))
    other = replace(toy, foreign_keys=(op.foreign_key("id", "pet", "id", name="other"),))
    here, there = (
        Inspection(POSTGRES.normalize(EXPECTED).with_table(each)) for each in (toy, other)
    )
    assert drift_between(here, there, EXPECTED, POSTGRES).words == ()


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (Unmanaged("view", "heavy"), "view heavy"),
        (Unmanaged("default", "pet.age", "7", "pet"), "default pet.age: 7"),
        (Unmanaged("index", "odd", "(lower(x))", "pet"), "index odd on pet: (lower(x))"),
    ],
)
def test_an_object_is_named_in_one_line(thing, text):
    assert words(thing) == text


def test_reference_rows_are_those_that_the_database_has():
    one = State({"a": "A", "b": "B"}, tables=("role",)).schema
    found = State({"a": "X"}, tables=("role",)).schema
    catalog = Inspection(State(tables=("role",)).schema)
    assert not drift(catalog, one, DIALECT).differences
    seen = drift(catalog, one, DIALECT, rows=lambda _: found)
    assert seen.lines == (
        "the reference row (a) of role has label X, expected A",
        "the reference row (b) of role is missing",
    )
    left = seen.without(seen.exact)
    assert left.expected == found
    assert not left.differences
    none = drift(catalog, one, DIALECT, rows=lambda _: State(tables=("role",)).schema)
    assert none.without(none.exact).expected == State(tables=("role",)).schema


def test_what_a_catalog_lacks_has_no_reference_rows_either():
    one = State({"a": "A"}, (("a", "x"),), ranked="INT").schema
    bare = State(ranked="").schema
    found = recognize(Inspection(bare), one, DIALECT)
    assert found.table("role").rows == State({"a": "A"}).schema.table("role").rows
    only = recognize(Inspection(Schema.of([bare.table("may"), bare.table("tree")])), one, DIALECT)
    assert only.table("may").rows is None
    renamed = recognize(Inspection(State(called="code").schema), one, DIALECT)
    assert renamed.table("role").rows is None
