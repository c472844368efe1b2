"""Migrator: what the commands do, for a program, and nothing of the process changes."""

from __future__ import annotations

import builtins
import importlib
import json
import os
import sqlite3
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from peewee import CharField, DatabaseProxy, IntegerField, Model, SqliteDatabase
from playhouse.pool import PooledSqliteDatabase

import peewee_mig
from peewee_mig import Event, Migrator
from peewee_mig.errors import (
    ConsentError,
    DriftError,
    FailedError,
    GuardError,
    HistoryError,
    ModelError,
    NotCurrentError,
    RefusedError,
    UsageError,
)
from peewee_mig.history.folder import read_history
from peewee_mig.history.writing import remove_migration, write_migration

ROOT = Path(__file__).parents[2]
HEAD = (
    "from peewee_mig import op\n\nformat = 1\ndepends_on = {}\n"
    'allow = ["guard"]\noperations = [{}]\n'
)
STEPS = (
    """op.create_table(
    "person", op.column("id", "AUTO"), op.column("name", "VARCHAR(50)"), op.primary_key("id")
)""",
    'op.add_column("person", op.column("age", "INT", null=True))',
    """op.alter_column(
    "person", old=op.column("age", "INT", null=True), new=op.column("age", "INT")
)""",
)
NAMES = ("0001_one", "0002_two", "0003_three")


class Person(Model):
    name = CharField(max_length=50)
    age = IntegerField()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with three migrations."""
    folder = tmp_path / "migrations"
    parents: list[str] = []
    for name, step in zip(NAMES, STEPS, strict=True):
        write_migration(read_history(folder), name, HEAD.format(json.dumps(parents), step))
        parents = [name]
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "app.db"


@pytest.fixture
def database(file: Path) -> Iterator[SqliteDatabase]:
    database = SqliteDatabase(str(file))
    yield database
    database.close()


def rows(file: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        return connection.execute(sql).fetchall()


def test_the_way_from_nothing_to_the_head(folder: Path, database: SqliteDatabase) -> None:
    migrator = Migrator(database, directory=folder, models=Person)
    plan = migrator.plan()
    assert [each.name for each in plan.migrations] == list(NAMES)
    assert {each.direction for each in plan.migrations} == {"forward"}
    assert plan.migrations[1].operations == ("add column person.age INT NULL",)
    assert plan.migrations[1].statements[0] == 'ALTER TABLE "person" ADD COLUMN "age" INTEGER;'
    assert not plan.is_empty
    assert migrator.status().pending == 3
    done = migrator.migrate()
    assert [each.name for each in done.applied] == list(NAMES)
    assert migrator.status().ok
    assert migrator.plan().is_empty
    assert migrator.check().ok
    assert migrator.migrate().up_to_date
    assert database.is_closed()


def test_planning_and_reading_create_nothing(folder: Path, file: Path) -> None:
    migrator = Migrator(SqliteDatabase(str(file)), directory=folder)
    migrator.plan()
    migrator.status()
    with pytest.raises(NotCurrentError):
        migrator.ensure_current()
    assert not file.exists()


def test_a_plan_backward_tells_what_is_lost(folder: Path, file: Path) -> None:
    migrator = Migrator(file, directory=folder)
    migrator.migrate("2")
    rows(file, "INSERT INTO person (name, age) VALUES ('Ada', 36)")
    plan = migrator.plan("1")
    assert [(each.name, each.direction) for each in plan.migrations] == [("0002_two", "backward")]
    assert [(each.name, each.rows) for each in plan.losses] == [("person.age", 1)]
    assert plan.to_json()["losses"] == [{"name": "person.age", "rows": 1}]
    assert json.loads(json.dumps(plan.to_json()))["migrations"][0]["statements"]
    with pytest.raises(ConsentError) as caught:
        migrator.rollback()
    assert "--allow-data-loss person.age" in caught.value.hint
    done = migrator.rollback(allow_data_loss="person.age")
    assert [(each.name, each.direction) for each in done.applied] == [("0002_two", "backward")]


def test_a_guard_is_answered_by_fills(folder: Path, file: Path) -> None:
    migrator = Migrator(file, directory=folder)
    migrator.migrate("2")
    rows(file, "INSERT INTO person (name) VALUES ('Ada')")
    with pytest.raises(GuardError) as caught:
        migrator.migrate()
    assert any(note.startswith("next: ") for note in caught.value.__notes__)
    assert migrator.migrate(fills={"person.age": "7"}).applied[0].name == "0003_three"
    assert rows(file, "SELECT age FROM person") == [(7,)]


@pytest.mark.parametrize(
    "given",
    [
        lambda file: file,
        str,
        lambda file: f"sqlite:///{file}",
        lambda file: SqliteDatabase(str(file)),
        lambda file: PooledSqliteDatabase(str(file)),
        lambda file: lambda: SqliteDatabase(str(file)),
        lambda file: lambda: f"sqlite:///{file}",
        lambda file: lambda: lambda: file,
        lambda file: _proxy(SqliteDatabase(str(file))),
    ],
)
def test_what_can_be_given_as_a_database(
    folder: Path, file: Path, given: Callable[[Path], Any]
) -> None:
    assert Migrator(given(file), directory=str(folder)).ensure_current("migrate").ok
    assert rows(file, "SELECT count(*) FROM peewee_mig_history") == [(3,)]


def _proxy(database: SqliteDatabase) -> DatabaseProxy:
    proxy = DatabaseProxy()
    proxy.initialize(database)
    return proxy


def test_a_relative_file_is_one_of_the_current_folder(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Migrator(Path("data.v2"), directory="migrations").migrate()
    assert (tmp_path / "data.v2").exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("app.models:database", "neither a URL nor a file"),
        (DatabaseProxy(), "is a proxy that is not initialised"),
        (SqliteDatabase(None), "is a database without a name"),
        (42, "is int, not a Peewee database"),
        (lambda: 42, "is int, not a Peewee database"),
        ("nodb://x/y", "nodb"),
        ("sqlite:///", "a database in memory is gone"),
    ],
)
def test_what_is_no_database_is_refused(folder: Path, given: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Migrator(given, directory=folder).migrate()


def test_what_a_function_raises_passes(folder: Path) -> None:
    def database() -> str:
        raise KeyError("no secret")

    with pytest.raises(KeyError, match="no secret"):
        Migrator(database, directory=folder).status()


def test_a_function_is_called_for_each_use(folder: Path, tmp_path: Path) -> None:
    files = iter([tmp_path / "a.db", tmp_path / "b.db"])
    migrator = Migrator(lambda: next(files), directory=folder)
    assert not migrator.migrate().up_to_date
    assert not migrator.migrate().up_to_date
    assert (tmp_path / "b.db").exists()


def test_a_database_in_memory_is_that_of_this_thread(folder: Path) -> None:
    database = SqliteDatabase(":memory:", pragmas={"foreign_keys": 1})
    Migrator(database, directory=folder).migrate()
    with database.bind_ctx([Person]):
        Person.create(name="Ada", age=36)
    assert Migrator(database, directory=folder).ensure_current().ok
    assert not database.is_closed()
    database.close()


def test_the_functions_of_a_database_are_there(tmp_path: Path, file: Path) -> None:
    folder = tmp_path / "with_function"
    step = f"{STEPS[0]}, op.run_sql(\"INSERT INTO person (name) SELECT shout('ada')\", [])"
    write_migration(read_history(folder), "0001_one", HEAD.format([], step))
    database = SqliteDatabase(str(file))
    database.register_function(lambda text: text.upper() + "!", "shout", 1)
    Migrator(database, directory=folder).migrate()
    assert rows(file, "SELECT name FROM person") == [("ADA!",)]
    with pytest.raises(FailedError, match="shout") as caught:
        Migrator(f"sqlite:///{file}x", directory=folder).migrate()
    assert "shout" in "\n".join(caught.value.__notes__)


def test_the_connection_of_the_application_stays_as_it_is(
    folder: Path, database: SqliteDatabase
) -> None:
    database.connect()
    connection = database.connection()
    Migrator(database, directory=folder).migrate()
    assert database.connection() is connection
    assert not database.is_closed()


def test_a_run_inside_of_a_transaction_is_refused(
    folder: Path, database: SqliteDatabase, file: Path
) -> None:
    migrator = Migrator(database, directory=folder)
    with database.atomic():
        assert migrator.status().pending == 3
        for act in (migrator.migrate, migrator.rollback):
            with pytest.raises(RefusedError, match="inside of a transaction"):
                act()
    assert migrator.migrate().applied


def test_what_cannot_be_opened_is_told(folder: Path, tmp_path: Path) -> None:
    class Broken(SqliteDatabase):
        def _connect(self) -> Any:
            raise RuntimeError("no key")

    (tmp_path / "there.db").touch()
    with pytest.raises(FailedError, match="cannot be opened") as caught:
        Migrator(Broken(str(tmp_path / "there.db")), directory=folder).status()
    assert caught.value.original == "no key"


def test_tables_that_are_there_already_are_recorded(
    folder: Path, database: SqliteDatabase, file: Path
) -> None:
    with database.bind_ctx([Person]):
        database.create_tables([Person])
        Person.create(name="Ada", age=36)
    migrator = Migrator(database, directory=folder)
    with pytest.raises(RefusedError, match="what this database has already"):
        migrator.ensure_current("migrate")
    done = migrator.migrate(record_existing=True)
    assert (done.landed, done.applied) == (NAMES, ())
    assert rows(file, "SELECT name, age FROM person") == [("Ada", 36)]


def test_a_baseline_records_what_equals(folder: Path, file: Path) -> None:
    migrator = Migrator(file, directory=folder)
    migrator.migrate("2")
    rows(file, "DROP TABLE peewee_mig_history")
    with pytest.raises(DriftError):
        migrator.baseline("3")
    found = migrator.baseline()
    assert (found.target, found.recorded) == ("0002_two", NAMES[:2])
    assert migrator.ensure_current("migrate").ok


# ensure_current


def test_what_is_pending_is_named(folder: Path, file: Path) -> None:
    migrator = Migrator(file, directory=folder)
    migrator.migrate("1")
    with pytest.raises(NotCurrentError) as caught:
        migrator.ensure_current()
    error = caught.value
    assert error.pending == ("0002_two", "0003_three")
    assert (error.ahead, error.problems, error.exit_code) == ((), (), 1)
    assert str(error) == "the database is not current: 0002_two and 0003_three are pending"
    assert error.to_json()["pending"] == ["0002_two", "0003_three"]
    assert migrator.ensure_current("migrate").ok
    assert migrator.ensure_current().ok


def test_a_database_ahead_is_current_unless_strict(folder: Path, file: Path) -> None:
    migrator = Migrator(file, directory=folder)
    migrator.migrate()
    remove_migration(read_history(folder), NAMES[-1])
    assert migrator.ensure_current().rows[-1].state == "unknown"
    assert migrator.ensure_current("migrate").ok
    with pytest.raises(
        NotCurrentError, match="it has 0003_three, which these files lack"
    ) as caught:
        migrator.ensure_current(strict=True)
    assert caught.value.ahead == ("0003_three",)


def test_what_is_wrong_is_not_current(folder: Path, file: Path) -> None:
    migrator = Migrator(file, directory=folder)
    migrator.migrate()
    path = folder / "0002_two.py"
    path.write_text(path.read_text().replace('"age"', '"years"'))
    with pytest.raises(NotCurrentError, match="0002_two was edited") as caught:
        migrator.ensure_current()
    assert caught.value.problems
    with pytest.raises(HistoryError, match="0002_two was edited"):
        migrator.ensure_current("migrate")


def test_a_folder_that_is_not_there_is_not_current(tmp_path: Path, file: Path) -> None:
    migrator = Migrator(file, directory=tmp_path / "none")
    with pytest.raises(NotCurrentError, match="the folder none does not exist"):
        migrator.ensure_current()
    with pytest.raises(UsageError, match="the folder none does not exist"):
        migrator.migrate()


def test_an_unknown_mode_is_refused(folder: Path, file: Path) -> None:
    mode: Any = "force"
    with pytest.raises(UsageError, match="'force' is unknown"):
        Migrator(file, directory=folder).ensure_current(mode)


# check


def test_models_that_are_ahead_are_found(folder: Path, file: Path) -> None:
    class Person(Model):
        name = CharField(max_length=80)
        age = IntegerField()

    (finding,) = Migrator(file, directory=folder, models=[Person]).check().findings
    assert "the models are ahead of the migrations" in finding.message
    assert not file.exists()


def test_models_may_be_modules_or_their_names(
    folder: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "people_of_test"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "person.py").write_text(
        "from peewee import CharField, IntegerField, Model\n\n\nclass Person(Model):\n"
        "    name = CharField(max_length=50)\n    age = IntegerField()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    migrator = Migrator(file, directory=folder, models="people_of_test")
    assert migrator.check().ok
    module = importlib.import_module("people_of_test.person")
    assert replace(migrator, models=[module]).check().ok
    assert replace(migrator, models=(module.Person,)).check().ok


@pytest.mark.parametrize(
    ("models", "error"),
    [
        ([42], ModelError),
        (["not a name"], ModelError),
        (["os"], ModelError),
        (["none_such_module"], ModuleNotFoundError),
    ],
)
def test_what_are_no_models_is_refused(
    folder: Path, file: Path, models: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        Migrator(file, directory=folder, models=models).check()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"unsupported": "maybe"}, "unsupported of a Migrator is 'maybe'"),
        ({"engines": ["oracle"]}, "oracle"),
        ({"history_table": "a.b"}, "history_table of a Migrator is 'a.b', with a schema"),
        ({"exclude": ["app:rule"]}, "exclude of a Migrator has 'app:rule'"),
        ({"include": [5]}, "include of a Migrator has 5"),
        ({"lock_timeout": -1}, "lock_timeout of a Migrator is -1"),
        ({"statement_timeout": "soon"}, "statement_timeout of a Migrator is 'soon'"),
        ({"directory": ""}, "directory of a Migrator is ''"),
        ({"directory": None}, "directory of a Migrator is None"),
    ],
)
def test_wrong_settings_are_refused(
    folder: Path, file: Path, wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        Migrator(file, **{"directory": folder, **wrong}).status()


@pytest.mark.parametrize("call", ["plan", "migrate", "baseline", "rollback"])
def test_a_target_that_is_no_text_is_refused(folder: Path, file: Path, call: str) -> None:
    with pytest.raises(UsageError, match="the target 1 is no text") as caught:
        getattr(Migrator(file, directory=folder), call)(1)
    assert caught.value.hint == "give '1'"


@pytest.mark.parametrize("rule", ["unmi*", lambda kind, name: (kind, name) == ("table", "unmi")])
def test_what_is_managed_can_be_said(folder: Path, file: Path, rule: Any) -> None:
    """A model that no migration makes is no finding where it is left out."""

    class Unmi(Model):
        name = CharField()

    found = Migrator(file, directory=folder, models=[Unmi], exclude=[rule]).check()
    assert not any("unmi" in each.message for each in found.findings)
    found = Migrator(file, directory=folder, models=[Unmi]).check()
    assert any("unmi" in each.message for each in found.findings)


def test_the_table_of_the_history_can_be_named(folder: Path, file: Path) -> None:
    Migrator(file, directory=folder, history_table="other").migrate()
    assert rows(file, "SELECT count(*) FROM other") == [(3,)]


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(Migrator("postgresql://ada:secret@h/d", directory="m"))


# Events


def test_events_tell_what_happens_in_this_thread(folder: Path, file: Path) -> None:
    told: list[tuple[int, Event]] = []
    Migrator(
        file,
        directory=folder,
        on_event=lambda event: told.append((threading.get_ident(), event)),
    ).migrate("1")
    assert {ident for ident, _ in told} == {threading.get_ident()}
    events = [event for _, event in told if not event.ours]
    kinds = [event.kind for event in events]
    assert kinds == ["locked", "migration", "statement", "executed", "done"]


def test_what_a_listener_raises_undoes_the_migration(folder: Path, file: Path) -> None:
    def stop(event: Event) -> None:
        if event.kind == "executed" and "age" in event.text:
            raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        Migrator(file, directory=folder, on_event=stop).migrate()
    assert Migrator(file, directory=folder).status().pending == 2
    assert Migrator(file, directory=folder).ensure_current("migrate").ok


# Threads


def together(*acts: Callable[[], Any]) -> None:
    """Run all at once; raise what any of them raises."""
    errors: list[BaseException] = []
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            act()
        except BaseException as error:  # noqa: BLE001 (raised below)
            errors.append(error)

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_many_threads_with_one_migrator_share_the_work(
    folder: Path, database: SqliteDatabase, file: Path
) -> None:
    told: list[Event] = []
    migrator = Migrator(database, directory=folder, on_event=told.append)
    together(*[lambda: migrator.ensure_current("migrate")] * 8)
    assert sorted(event.migration for event in told if event.kind == "done") == list(NAMES)
    assert rows(file, "SELECT name FROM peewee_mig_history ORDER BY name") == [(n,) for n in NAMES]


def test_migrators_of_many_databases_do_not_meet(folder: Path, tmp_path: Path) -> None:
    """Each has its own history table, events and way; up and down at the same time."""
    told: dict[int, list[str]] = {number: [] for number in range(6)}

    def life(number: int) -> None:
        def listen(event: Event) -> None:
            if event.kind == "done":
                told[number].append(f"{event.migration} {event.direction}")

        migrator = Migrator(
            SqliteDatabase(str(tmp_path / f"{number}.db")),
            directory=folder,
            history_table=f"history_{number}",
            on_event=listen,
        )
        migrator.migrate()
        migrator.rollback(str(number % 3 + 1))

    together(*[lambda number=number: life(number) for number in told])
    for number, events in told.items():
        undone = number % 3 + 1
        assert events == [f"{name} forward" for name in NAMES] + [
            f"{name} backward" for name in NAMES[::-1][:undone]
        ]
        count = rows(tmp_path / f"{number}.db", f"SELECT count(*) FROM history_{number}")
        assert count == [(3 - undone,)]


FUNCTION = """from peewee_mig import op

format = 1
depends_on = ["0003_three"]


def forward(models, database):
    models.Person.create(name="Ada", age=36)
    for person in models.Person.select():
        person.age += 1
        person.save()


operations = [op.run_python(forward, [])]
"""


def test_functions_of_migrations_in_threads_do_not_meet(folder: Path, tmp_path: Path) -> None:
    """Each run has models of its own; and each statement of theirs is told and measured."""
    write_migration(read_history(folder), "0004_four", FUNCTION)

    def life(number: int) -> None:
        told: list[Event] = []
        file = tmp_path / f"{number}.db"
        migrator = Migrator(SqliteDatabase(str(file)), directory=folder, on_event=told.append)
        migrator.migrate("3")
        rows(file, f"INSERT INTO person (name, age) VALUES ('Bob', {number})")
        told.clear()
        migrator.migrate()
        assert rows(file, "SELECT name, age FROM person ORDER BY id") == [
            ("Bob", number + 1),
            ("Ada", 37),
        ]
        before = [event.text for event in told if event.kind == "statement"]
        after = [event for event in told if event.kind == "executed"]
        assert sorted(before) == sorted(event.text for event in after)
        assert [e.rows for e in after if e.text.startswith("UPDATE")] == [1, 1]

    together(*[lambda number=number: life(number) for number in range(4)])


# What stays as it is


def test_the_process_stays_as_it_is(
    folder: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is printed, and no setting, folder or path of the process is touched."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("".join(traceback.format_stack(limit=4)))

    class Silent:
        write = flush = property(refuse)

    class Fixed(list[str]):
        insert = append = remove = extend = __setitem__ = __delitem__ = refuse

    class Environment(dict[str, str]):
        def _refuse_settings(self, key: object) -> None:
            if str(key).startswith(("PEEWEE_MIG", "DATABASE_URL", "CI", "NO_COLOR")):
                refuse()

        def __getitem__(self, key: str) -> str:
            self._refuse_settings(key)
            return super().__getitem__(key)

        def get(self, key: Any, default: Any = None) -> Any:
            self._refuse_settings(key)
            return super().get(key, default)

        def __contains__(self, key: object) -> bool:
            self._refuse_settings(key)
            return super().__contains__(key)

    (folder.parent / "peewee_mig.toml").write_text("broken [")
    monkeypatch.chdir(folder.parent)
    with monkeypatch.context() as patched:
        patched.setattr(os, "environ", Environment(os.environ, DATABASE_URL="nodb://x"))
        patched.setattr(os, "chdir", refuse)
        patched.setattr(sys, "path", Fixed(sys.path))
        patched.setattr(sys, "stdout", Silent())
        patched.setattr(sys, "stderr", Silent())
        patched.setattr(builtins, "print", refuse)
        patched.setattr(builtins, "input", refuse)
        patched.setattr(subprocess, "Popen", refuse)
        migrator = Migrator(
            SqliteDatabase(str(file)), directory="migrations", models=[Person], wait_lock=1
        )
        migrator.plan()
        migrator.migrate()
        migrator.check()
        migrator.status()
        migrator.rollback()
        migrator.ensure_current("migrate")


def test_click_is_not_imported(folder: Path, file: Path) -> None:
    code = (
        "import sys\nfrom peewee_mig import Event, Migrator\n"
        f"migrator = Migrator('sqlite:///{file}', directory={str(folder)!r})\n"
        "migrator.plan(); migrator.ensure_current('migrate'); migrator.check()\n"
        "migrator.rollback()\n"
        "print([n for n in ('click', 'peewee', 'peewee_mig.cli') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout == "[]\n"


def test_the_package_imports_little() -> None:
    code = (
        "import sys, peewee_mig\n"
        "print(sorted(n for n in sys.modules if n.startswith(('peewee', 'click'))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout == "['peewee_mig']\n"
    assert {"Event", "Migrator"} <= {*peewee_mig.__all__}
    nothing = "Nothing"
    with pytest.raises(AttributeError, match="Nothing"):
        getattr(peewee_mig, nothing)
