"""Functions of migration files on SQLite, through whole commands: asked, told and undone."""

import json
import sqlite3
import subprocess
import sys
import textwrap
import threading
from contextlib import closing
from dataclasses import replace

import pytest

from peewee_mig.cli.main import call
from peewee_mig.commands.check import check
from peewee_mig.commands.generate import generate
from peewee_mig.commands.migrate import migrate
from peewee_mig.commands.project import Project
from peewee_mig.commands.repair import repair
from peewee_mig.commands.rollback import rollback
from peewee_mig.commands.sql import sql
from peewee_mig.errors import FailedError, GuardError, RefusedError
from peewee_mig.history.folder import read_history
from peewee_mig.history.writing import write_migration

TABLE = """op.create_table(
        "person",
        op.column("id", "AUTO"),
        op.column("name", "VARCHAR(20)"),
        op.column("age", "INT", null=True),
        op.primary_key("id"),
    )"""
NEEDED = """op.alter_column(
        "person", old=op.column("age", "INT", null=True), new=op.column("age", "INT")
    )"""


class World:
    """``write`` migrations, run commands, look at the file."""

    def __init__(self, folder):
        self.folder = folder
        self.events = []
        self.write("", TABLE)

    @property
    def project(self):
        return Project(self.folder, self.folder / "migrations", database="sqlite:///app.db",
                       database_root=self.folder)  # fmt: skip

    def write(self, code, *operations, atomic=None):
        history = read_history(self.folder / "migrations")
        name = f"{len(history.names) + 1:04}_step"
        parts = [
            '"""Step."""\n\nfrom peewee_mig import op\n\nformat = 1',
            f"depends_on = {[history.head] if history.head else []!r}",
            *([f"atomic = {atomic}"] if atomic is not None else []),
            textwrap.dedent(code).strip(),
            "operations = [\n" + "".join(f"    {each},\n" for each in operations) + "]\n",
        ]
        write_migration(history, name, "\n\n\n".join(filter(None, parts)))
        return self.folder / "migrations" / f"{name}.py"

    def migrate(self, target=None, **options):
        return migrate(self.project, target=target, listener=self.events.append, **options)

    def sql(self, statement):
        with closing(sqlite3.connect(self.folder / "app.db", isolation_level=None)) as connection:
            return connection.execute(statement).fetchall()

    def told(self, kind):
        return [event for event in self.events if event.kind == kind]


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = World(tmp_path)
    made.migrate()
    made.sql("INSERT INTO person (name, age) VALUES ('a', 1), ('b', NULL), ('c', 3)")
    made.events.clear()
    return made


def test_a_migration_runs_when_its_model_has_another_name_or_none(world):
    world.write(
        "def fill(models):\n    models.Person.update(age=7).where(models.Person.id == 2).execute()",
        "op.run_python(fill, [])",
    )
    world.write("", 'op.rename_table("person", "people")', 'op.rename_column("people", "age", "a")')
    world.write(
        "def fill(models):\n    models.Person.update(a=models.Person.a + 1).execute()",
        "op.run_python(fill, [])",
    )
    world.write(
        "", TABLE.replace("create", "drop").replace('"person"', '"people"').replace('"age"', '"a"')
    )
    world.migrate("0004_step")
    assert world.sql("SELECT a FROM people") == [(2,), (8,), (4,)]
    world.migrate()
    assert world.sql("SELECT count(*) FROM sqlite_master WHERE name = 'people'") == [(0,)]


@pytest.mark.parametrize("left", [0, 1])
def test_rows_are_asked_about_when_the_function_has_run(world, left):
    world.write(
        f"""
        def fill(models):
            if not {left}:
                models.Person.update(age=0).where(models.Person.age.is_null()).execute()
        """,
        "op.run_python(fill, [])",
        NEEDED,
    )
    if left:
        with pytest.raises(GuardError, match="rows without age"):
            world.migrate()
        assert world.sql("SELECT count(*) FROM peewee_mig_history") == [(1,)]
        return
    world.migrate()
    assert world.sql("SELECT age FROM person ORDER BY id") == [(1,), (0,), (3,)]


def test_sql_shows_what_is_asked_behind_a_function_behind_it(world):
    world.write("def fill(models):\n    pass", "op.run_python(fill, [])", NEEDED)
    text = sql(world.project, names=["0002"]).text
    assert text.index("-- calls fill()") < text.index("-- migrate stops if") < text.index("CREATE")


def test_sql_says_what_another_engine_runs(world):
    world.write("", 'op.run_sql({"mysql": "OPTIMIZE TABLE person"}, [])', NEEDED)
    text = sql(world.project, names=["0002"]).text
    assert "-- nothing on SQLite for: run SQL: OPTIMIZE TABLE person" in text
    assert "nothing" not in sql(world.project, names=["0002"], dialect="mysql").text


@pytest.mark.parametrize(
    ("then", "committed"),
    [
        ("raise ValueError", "perhaps what fill() did until then: look at the rows"),
        ("pass", "what fill() did until then"),
    ],
)
def test_what_a_script_has_committed_is_not_said_to_be_undone(world, then, committed):
    world.write(
        f"""
        def fill(models, database):
            database.connection().executescript("UPDATE person SET age = 5")
            {then}
        """,
        "op.run_python(fill, [])",
    )
    with pytest.raises(FailedError) as raised:
        world.migrate()
    assert raised.value.committed == committed
    assert world.sql("SELECT age FROM person") == [(5,), (5,), (5,)]
    assert world.sql("SELECT count(*) FROM peewee_mig_history") == [(1,)]


def test_a_failing_function_names_its_line_and_leaves_nothing(world):
    path = world.write(
        """
        def fill(models):
            models.Person.update(age=5).execute()
            helper(models)


        def helper(models):
            models.Person.get_by_id(99)
        """,
        "op.run_python(fill, [])",
    )
    with pytest.raises(FailedError, match=r"fill\(\) of the migration failed: PersonDoesNot") as e:
        world.migrate()
    line = path.read_text().splitlines().index("    models.Person.get_by_id(99)") + 1
    assert e.value.where == f"{path}:{line}"
    assert e.value.committed == "nothing was changed"
    assert world.sql("SELECT age FROM person") == [(1,), (None,), (3,)]


@pytest.mark.parametrize("stop", ["sys.exit(3)", "raise KeyboardInterrupt"])
def test_an_exit_is_a_failure_and_ctrl_c_stays_what_it_is(world, stop):
    world.write(
        f"import sys\n\n\ndef fill(models):\n    models.Person.delete().execute()\n    {stop}",
        "op.run_python(fill, [])",
    )
    with pytest.raises(FailedError if "exit" in stop else KeyboardInterrupt):
        world.migrate()
    assert len(world.sql("SELECT * FROM person")) == 3


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("models.Persn", "did you mean 'Person'"),
        ("models['persn']", "no table 'persn' at this point of the history"),
        ("models.update_in_batches(models.Person, {'nmae': 1})", "Person has no field 'nmae'"),
    ],
)
def test_a_wrong_name_says_the_right_one(world, line, message):
    world.write(f"def fill(models):\n    {line}", "op.run_python(fill, [])")
    with pytest.raises(FailedError, match=message) as raised:
        world.migrate()
    assert raised.value.exit_code == 3


def test_what_runs_is_told_and_so_is_progress(world):
    world.write(
        """
        def fill(models):
            models.update_in_batches(models.Person, {"age": 1}, size=2)
        """,
        "op.run_python(fill, [])",
    )
    world.migrate()
    progress = world.told("progress")
    assert [event.rows for event in progress] == [2, 3]
    assert str(progress[-1]) == "    fill: 3 rows of person"
    texts = [event.text for event in world.told("statement") if not event.ours]
    assert texts[0] == "-- calls fill() of the migration file, with models as of here"
    assert texts[1].startswith("SELECT")


def test_progress_is_for_those_who_look(world, capsys):
    world.write(
        "def fill(models):\n    models.update_in_batches(models.Person, {'age': 1})",
        "op.run_python(fill, [])",
    )
    words = ["migrate", "--database", "sqlite:///app.db", "--no-input"]
    assert call([*words, "--dry-run"]) == 0
    assert call(words) == 0
    assert "rows of person" not in capsys.readouterr().out
    assert call(["rollback", *words[1:]]) == 0
    assert call([*words, "-v"]) == 0
    assert "    fill: 3 rows of person" in capsys.readouterr().out


def test_what_a_function_prints_is_not_in_the_json(world, capsys):
    world.write("def fill(models):\n    print('hello')", "op.run_python(fill, [])")
    assert call(["migrate", "--database", "sqlite:///app.db", "--no-input", "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["applied"][0]["name"] == "0002_step"
    assert captured.err.startswith("hello\n")
    assert sys.stdout is not sys.stderr


def test_one_transaction_is_good_for_what_commits_each_batch_elsewhere(world):
    world.write(
        """
        def fill(models):
            for people in models.batches(models.Person, size=1):
                models.Person.update(age=9).where(models.Person.id << people).execute()
                if people[0].name == "c" and models.Person.select().count() == 3:
                    raise ValueError
        """,
        "op.run_python(fill, [])",
        atomic=False,
    )
    with pytest.raises(FailedError):
        world.migrate()
    assert world.sql("SELECT age FROM person") == [(1,), (None,), (3,)]
    world.sql("INSERT INTO person (name) VALUES ('d')")
    world.migrate()
    assert world.sql("SELECT age FROM person") == [(9,)] * 4


def test_without_functions_single_transactions_are_refused_as_ever(world):
    world.write("", 'op.run_sql("UPDATE person SET age = 1", [])', atomic=False)
    with pytest.raises(RefusedError, match="wants a transaction for each step"):
        world.migrate()


def test_a_way_back_needs_the_file(world):
    path = world.write("def fill(models):\n    pass", "op.run_python(fill, fill)")
    newer = world.write("", 'op.run_sql("UPDATE person SET age = 1", [])')
    world.migrate()
    snapshots = world.folder / "migrations" / "snapshots"
    for each in (path, newer, snapshots / "0003_step.json"):
        each.rename(each.with_suffix(".gone"))
    (snapshots / "0002_step.json").rename(snapshots / "0002_step.gone")
    with pytest.raises(RefusedError, match="the file is not here") as refused:
        rollback(world.project, unknown=True)
    assert refused.value.committed == "nothing was changed"
    assert world.sql("SELECT count(*) FROM peewee_mig_history") == [(3,)]
    assert refused.value.hint.endswith("peewee-mig rollback --unknown, then: peewee-mig rollback")
    path.with_suffix(".gone").rename(path)
    (snapshots / "0002_step.gone").rename(snapshots / "0002_step.json")
    rollback(world.project, unknown=True)
    rollback(world.project)
    assert world.sql("SELECT name FROM peewee_mig_history") == [("0001_step",)]


def test_check_and_repair_know_functions(world):
    world.write("def fill(models):\n    pass", "op.run_python(fill)")
    found = check(world.project).findings
    assert ["no-way-back" in str(each) for each in found] == [True]
    world.migrate()
    assert not repair(world.project).to_json()["findings"]


def test_a_schema_without_models_is_no_traceback(world, monkeypatch):
    world.write("def fill(models):\n    pass", "op.run_python(fill, [])")

    def fails(*_):
        raise KeyError("person")

    monkeypatch.setattr("peewee_mig.sources.historic.write_models", fails)
    with pytest.raises(FailedError, match="have no models: KeyError: person"):
        world.migrate()


def test_amend_writes_nothing_over_functions(world):
    (world.folder / "models.py").write_text("from peewee import Model\n")
    path = world.write("def fill(models):\n    pass", "op.run_python(fill, [])")
    text = path.read_text()
    with pytest.raises(RefusedError, match="has operations of yours, which would be gone: run Py"):
        generate(replace(world.project, models=("models",)), amend=True)
    assert path.read_text() == text


def test_an_empty_migration_says_how_rows_are_changed(world):
    made = generate(world.project, empty=True, name="tidy", dry_run=True)
    assert "#     op.run_python(fill, backward=[])," in made.module_text
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--stdin-filename", "m.py"]
    done = subprocess.run(command, input=made.module_text.encode(), capture_output=True, check=True)
    assert done.stdout.decode() == made.module_text


def test_models_of_an_application_are_not_bound(world):
    world.write(
        """
        def fill(models):
            import peewee

            class Other(peewee.Model):
                pass

            try:
                Other.select().execute()
            except (AttributeError, peewee.InterfaceError):
                models.Person.update(age=2).execute()
        """,
        "op.run_python(fill, [])",
    )
    world.migrate()
    assert world.sql("SELECT DISTINCT age FROM person") == [(2,)]


def test_runs_in_two_threads_do_not_meet(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    worlds = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made = World(tmp_path / name)
        made.write(
            """
            import time


            def fill(models):
                for _ in range(9):
                    models.Person.create(name="x")
                    time.sleep(0.002)
                assert models.Person.select().count() == 9
            """,
            "op.run_python(fill, [])",
        )
        worlds.append(made)
    threads = [threading.Thread(target=each.migrate) for each in worlds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.sql("SELECT count(*) FROM person") for each in worlds] == [[(9,)], [(9,)]]


def test_a_migration_without_functions_imports_no_peewee(world):
    world.write("", 'op.run_sql("UPDATE person SET age = 1", [])')
    code = (
        "import sys; from peewee_mig.cli.main import call;"
        "call(['migrate', '--database', 'sqlite:///app.db', '--quiet']);"
        "sys.exit('peewee' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
