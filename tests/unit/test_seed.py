"""Seeds on SQLite: which run where and in which order, what they leave, and what is told."""

import itertools
import json
import sqlite3
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from peewee import (
    CharField,
    CompositeKey,
    DateField,
    DateTimeField,
    DecimalField,
    ForeignKeyField,
    JSONField,
    Model,
    SqliteDatabase,
    fn,
)

from peewee_mig.cli.main import call
from peewee_mig.commands.seed_units import Place, Wanted, arrange, choose, refuse_production
from peewee_mig.errors import RefusedError, UsageError
from peewee_mig.seeds import DECLARED, Counts, Unit, seed, upsert

ROOT = Path(__file__).parents[2]
NUMBERS = itertools.count(1)
MODELS = """
from peewee import *
db = DatabaseProxy()
class Person(Model):
    name = CharField(max_length=50, unique=True)
    age = IntegerField(default=0)
    class Meta:
        database = db
class Pet(Model):
    owner = ForeignKeyField(Person)
    class Meta:
        database = db
"""
SEEDS = """
from MODELS import Person, Pet, db
from peewee_mig.seeds import seed, upsert

@seed(after=["people"], tags=["production"])
def older():
    upsert(Person, key="name", rows=[{"name": "Ann", "age": 36}])

@seed(tags=["production"])
def people(database):
    print("seeding")
    with db.atomic():
        upsert(Person, key="name", rows=[{"name": "Ann"}, {"name": "50% off"}])

@seed("toys", tags=["play"])
def any_toys():
    Person.create(name="toy")
"""


# Which run, and in which order: pure.


def unit(name, after=(), tags=()):
    return Unit(name, print, tuple(after), tuple(tags))


def names(units):
    return [each.name for each in units]


def test_the_order_is_as_declared_but_after_what_is_named():
    units = [unit("a", ["c"]), unit("b"), unit("c", ["d"]), unit("d"), unit("e")]
    assert names(arrange(units)) == ["b", "d", "c", "a", "e"]


@pytest.mark.parametrize(
    ("units", "message", "hint"),
    [
        ([unit("a"), unit("a")], "two seeds are called 'a'", "rename"),
        ([unit("a", ["roels"]), unit("roles")], "to run after 'roels'", "did you mean 'roles'"),
        ([unit("a", ["b"]), unit("b", ["a"]), unit("c")], "wait for each other: a, b", "after"),
        ([unit("a", ["a"])], "wait for each other: a", "after"),
    ],
)
def test_an_order_that_cannot_be_is_told(units, message, hint):
    with pytest.raises(UsageError, match=message) as caught:
        arrange(units)
    assert hint in caught.value.hint


UNITS = arrange(
    [
        unit("base", tags=["production"]),
        unit("more", ["base"], ["big"]),
        unit("demo", ["more"], ["dev"]),
        unit("live", tags=["prod"]),
    ]
)
ENVIRONMENTS = ("dev", "prod", "production")


@pytest.mark.parametrize(
    ("wanted", "env", "run", "elsewhere"),
    [
        (Wanted(), "", ["base", "more"], ["demo", "live"]),
        (Wanted(), "dev", ["base", "more", "demo"], ["live"]),
        (Wanted(), "prod", ["base", "more", "live"], ["demo"]),
        (Wanted(("demo",)), "dev", ["base", "more", "demo"], []),
        (Wanted(only=("demo",)), "dev", ["demo"], []),
        (Wanted(("base",), only=("demo",)), "dev", ["base", "demo"], []),
        (Wanted(tags=("big",)), "", ["base", "more"], []),
        (Wanted(tags=("production",)), "", ["base"], []),
    ],
)
def test_what_is_chosen(wanted, env, run, elsewhere):
    choice = choose(UNITS, wanted, Place(env, environments=ENVIRONMENTS))
    assert (names(choice.run), names(choice.elsewhere)) == (run, elsewhere)


def test_a_seed_of_another_environment_is_refused_by_name():
    with pytest.raises(RefusedError, match="'demo' runs only in dev"):
        choose(UNITS, Wanted(("demo",)), Place("prod", environments=ENVIRONMENTS))


def test_production_takes_only_what_is_meant_for_it():
    place = Place("prod", production=True, environments=ENVIRONMENTS)
    with pytest.raises(RefusedError, match=r"not tagged for it: more$") as caught:
        refuse_production(choose(UNITS, Wanted(), place), place)
    assert "peewee-mig seed base live" in caught.value.hint
    refuse_production(choose(UNITS, Wanted(("base", "live")), place), place)


# Declaring.


def test_a_module_knows_its_seeds_and_the_functions_stay_what_they_were():
    space = {"seed": seed}
    exec("@seed('x', after=['y'])\ndef f(database, more=1): return 7\nr = f(0)", space)  # noqa: S102
    (found,) = space[DECLARED]
    assert (found.name, found.after, found.takes_database, space["r"]) == ("x", ("y",), True, 7)


@pytest.mark.parametrize(
    "declaration",
    [
        "@seed\ndef f(): ...",
        "@seed()\nasync def f(): ...",
        "@seed()\ndef f(): yield",
        "@seed()\ndef f(a, b): ...",
        "@seed()\ndef f(*, a): ...",
        "@seed()\nclass F: ...",
        "@seed(after='roles')\ndef f(): ...",
        "@seed(tags=[1])\ndef f(): ...",
        "@seed('-x')\ndef f(): ...",
    ],
)
def test_what_cannot_be_a_seed_is_refused(declaration):
    with pytest.raises(UsageError):
        exec(declaration, {"seed": seed})  # noqa: S102


# Upserts.


class Country(Model):
    code = CharField(max_length=2, primary_key=True)


class City(Model):
    country = ForeignKeyField(Country, null=True, column_name="country_code")
    name = CharField(max_length=50)
    budget = DecimalField(max_digits=10, decimal_places=2, null=True)
    founded = DateField(null=True)
    seen_at = DateTimeField(null=True)
    facts = JSONField(null=True)
    note = CharField(max_length=50, default="new")


class Twin(Model):
    one = ForeignKeyField(City, backref="ones")
    two = ForeignKeyField(City, backref="twos")

    class Meta:
        primary_key = CompositeKey("one", "two")


@pytest.fixture
def cities():
    tables = [Country, City, Twin]
    database = SqliteDatabase(":memory:")
    with database.bind_ctx(tables), database:
        database.create_tables(tables)
        Country.create(code="IT")
        yield database


FULL = {
    "name": "Turin",
    "country": "IT",
    "budget": Decimal("1.50"),
    "founded": date(1800, 1, 2),
    "seen_at": datetime(2024, 1, 2, 3, 4),  # noqa: DTZ001 (as columns keep it)
    "facts": {"a": [1, None]},
}


def test_rows_come_change_and_stay(cities):
    assert upsert(City, key="name", rows=[FULL, {"name": "Rome"}]) == Counts(2)
    City.update(note="mine").execute()
    assert upsert(City, key="name", rows=[FULL, {"name": "Rome"}]) == Counts(unchanged=2)
    changed = {**FULL, "budget": 2, "facts": {"a": []}}
    assert upsert(City, key="name", rows=[changed, {"name": "Bari"}]) == Counts(1, 1)
    assert upsert(City, key="name", rows=[{**changed, "founded": None}]) == Counts(updated=1)
    there = City.get(name="Turin")
    assert (there.budget, there.facts, there.founded, there.note) == (2, {"a": []}, None, "mine")


def test_values_in_other_types_are_the_same_value(cities):
    upsert(City, key="name", rows=[FULL])
    spelled = {
        "name": "Turin",
        "country_code": Country["IT"],
        "budget": "1.5",
        "founded": "1800-01-02",
        "seen_at": "2024-01-02 03:04:00",
    }
    assert upsert(City, key="name", rows=[spelled]) == Counts(unchanged=1)
    assert upsert(City, key="name", rows=[{"name": "Turin", "note": fn.LOWER("X")}]).updated == 1
    assert City.get().note == "x"


def test_keys_of_several_fields_with_null_and_of_rows_without_more(cities):
    rows = [{"country": None, "name": "A"}, {"country": "IT", "name": "A"}]
    assert upsert(City, key=("country", "name"), rows=rows) == Counts(2)
    assert upsert(City, key=("country", "name"), rows=rows) == Counts(unchanged=2)
    one, two = City.select().order_by(City.id)
    twins = [{"one": one, "two": two}]
    assert upsert(Twin, key=("one", "two"), rows=twins) == Counts(1)
    assert upsert(Twin, key=("one", "two"), rows=twins) == Counts(unchanged=1)


@pytest.mark.parametrize(
    ("there", "wanted", "counts"),
    [
        ({"on": 1}, {"on": True}, Counts(updated=1)),
        ([0], [False], Counts(updated=1)),
        ([1.0], [1], Counts(unchanged=1)),
        ({"a": (1, 2)}, {"a": (1, 2)}, Counts(unchanged=1)),
        ({7: 1}, {7: 1}, Counts(unchanged=1)),
    ],
)
def test_documents_are_the_same_if_json_has_them_alike(cities, there, wanted, counts):
    upsert(City, key="name", rows=[{"name": "Turin", "facts": there}])
    assert upsert(City, key="name", rows=[{"name": "Turin", "facts": wanted}]) == counts
    (text,) = cities.execute_sql("SELECT facts FROM city").fetchone()
    assert text.replace(" ", "") == json.dumps(wanted if counts.updated else there).replace(" ", "")


class Short(Model):
    name = CharField(max_length=20)
    code = CharField(max_length=2)


def test_a_key_that_the_database_does_not_keep_is_not_doubled(cities):
    with cities.bind_ctx([Short]):
        cities.create_tables([Short])
        cities.execute_sql(
            "CREATE TRIGGER cut AFTER INSERT ON short BEGIN"
            " UPDATE short SET code = substr(code, 1, 2); END"
        )
        with pytest.raises(UsageError, match="another value than code = 'ABC'"):
            upsert(Short, key="code", rows=[{"name": "x", "code": "ABC"}])
        assert Short.select().count() == 0
        assert upsert(Short, key="code", rows=[{"name": "x", "code": "AB"}]) == Counts(1)


class Shop(Model):
    city = ForeignKeyField(City, field="name", null=True)
    sign = CharField(max_length=20, collation="NOCASE")


@pytest.fixture
def shops(cities):
    with cities.bind_ctx([Shop]):
        City.create(name="Rome")
        City.create(name="Turin")
        cities.create_tables([Shop])
        yield


def test_an_instance_stands_for_the_column_that_is_referred_to(shops):
    rows = [{"city": City.get(name="Turin"), "sign": "Bar"}]
    for key in ("sign", ("city", "sign")):
        Shop.delete().execute()
        assert upsert(Shop, key=key, rows=rows) == Counts(1)
        assert upsert(Shop, key=key, rows=rows) == Counts(unchanged=1)


@pytest.mark.parametrize(
    ("key", "rows", "message"),
    [
        ("sign", [{"sign": "a"}, {"sign": "A"}], "two rows have the key sign = 'A'"),
        (("sign", "city"), [{"sign": "a", "city": City()}], "city is a City that is not saved"),
        ("sign", [{"sign": "a", "city": Country(code="IT")}], "and this is one of Country"),
    ],
)
def test_keys_that_only_the_database_takes_for_one_and_strange_instances(shops, key, rows, message):
    for there in (0, 1):
        with pytest.raises(UsageError, match=message):
            upsert(Shop, key=key, rows=rows)
        assert Shop.select().count() == there
        if not there:
            Shop.create(sign="a")


@pytest.mark.parametrize(
    ("key", "rows", "message"),
    [
        ("nmae", [{"name": "A"}], "no field 'nmae'"),
        ("name", [{"name": "A", "nota": 1}], "no field 'nota'"),
        ("name", [{"note": "A"}], "a row has no name"),
        ("name", [{"name": "A"}, {"name": "A", "note": "x"}], "two rows have the key name = 'A'"),
        ("name", [{"name": "A", "country": "IT", "country_code": "IT"}], "names a field twice"),
        ((), [{"name": "A"}], "no key is given"),
        ("note", [{"name": "new", "note": "z"}, {"note": "twice"}], "more than one row"),
    ],
)
def test_rows_that_cannot_be_meant_change_nothing(cities, key, rows, message):
    City.create(name="1", note="twice")
    City.create(name="2", note="twice")
    with pytest.raises(UsageError, match=message):
        upsert(City, key=key, rows=rows)
    assert City.select().count() == 2


# The command.


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "DATABASE_URL", "PGHOST", "PGHOSTADDR", "PGSERVICE", "PEEWEE_MIG_SEEDS"):
        monkeypatch.delenv(name, raising=False)
    number = next(NUMBERS)
    models, seeds = f"seed_models_{number}", f"seed_units_{number}"
    Path(f"{models}.py").write_text(MODELS, encoding="utf-8")
    Path(f"{seeds}.py").write_text(SEEDS.replace("MODELS", models), encoding="utf-8")
    Path("setup.cfg").write_text(
        f"[peewee_mig]\nmodels = {models}\nseeds = {seeds}\ndatabase = app.db\n"
        "[peewee_mig:prod]\nproduction = true\n[peewee_mig:play]\ndatabase = app.db\n",
        encoding="utf-8",
    )
    return Path(f"{seeds}.py")


@pytest.fixture
def said(project, capsys):
    def said(*args, code=0):
        assert call([*args, "--no-input"]) == code, capsys.readouterr()
        out, err = capsys.readouterr()
        return err if code else out

    return said


@pytest.fixture
def migrated(said):
    said("generate", "--name", "initial")
    said("migrate")


def add(path, text):
    with path.open("a", encoding="utf-8") as file:
        file.write(text)
    sys.modules.pop(path.stem, None)  # as in a process of its own


def people():
    with sqlite3.connect("app.db") as connection:
        rows = connection.execute("SELECT name, age FROM person ORDER BY name").fetchall()
    connection.close()
    return rows


def test_seeds_run_in_order_and_again(migrated, said):
    elsewhere = "only in other environments: toys\n"
    end = f"Seeded: app.db, 2 seeds.\n{elsewhere}"
    assert said("seed") == f"  people: 2 inserted\n  older: 1 updated\n{end}"
    assert said("seed") == f"  people: 2 unchanged\n  older: 1 unchanged\n{end}"
    assert people() == [("50% off", 0), ("Ann", 36)]


def test_a_seed_of_an_environment_runs_there(migrated, said):
    assert "toys: done" in said("seed", "--only", "toys", "--env", "play")
    assert people() == [("toy", 0)]
    assert "--env play" in said("seed", "toys", code=5)


def test_json_has_one_object_whatever_seeds_print(migrated, said):
    answer = json.loads(said("seed", "--json"))
    ran = [(each["name"], each["inserted"], each["updated"]) for each in answer["ran"]]
    assert ran == [("people", 2, 0), ("older", 0, 1)]
    assert answer["elsewhere"] == ["toys"]


def test_a_dry_run_lists_and_connects_to_nothing(project, said):
    lines = said("seed", "--dry-run").splitlines()
    assert lines[:2] == [
        f"people  {project}:9  [production]",
        f"older  {project}:5  [production]",
    ]
    assert not Path("app.db").exists()


def test_seeds_may_make_what_they_need_where_there_are_no_migrations(said, project):
    add(project, "@seed()\ndef tables(d):\n    d.create_tables([Person, Pet])\n")
    said("seed", "tables")
    assert people() == []


def test_pending_migrations_are_refused(said):
    said("generate", "--name", "initial")
    error = said("seed", "people", code=5)
    assert "pending here: 0001_initial" in error
    assert "next: apply them first: peewee-mig migrate, then: peewee-mig seed people" in error
    assert not Path("app.db").exists()


def test_a_pushed_database_is_seeded(said):
    said("push")
    assert "2 seeds" in said("seed")
    said("generate", "--name", "initial")
    assert "2 seeds" in said("seed")


def test_a_seed_that_raises_is_undone_and_what_was_before_it_stays(migrated, said, project):
    add(
        project,
        "@seed()\ndef bad():\n    with db.atomic():\n        Person.create(name='lost')\n"
        "    Person.create(name='Ann')\n@seed()\ndef later(): Person.create(name='later')\n",
    )
    error = said("seed", code=3)
    line = project.read_text().split("\n").index("    Person.create(name='Ann')") + 1
    assert f"error: the seed 'bad' failed\n  where:     {project}:{line}" in error
    assert "reason:    IntegrityError: UNIQUE constraint failed: person.name" in error
    assert "committed: people, older; nothing of this seed" in error
    assert error.endswith("next: correct that, then: peewee-mig seed\n")
    assert people() == [("50% off", 0), ("Ann", 36)]


@pytest.mark.parametrize("wrong", ["raise SystemExit(0)", "[][1]", "import nothing_like_it"])
def test_whatever_a_seed_raises_is_told(migrated, said, project, wrong):
    add(project, f"@seed()\ndef bad():\n    {wrong}\n")
    error = said("seed", "bad", code=3)
    assert "the seed 'bad' failed" in error
    assert "nothing was changed" in error


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_a_seed_cannot_end_its_transaction(migrated, said, project, end):
    add(project, f"@seed()\ndef bad(d):\n    Person.create(name='x')\n    d.{end}()\n")
    assert "may neither begin nor end" in said("seed", "bad", code=3)
    assert people() == []


@pytest.mark.parametrize("then", ["raise ValueError", "pass"])
def test_what_a_script_has_committed_is_not_said_to_be_undone(migrated, said, project, then):
    script = "d.connection().executescript(\"INSERT INTO person VALUES (9, 'x', 0)\")"
    add(project, f"@seed(tracked=True)\ndef bad(d):\n    {script}\n    {then}\n")
    error = said("seed", "bad", code=3)
    assert "what bad() did until then" in error
    assert "nothing was changed" not in error
    assert people() == [("x", 0)]


def test_a_savepoint_rolls_back_alone_and_callbacks_follow_the_commit(migrated, said, project):
    add(
        project,
        "@seed()\ndef half(d):\n"
        "    d.after_commit(lambda: open('called', 'w').close())\n"
        "    with d.atomic() as inner:\n"
        "        Person.create(name='lost')\n"
        "        inner.rollback()\n"
        "    Person.create(name='kept')\n",
    )
    said("seed", "half")
    assert people() == [("kept", 0)]
    assert Path("called").exists()


def test_a_database_that_somebody_writes_to_is_waited_for(migrated, said):
    other = sqlite3.connect("app.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    error = said("seed", "--wait-lock", "0.1", code=4)
    other.close()
    assert "another process is writing to" in error
    assert "nothing was changed" in error


def test_models_and_proxies_are_given_back(migrated, said, project):
    said("seed")
    models = sys.modules[project.stem.replace("units", "models")]
    assert models.Person._meta.database is models.db
    assert models.db.obj is None


def test_foreign_keys_act(migrated, said, project):
    add(project, "@seed()\ndef pets():\n    Pet.create(owner=77)\n")
    assert "FOREIGN KEY constraint failed" in said("seed", "pets", code=3)


def test_no_other_database_is_used_by_mistake(migrated, said, project):
    add(
        project,
        "from peewee import *\nother = SqliteDatabase('other.db')\nclass Other(Model):\n"
        "    class Meta: database = other\n"
        "@seed()\ndef bad():\n    other.execute_sql('SELECT 1')\n",
    )
    assert "would use another database" in said("seed", "bad", code=3)
    assert not Path("other.db").exists()


@pytest.mark.parametrize(
    ("args", "message", "way"),
    [
        (("peopel",), "there is no seed 'peopel'", "peewee-mig seed people"),
        (("--only", "peopel"), "there is no seed 'peopel'", "peewee-mig seed --only people"),
        (("--tag", "plai"), "no seed has the tag 'plai'", "peewee-mig seed --tag play"),
    ],
)
def test_unknown_words_name_the_near_one(said, args, message, way):
    error = said("seed", *args, code=2)
    assert message in error
    assert way in error


def test_production_takes_what_is_tagged_for_it(migrated, said, project):
    assert "2 seeds" in said("seed", "--env", "prod")
    add(project, "@seed()\ndef untagged(): Person.create(name='no')\n")
    error = said("seed", "--env", "prod", code=5)
    assert "not tagged for it: untagged" in error
    assert "peewee-mig seed --env prod people older" in error
    assert "untagged" in said("seed", "--dry-run", "--env", "prod")
    assert len(people()) == 2


@pytest.mark.parametrize(
    ("seeds", "message"),
    [
        ("", "no seeds are named"),
        ("nowhere.seeds", "there is no module nowhere.seeds"),
        ("json", "there is no seed in json"),
    ],
)
def test_modules_of_seeds_that_are_wrong(said, monkeypatch, seeds, message):
    config = Path("setup.cfg").read_text().replace("seeds = seed", "#").replace("#_units", "# ")
    Path("setup.cfg").write_text(config)
    if seeds:
        monkeypatch.setenv("PEEWEE_MIG_SEEDS", seeds)
    assert message in said("seed", code=2)


def test_a_module_of_seeds_that_is_nearly_there(said, monkeypatch, project):
    monkeypatch.setenv("PEEWEE_MIG_SEEDS", f"{project.stem}x")
    error = said("seed", code=2)
    assert f"did you mean '{project.stem}'? correct the setting seeds" in error


def test_a_database_of_the_application_is_used_as_it_is(migrated, said, project):
    Path(f"{project.stem}_db.py").write_text(
        "from peewee import SqliteDatabase\n"
        "def database():\n"
        "    db = SqliteDatabase('app.db')\n"
        "    db.register_function(lambda: 41, 'answer')\n"
        "    return db\n"
    )
    add(
        project,
        "@seed()\ndef asked(database):\n"
        "    with database.atomic():\n"
        "        database.execute_sql('UPDATE person SET age = answer()')\n",
    )
    said("seed", "people")
    said("seed", "asked", "--database", f"{project.stem}_db:database")
    assert people() == [("50% off", 41), ("Ann", 41)]


# reset.


def test_reset_seeds_at_its_end(migrated, said):
    shown = said("reset", "--dry-run")
    assert shown.endswith("-- then runs the seeds people, older\n")
    assert said("reset").endswith("Reset: app.db, 1 migration applied, 2 seeds.\n")
    assert people() == [("50% off", 0), ("Ann", 36)]
    answer = json.loads(said("reset", "--allow-data-loss", "all", "--json"))
    assert answer["seeds"] == ["people", "older"]
    assert [each["inserted"] for each in answer["seeded"]] == [2, 0]
    said("reset", "--allow-data-loss", "all", "--no-seed")
    assert people() == []


def test_reset_looks_at_the_seeds_before_it_drops(migrated, said, project):
    said("seed")
    add(project, "import nothing_like_it\n")
    assert "does not import" in said("reset", "--allow-data-loss", "all", code=2)
    assert len(people()) == 2


def test_reset_says_that_only_the_seeds_are_left(migrated, said, project):
    add(project, "@seed()\ndef bad(): raise ValueError('no')\n")
    error = said("reset", code=3)
    assert "committed: all is dropped and migrated; seeded: people, older" in error
    assert error.endswith("next: correct that, then: peewee-mig seed\n")


# The worked example.


def test_the_example_seeds_itself_again_and_again(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("ADMIN_PASSWORD", "secret")
    place = ("--database", f"sqlite:///{tmp_path / 'example.db'}", "--no-input")
    assert call(["migrate", "-q", *place]) == 0
    assert call(["seed", "--json", *place]) == 0
    first = json.loads(capsys.readouterr().out)["ran"]
    assert {each["name"]: each["inserted"] for each in first} == {
        "reference": 4,
        "permissions": 4,
        "roles": 11,
        "administrator": 2,
        "demo": 12,
    }
    monkeypatch.setenv("ADMIN_PASSWORD", "another")
    assert call(["seed", "--json", *place]) == 0
    again = json.loads(capsys.readouterr().out)["ran"]
    assert [each["unchanged"] for each in again] == [each["inserted"] for each in first]
    with sqlite3.connect(tmp_path / "example.db") as connection:
        ((stored,),) = connection.execute("SELECT password_hash FROM user_account").fetchall()
    connection.close()
    assert stored.startswith("scrypt$")
    assert "secret" not in stored
