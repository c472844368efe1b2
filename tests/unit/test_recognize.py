"""What a catalog holds, in the words of the schema that declares it."""

from dataclasses import replace

import pytest

from peewee_mig import op
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Inspection
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.schema import Schema

LONG = "a_name_that_postgresql_cuts_because_it_has_more_than_sixty_three_bytes"
DECLARED = Schema.of(
    table.object
    for table in (
        op.create_table(
            "person",
            op.column("id", "AUTO"),
            op.column("age", "BIGINT", null=True),
            op.column(LONG, "BOOL"),
            op.primary_key("id"),
            op.index("person_age", "age"),
            op.index("chosen", LONG, unique=True, named=True),
        ),
        op.create_table(
            "pet",
            op.column("id", "AUTO"),
            op.column("owner_id", "INT"),
            op.column("other_id", "INT"),
            op.primary_key("id"),
            op.foreign_key("owner_id", "person", "id", on_delete="RESTRICT"),
            op.foreign_key("other_id", "person", "id", name="the_other"),
        ),
    )
)
ENGINES = pytest.mark.parametrize(
    "dialect",
    [get_dialect(name) for name in ("sqlite", "postgres", "mysql")],
    ids=lambda each: each.name,
)


def seen(dialect, **changes):
    """Return the catalog after ``create_tables``, with other objects of ``person``."""
    schema = dialect.normalize(DECLARED)
    return Inspection(schema.with_table(replace(schema.table("person"), **changes)))


def with_name(table, key, name):
    keys = tuple(replace(each, name=name) if each == key else each for each in table.foreign_keys)
    return replace(table, foreign_keys=keys)


@ENGINES
def test_the_name_of_a_primary_key_counts_where_it_is_declared_and_kept(dialect):
    kept = dialect.name != "mysql"
    own, other = (op.primary_key("id", name=name) for name in ("own", "other"))
    plain = DECLARED.table("person")
    declared = DECLARED.with_table(replace(plain, primary_key=own))
    made = Inspection(dialect.normalize(declared))
    assert recognize(made, declared, dialect) == declared
    found = Inspection(
        declared.with_table(replace(dialect.normalize(declared).table("person"), primary_key=other))
    )
    assert recognize(found, DECLARED, dialect).table("person").primary_key == op.primary_key("id")
    if kept:
        assert recognize(found, declared, dialect).table("person").primary_key == other
    keyless = DECLARED.with_table(replace(plain, primary_key=None))
    assert recognize(found, keyless, dialect).table("person").primary_key == other


@ENGINES
def test_what_the_engine_made_of_a_declaration_is_the_declaration(dialect):
    assert settle(recognize(seen(dialect), DECLARED, dialect), DECLARED) == DECLARED


@ENGINES
def test_a_name_that_the_engine_made_up_for_a_key_does_not_count(dialect):
    found = seen(dialect).schema
    pet = found.table("pet")
    key = pet.find_foreign_key(("owner_id",))
    catalog = Inspection(found.with_table(with_name(pet, key, "made_up")))
    assert settle(recognize(catalog, DECLARED, dialect), DECLARED) == DECLARED


@pytest.mark.parametrize("name", ["postgres", "mysql"])
def test_a_name_that_the_user_chose_for_a_key_counts(name):
    dialect = get_dialect(name)
    found = seen(dialect).schema
    pet = found.table("pet")
    key = pet.find_foreign_key(("other_id",))
    catalog = Inspection(found.with_table(with_name(pet, key, "another")))
    recognized = recognize(catalog, DECLARED, dialect)
    assert recognized.table("pet").find_foreign_key(("other_id",)).name == "another"


@ENGINES
def test_another_type_stays_what_it_is(dialect):
    columns = seen(dialect).schema.table("person").columns
    other = op.column("age", "TEXT", null=True)
    catalog = seen(dialect, columns=(columns[0], other, columns[2]))
    recognized = recognize(catalog, DECLARED, dialect).table("person")
    assert recognized.find_column("age") == other
    assert recognized.find_column("id") == op.column("id", "AUTO")


@ENGINES
def test_an_index_keeps_the_name_it_has_until_it_is_settled(dialect):
    normal = dialect.normalize(DECLARED).table("person")
    indexes = tuple(
        replace(each, name="by_hand") if each.name == "person_age" else each
        for each in normal.indexes
    )
    recognized = recognize(seen(dialect, indexes=indexes), DECLARED, dialect)
    assert recognized.table("person").find_index("by_hand") is not None
    assert settle(recognized, DECLARED) == DECLARED


def test_an_index_that_the_user_named_is_not_recognized_under_another_name():
    dialect = get_dialect("sqlite")
    indexes = (op.index("person_age", "age"), op.index("other", LONG, unique=True))
    recognized = recognize(seen(dialect, indexes=indexes), DECLARED, dialect)
    assert settle(recognized, DECLARED).table("person").find_index("chosen") is None


def test_an_index_is_not_settled_onto_a_name_that_another_one_has():
    dialect = get_dialect("sqlite")
    indexes = (op.index("by_hand", "age"), op.index("person_age", "id"))
    found = recognize(seen(dialect, indexes=indexes), DECLARED, dialect)
    assert settle(found, DECLARED).table("person") == found.table("person")


def test_an_index_that_came_with_a_key_counts_only_where_it_is_declared():
    dialect = get_dialect("mysql")
    found = dialect.normalize(DECLARED)
    pet = replace(found.table("pet"), indexes=(op.index("owner_id", "owner_id"),))
    catalog = Inspection(found.with_table(pet), implied=frozenset({("pet", "owner_id")}))
    assert recognize(catalog, DECLARED, dialect).table("pet").indexes == ()
    declared_pet = replace(DECLARED.table("pet"), indexes=(op.index("pet_owner_id", "owner_id"),))
    declared = DECLARED.with_table(declared_pet)
    assert settle(recognize(catalog, declared, dialect), declared) == declared


def test_a_table_that_nobody_declared_stays_as_it_was_found():
    dialect = get_dialect("sqlite")
    stranger = op.create_table(
        "stranger",
        op.column("id", "INT"),
        op.foreign_key("id", "person", "id", name="made_up"),
    ).object
    catalog = Inspection(dialect.normalize(DECLARED).with_table(stranger))
    recognized = recognize(catalog, DECLARED, dialect)
    assert recognized.table("stranger") == stranger
    assert settle(recognized, DECLARED).table("stranger") == stranger


def test_a_key_that_nobody_declared_stays_as_it_was_found():
    dialect = get_dialect("postgres")
    found = dialect.normalize(DECLARED)
    key = op.foreign_key("age", "person", "id", name="by_hand")
    person = replace(found.table("person"), foreign_keys=(key,))
    recognized = recognize(Inspection(found.with_table(person)), DECLARED, dialect)
    assert recognized.table("person").foreign_keys == (key,)
