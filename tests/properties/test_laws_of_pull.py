"""Laws of pull: the models that are written for a live database say all that it has."""

from contextlib import closing

from hypothesis import event, given
from rich import BILLING, rich_schemas
from rich_world import RichMysqlWorld, RichPostgresWorld, SqliteWorld
from test_laws_of_rich_servers import few, many, some
from written_world import tables_of

from peewee_mig.commands.pull import write_for
from peewee_mig.errors import RefusedError
from peewee_mig.history.records import OwnTables
from peewee_mig.runner.catalog import Speller, read_catalog

#: What models say nothing about, whatever the tables are.
BESIDE = ("extension", "view")


@many
@given(schema=rich_schemas("sqlite"))
def test_models_say_all_that_sqlite_has(schema):
    assert_said(SqliteWorld(), schema)


@some
@given(schema=rich_schemas("postgres"))
def test_models_say_all_that_postgresql_has(postgres, schema):
    assert_said(RichPostgresWorld(postgres), schema)


@few
@given(schema=rich_schemas("mysql"))
def test_models_say_all_that_mariadb_has(mysql, schema):
    assert_said(RichMysqlWorld(mysql), schema)


def assert_said(world, schema):
    schema = tables_of(schema).with_objects(schema.objects)
    with closing(world):
        try:
            world.build(schema, {})
        except RefusedError as error:  # a schema that this server cannot have
            event(error.message)
            return
        query = world.session.query
        found = read_catalog(world.dialect, query, OwnTables(), schemas={BILLING})
        modules, left = write_for(found, Speller(world.dialect, query))
        assert [str(each) for each in left if each.kind not in BESIDE] == [], modules[0].text
