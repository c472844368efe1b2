"""Laws of PostgreSQL's catalog: what a plan makes of a schema is read back as that schema."""

from contextlib import closing
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from postgres_schemas import possible
from strategies import schemas

from peewee_mig.dialects.base import Statement
from peewee_mig.dialects.postgres.dialect import DIALECT
from peewee_mig.diff import diff
from peewee_mig.plan.drift import drift
from peewee_mig.plan.planner import plan
from peewee_mig.schema import Schema

#: One database serves all examples.
one_database = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def make(connection, schema):
    """Make the tables in an empty schema of the database."""
    run(connection, "DROP SCHEMA public CASCADE")
    run(connection, "CREATE SCHEMA public")
    for step in plan(diff(Schema(), schema), Schema(), DIALECT).steps:
        assert isinstance(step, Statement)
        run(connection, step.sql)


def run(connection, sql):
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql)
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else []


@one_database
@given(schemas().map(possible))
def test_any_schema_that_a_plan_makes_is_read_back(postgres, schema):
    connection = postgres.connect()
    try:
        make(connection, schema)
        inspection = DIALECT.inspect(lambda sql: run(connection, sql))
    finally:
        connection.close()
    assert drift(inspection, schema, DIALECT).words == ()
    assert nameless_keys(inspection.schema) == nameless_keys(DIALECT.normalize(schema))


def nameless_keys(schema):
    """Leave out the names of foreign keys: PostgreSQL gives one to each."""
    return Schema.of(
        replace(table, foreign_keys=tuple(replace(k, name=None) for k in table.foreign_keys))
        for table in schema
    )


@given(schemas())
def test_what_is_normal_stays_as_it_is(schema):
    normal = DIALECT.normalize(schema)
    assert DIALECT.normalize(normal) == normal
