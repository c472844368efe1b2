"""What a resumed run is held to: what it makes, and nothing that was otherwise before."""

from dataclasses import replace

import pytest

from peewee_mig.dialects.base import Statement
from peewee_mig.runner.verifying import is_known, unmade
from peewee_mig.schema.compare import differences
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import parse_type

ID, NAME, AGE = (Column(name, parse_type("INT")) for name in ("id", "name", "age"))
WIDE = replace(AGE, type=parse_type("BIGINT"))
TOWN = Column("town", parse_type("INT"))
KEY = PrimaryKey(("id",))
INDEX = Index("people_age", ("age",))
TO_SELF = ForeignKey(("age",), "people", ("id",))


def people(*columns, indexes=(), foreign_keys=(), key=KEY):
    table = Table("people", (ID, *columns), key, tuple(indexes), tuple(foreign_keys))
    return Schema.of([table])


def wrong(before, after, found):
    return [each.words for each in unmade(differences(after, found), before, after)]


BEFORE = people(NAME, AGE)


@pytest.mark.parametrize(
    ("after", "found", "said"),
    [
        (people(NAME, AGE, TOWN), BEFORE, "column people.town is missing"),
        (people(NAME), BEFORE, "column people.age is not expected"),
        (people(NAME, WIDE), BEFORE, "column people.age is INT NOT NULL, expected BIGINT NOT NULL"),
        (people(NAME, AGE, indexes=[INDEX]), BEFORE, "index people_age of people is missing"),
        (
            people(NAME, AGE, foreign_keys=[TO_SELF]),
            BEFORE,
            "the foreign key of people on (age) is missing",
        ),
        (
            people(NAME, AGE, key=PrimaryKey(("id", "name"))),
            BEFORE,
            "the primary key of people is (id), expected (id, name)",
        ),
        (Schema.of([]), BEFORE, "table people is not expected"),
    ],
)
def test_what_it_makes_is_proved(after, found, said):
    assert wrong(BEFORE, after, found) == [said]


def test_a_table_that_it_makes_must_be_there():
    assert wrong(Schema.of([]), BEFORE, Schema.of([])) == ["table people is missing"]


@pytest.mark.parametrize(
    "found",
    [
        people(NAME, WIDE, TOWN),  # another type since long ago
        people(AGE, TOWN),  # a column dropped by hand
        people(NAME, AGE, TOWN, indexes=[INDEX]),  # an index by hand
    ],
)
def test_what_was_otherwise_before_is_not_its_business(found):
    assert wrong(BEFORE, people(NAME, AGE, TOWN), found) == []


def test_a_column_that_is_renamed_keeps_the_type_that_it_has():
    years = replace(AGE, name="years")
    after, found = people(NAME, years), people(NAME, replace(WIDE, name="years"))
    assert wrong(BEFORE, after, found) == []
    assert wrong(BEFORE, after, BEFORE) == [
        "column people.years is missing",
        "column people.age is not expected",
    ]


@pytest.mark.parametrize(
    ("statement", "known"),
    [
        (Statement("ALTER TABLE people …", tables=("people",)), True),
        (Statement("UPDATE people …", rows=True), True),
        (Statement("ALTER TABLE people …"), False),
    ],
)
def test_sql_by_hand_that_defines_makes_the_result_unknown(statement, known):
    assert is_known([Statement("x", tables=("y",)), statement]) is known
