"""Differences of schemas in words."""

from dataclasses import replace

import pytest

from peewee_mig import op
from peewee_mig.schema.compare import difference
from peewee_mig.schema.schema import Schema

PERSON = op.create_table(
    "person",
    op.column("id", "AUTO"),
    op.column("name", "TEXT"),
    op.primary_key("id"),
    op.index("person_name", "name"),
    op.foreign_key("id", "person", "id", on_delete="CASCADE"),
).object


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({}, []),
        ({"columns": PERSON.columns[::-1]}, []),
        (
            {"columns": (PERSON.columns[0], op.column("name", "INT", null=True))},
            ["column person.name is INT NULL, expected TEXT NOT NULL"],
        ),
        (
            {"columns": (PERSON.columns[0], op.column("nick", "TEXT"))},
            ["column person.name is missing", "column person.nick is not expected"],
        ),
        ({"primary_key": None}, ["the primary key of person is missing"]),
        (
            {"primary_key": op.primary_key("name")},
            ["the primary key of person is (name), expected (id)"],
        ),
        (
            {"primary_key": op.primary_key("id", name="own")},
            ["the primary key of person is (id) named own, expected (id)"],
        ),
        (
            {"indexes": (op.index("person_name", "name", unique=True, named=True),)},
            [
                (
                    "index person_name of person is unique (name) with a name of the user's, "
                    "expected (name)"
                ),
            ],
        ),
        (
            {"foreign_keys": (op.foreign_key("id", "pet", "id", on_update="CASCADE", name="k"),)},
            [
                (
                    "the foreign key of person on (id) is to pet (id) ON UPDATE CASCADE named k, "
                    "expected to person (id) ON DELETE CASCADE"
                ),
            ],
        ),
    ],
)
def test_each_difference_is_a_line(changes, lines):
    found = Schema.of([replace(PERSON, **changes)])
    assert difference(Schema.of([PERSON]), found) == lines


def test_tables_that_are_missing_or_not_expected_are_named():
    pet = op.create_table("pet", op.column("id", "AUTO")).object
    expected, found = Schema.of([PERSON]), Schema.of([pet])
    assert difference(expected, found) == ["table person is missing", "table pet is not expected"]
