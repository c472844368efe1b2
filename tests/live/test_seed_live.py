"""Seeds on servers: the same rows, in the role that is configured, with locks waited for."""

import sys
import threading
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pytest
from live_world import LiveWorld

from peewee_mig.commands.seed import seed
from peewee_mig.commands.seed_units import Wanted
from peewee_mig.errors import SeedError

SEEDS = """
from datetime import datetime
from decimal import Decimal
from peewee import *
from peewee_mig.seeds import seed, upsert

db = DatabaseProxy()

class Person(Model):
    name = CharField(max_length=50, unique=True)
    price = DecimalField(max_digits=8, decimal_places=2, null=True)
    since = DateTimeField(null=True)
    facts = JSONField(null=True)
    photo = BlobField(null=True)
    class Meta:
        database = db
        table_name = "people"

ANN = dict(name="50% off", price="1.5", since=datetime(2024, 1, 2, 3, 4), facts={"a": [1]},
           photo=b"\\0%s")

@seed()
def people(database):
    with db.atomic():
        upsert(Person, key="name", rows=[ANN, {"name": "Bob"}])

@seed()
def roles(database):
    upsert(Person, key="name", rows=[{"name": database.execute_sql("SELECT WHO").fetchone()[0]}])

@seed()
def prices():
    Person.update(price=4).execute()

@seed(tracked=True)
def once():
    Person.create(name="once")

@seed()
def tables(database):
    Person.create(name="before")
    database.execute_sql("CREATE TABLE made_by_seed (x INT)")

@seed()
def twice():
    Person.create(name="lost")
    with db.atomic():
        Person.create(name="Bob")
"""
TABLE = """op.create_table(
    "people", op.column("id", "AUTO"), op.column("name", "VARCHAR(50)"),
    op.column("price", "DECIMAL(8, 2)", null=True), op.column("since", "DATETIME", null=True),
    op.column("facts", "JSON", null=True), op.column("photo", "BLOB", null=True),
    op.primary_key("id"), op.index("people_name", "name", unique=True),
)"""


@pytest.fixture(params=["postgres", "mysql"])
def server(request, databases):
    return databases(request.param)


@pytest.fixture
def world(server, tmp_path, request):
    """A migrated database and seeds; on PostgreSQL in a role that owns the table."""
    world = LiveWorld(tmp_path, server)
    world.who = "'nobody'"
    if world.is_postgres:
        owner, user = (server.role(suffix) for suffix in ("owner", "user"))
        world.sql(f'GRANT CREATE ON SCHEMA public TO "{owner}"', f"GRANT {owner} TO {user}")
        world.url, world.who, world.settings["role"] = server.url_as(user), "current_user", owner
    module = f"seeds_on_{request.node.callspec.id}_{server.name}"
    Path(tmp_path, f"{module}.py").write_text(SEEDS.replace("WHO", world.who), encoding="utf-8")
    world.settings["seeds"] = (module,)
    world.write(TABLE)
    world.migrate()
    yield world
    if world.is_postgres:
        world.sql(f"DROP OWNED BY {owner} CASCADE")


def counts(world, *names):
    return {each.name: str(each.counts) for each in seed(world.project, Wanted(names)).ran}


def test_seeds_on_a_server(world, monkeypatch):
    assert counts(world, "people", "roles") == {"people": "2 inserted", "roles": "1 inserted"}
    assert counts(world, "people", "roles") == {"people": "2 unchanged", "roles": "1 unchanged"}
    who = world.settings.get("role", "nobody")
    assert world.sql("SELECT name FROM people WHERE since IS NULL ORDER BY id") == [
        ("Bob",),
        (who,),
    ]
    assert world.sql("SELECT since FROM people WHERE price = 1.5") == [
        (datetime(2024, 1, 2, 3, 4),)  # noqa: DTZ001 (as columns keep it)
    ]
    with pytest.raises(SeedError, match="'twice' failed") as caught:
        seed(world.project, Wanted(("twice",)))
    assert "Bob" in caught.value.original
    assert world.sql("SELECT count(*) FROM people") == [(3,)]
    it_says_what_stays(world)
    it_tracks(world)
    it_waits_for_rows_that_others_hold(world)
    it_takes_the_database_of_the_application(world, monkeypatch)


def it_says_what_stays(world):
    """MariaDB commits where a table is made."""
    assert counts(world, "tables").keys() == {"tables"}
    world.sql("DELETE FROM people WHERE name = 'before'")
    with pytest.raises(SeedError, match="'tables' failed") as caught:
        seed(world.project, Wanted(("tables",)))
    left = world.sql("SELECT count(*) FROM people WHERE name = 'before'")
    assert (left, caught.value.committed) == (
        ([(0,)], "nothing was changed")
        if world.is_postgres
        else ([(1,)], "perhaps what tables() did until then: look at the rows")
    )
    world.sql("DELETE FROM people WHERE name = 'before'")


def it_tracks(world):
    assert seed(world.project, Wanted(("once",))).skipped == ()
    again = seed(world.project, Wanted(("once",)))
    assert (again.ran, again.skipped) == ((), ("once",))
    assert world.sql("SELECT name, applied_by <> '' FROM peewee_mig_seeds") == [("once", 1)]
    with pytest.raises(SeedError, match="'once' failed"):
        seed(world.project, Wanted(("once",), again=True))
    world.sql("DELETE FROM people WHERE name = 'once'")
    assert [each.name for each in seed(world.project, Wanted(("once",), again=True)).ran] == [
        "once"
    ]
    world.sql("DELETE FROM people WHERE name = 'once'")


def it_waits_for_rows_that_others_hold(world):
    other = world.database.connect()
    other.cursor().execute("BEGIN")
    other.cursor().execute("UPDATE people SET price = 3 WHERE name = '50% off'")
    timer = threading.Timer(0.6, lambda: other.cursor().execute("COMMIT"))
    timer.start()
    try:
        counts(world, "prices")
    finally:
        timer.join()
    assert world.sql("SELECT DISTINCT price FROM people") == [(4,)]


def it_takes_the_database_of_the_application(world, monkeypatch):
    module = ModuleType(f"{world.settings['seeds'][0]}_db")
    module.database = world.database.peewee()
    monkeypatch.setitem(sys.modules, module.__name__, module)
    world.url = f"{module.__name__}:database"
    world.settings["role"] = ""
    assert counts(world, "people") == {"people": "1 updated, 1 unchanged"}
    assert module.database.is_closed()
