"""Virtual generated columns of PostgreSQL 18 that become plain or stored, and back."""

from contextlib import closing
from dataclasses import replace

import pytest
from fidelity_pairs import check, column, table

from peewee_mig.dialects.base import LiveStep
from peewee_mig.dialects.postgres.dialect import DIALECT
from peewee_mig.dialects.postgres.session import open_url
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.dialects.url import parse_url
from peewee_mig.diff import diff
from peewee_mig.operations import invert_all
from peewee_mig.operations.verbs import Constant
from peewee_mig.schema import Schema

POSITIVE = check("g > 0", "ck", columns=("g",))


def generated(words="INT", *, stored=False, **attributes):
    return column("g", words, computed='"a" * 2', stored=stored, **attributes)


@pytest.fixture
def session(postgres):
    with closing(open_url(parse_url(postgres.url))) as session:
        reason = DIALECT.lacks(generated(), None, session.capabilities())
        if reason:
            pytest.skip(f"PostgreSQL {reason}")
        yield session


@pytest.mark.parametrize(
    ("before", "after", "there"),
    [
        pytest.param((generated(),), (column("g"),), [2, 4], id="plain"),
        pytest.param(
            (generated(null=True, comment="x"),),
            (column("g", null=True, comment="x"),),
            [2, 4],
            id="NULL and a comment",
        ),
        pytest.param(
            (generated(null=True),), (column("g", default="7"),), [2, 4], id="NOT NULL, a default"
        ),
        pytest.param((generated(),), (column("g", "TEXT"),), ["2", "4"], id="another type"),
        pytest.param(
            (generated("TEXT", collation="C"),),
            (column("g", "VARCHAR(9)"),),
            ["2", "4"],
            id="another collation",
        ),
        pytest.param(
            (generated(), POSITIVE), (column("g", "BIGINT"), POSITIVE), [2, 4], id="a check"
        ),
        pytest.param((generated(),), (generated(stored=True),), [2, 4], id="stored"),
        pytest.param(
            (generated(), POSITIVE),
            (generated(stored=True), POSITIVE),
            [2, 4],
            id="stored, checked",
        ),
    ],
)
def test_values_stay(session, before, after, there):
    one, other = (Schema.of([table(column("a"), *parts)]) for parts in (before, after))
    operations = diff(one, other)
    run(session, diff(Schema(), one), Schema())
    session.execute('INSERT INTO "t" ("id", "a") VALUES (1, 1), (2, 2)')
    run(session, operations, one)
    assert (declared(session, other), values(session)) == (other, there)
    session.execute('UPDATE "t" SET "a" = 5 WHERE "id" = 2')
    run(session, invert_all(operations), other)
    assert declared(session, one) == one
    assert [int(value) for value in values(session)] == [2, 10]


def test_rows_with_null_get_the_fill(session):
    one = Schema.of([table(column("a", null=True), generated(null=True))])
    other = Schema.of([table(column("a", null=True), column("g"))])
    run(session, diff(Schema(), one), Schema())
    session.execute('INSERT INTO "t" ("id", "a") VALUES (1, 1), (2, NULL)')
    run(session, diff(one, other, fills={("t", "g"): Constant(9)}), one)
    assert (declared(session, other), values(session)) == (other, [2, 9])


def run(session, operations, before):
    with session.transaction(wait=0):
        for step in DIALECT.lower(operations, before, session.capabilities()):
            for sql in step.resolve(session.query) if isinstance(step, LiveStep) else [step.sql]:
                session.execute(sql)


def values(session):
    return [value for (value,) in session.query('SELECT "g" FROM "t" ORDER BY "id"')]


def declared(session, schema):
    """Return what is found, in the words of what is declared."""
    found = DIALECT.inspect(session.query)
    spelled = DIALECT.spellings(session.query, schema)
    return settle(recognize(replace(found, spellings=spelled), schema, DIALECT), schema)
