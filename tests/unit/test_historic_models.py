"""Models of a schema of the past: names, relations, cycles, and no trace in the process."""

import gc
import sqlite3
import threading
from contextlib import closing

import peewee
import pytest

from peewee_mig import op
from peewee_mig.operations import replay
from peewee_mig.schema import Schema
from peewee_mig.sources.calling import drivers_error, lent_database
from peewee_mig.sources.historic import historic_models
from peewee_mig.sources.importing import is_evicted

ID, KEY = op.column("id", "AUTO"), op.primary_key("id")
TEAM = op.create_table(
    "teams", ID, op.column("lead_id", "INT", null=True), KEY
)  # fmt: skip
PERSON = op.create_table(
    "person",
    ID,
    op.column("team_id", "INT", null=True),
    op.column("boss_id", "INT", null=True),
    op.column("class", "VARCHAR(20)", null=True),
    KEY,
    op.foreign_key("team_id", "teams", "id"),
    op.foreign_key("boss_id", "person", "id"),
)
TAG = op.create_table("tag", ID, op.column("born", "DATE", null=True), KEY)
PERSON_TAG = op.create_table(
    "person_tag",
    op.column("person_id", "INT"),
    op.column("tag_id", "INT"),
    op.primary_key("person_id", "tag_id"),
    op.foreign_key("person_id", "person", "id"),
    op.foreign_key("tag_id", "tag", "id"),
)
CYCLE = op.add_foreign_key("teams", op.foreign_key("lead_id", "person", "id"))
SCHEMA = replay([TEAM, PERSON, TAG, PERSON_TAG, CYCLE], Schema())


def made(connection, schema=SCHEMA, engine="sqlite"):
    database = peewee.SqliteDatabase(":memory:")
    database._connect = lambda: connection
    return historic_models(schema, engine, database)


@pytest.fixture
def connection():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as found:
        yield found


@pytest.fixture
def models(connection):
    found = made(connection)
    found.by_class["Person"]._meta.database.create_tables([*found.by_class.values()])
    return found.by_class


def test_classes_and_attributes_are_called_as_pull_calls_them(connection):
    found = made(connection)
    assert {*found.by_class} == {"Tag", "Team", "Person", "PersonTag"}
    assert found.by_table["teams"] is found.by_class["Team"]
    assert {*found.by_table} == {"tag", "teams", "person", "person_tag"}
    assert [*found.by_class["Person"]._meta.fields] == ["id", "team", "boss", "class_"]
    assert repr(found.by_class["Person"]) == "<Model: Person>"
    assert found.by_class["Person"].DoesNotExist.__qualname__ == "PersonDoesNotExist"


def test_relations_go_both_ways_through_cycles_and_tables_between(models):
    person, team, tag = models["Person"], models["Team"], models["Tag"]
    ann = person.create(class_="a")
    bob = person.create(boss=ann, team=team.create(lead=ann))
    assert [each.id for each in ann.boss_people] == [bob.id]
    assert bob.team.lead == ann
    assert [each.id for each in bob.team.people] == [bob.id]
    assert [each.id for each in ann.teams] == [bob.team_id]
    red = tag.create()
    ann.tags.add(red)
    assert [each.id for each in red.people] == [ann.id]
    with pytest.raises(person.DoesNotExist):
        person.get_by_id(9)


def test_nothing_is_left_in_peewee_and_nothing_is_taken_from_it(connection):
    class Waiting(peewee.Model):
        person = peewee.DeferredForeignKey("Person")
        team = peewee.DeferredForeignKey("Team")

    try:
        before = {*peewee.DeferredForeignKey._unresolved}
        found = made(connection)
        assert before == peewee.DeferredForeignKey._unresolved
        assert len(before) >= 2
        assert isinstance(found.by_class["Team"].lead, peewee.ForeignKeyField)
        assert isinstance(Waiting._meta.fields["person"], peewee.DeferredForeignKey)
    finally:
        peewee.DeferredForeignKey._unresolved.clear()


def test_no_command_takes_them_for_models_of_the_user(connection):
    assert all(map(is_evicted, made(connection).by_class.values()))


def test_they_are_gone_when_nobody_uses_them(connection):
    made(connection)
    gc.collect()
    left = [each for each in _descendants(peewee.Model) if each.__name__ == "PersonTag"]
    assert left == []


def _descendants(parent):
    for child in type.__subclasses__(parent):
        yield child
        yield from _descendants(child)


def test_many_threads_make_models_at_once(connection):
    failures = []

    def work():
        try:
            for _ in range(5):
                found = made(connection)
                assert found.by_class["Team"].lead.rel_model is found.by_class["Person"]
        except Exception as error:  # noqa: BLE001 (of whatever kind: the thread must tell)
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_an_empty_schema_has_no_models(connection):
    assert made(connection, Schema()).by_class == {}


def test_functions_of_peewee_work_on_a_connection_that_it_did_not_open(connection):
    said = []
    with lent_database("sqlite", connection, mariadb=False, watch=said.append) as database:
        tag = historic_models(SCHEMA, "sqlite", database).by_class["Tag"]
        database.create_tables([tag])
        tag.create(born="2020-02-29")
        assert tag.select().where(tag.born.year == 2020).count() == 1
    assert any("date_part" in sql for sql in said)


def test_the_error_of_the_driver_is_found_behind_that_of_peewee(connection):
    database = peewee.SqliteDatabase(":memory:")
    database._connect = lambda: connection
    with pytest.raises(peewee.OperationalError) as raised:
        database.execute_sql("NONSENSE")
    assert isinstance(drivers_error(raised.value), sqlite3.OperationalError)
    assert drivers_error(ValueError("x")) is None
