"""The fixtures ``postgres``, ``mysql`` and ``live``, and the line about engines at the end."""

import itertools
import os
import sys

import pytest

from servers.binaries import MissingError
from servers.databases import MySQL, Postgres, Sqlite
from servers.run import Run

ENGINES = ("sqlite", "postgres", "mysql")

_REQUIRE = "PEEWEE_MIG_REQUIRE"
_RUN = pytest.StashKey()


def pytest_configure(config):
    """Begin a run, or take part in the controller's."""
    unknown = _required() - set(ENGINES)
    if unknown:
        raise pytest.UsageError(
            f"{_REQUIRE} names {', '.join(sorted(unknown))}, which is none of {', '.join(ENGINES)}"
        )
    shared = getattr(config, "workerinput", {}).get("servers")
    config.stash[_RUN] = Run(shared) if shared else Run.begin()
    if not shared:
        config.add_cleanup(config.stash[_RUN].end)
    _note_sqlite(config.stash[_RUN])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Tell a worker of pytest-xdist about the run."""
    node.workerinput["servers"] = str(node.config.stash[_RUN].folder)


def pytest_terminal_summary(terminalreporter, config):
    """Say which engines tests really used."""
    used = [engine for engine in ENGINES if config.stash[_RUN].used(engine)]
    skipped = [engine for engine in ENGINES if engine not in used]
    terminalreporter.write_line(
        f"engines run: {', '.join(used) or 'none'}; skipped: {', '.join(skipped) or 'none'}"
    )


@pytest.fixture
def postgres(databases):
    """An empty database of PostgreSQL's (psycopg2)."""
    return databases("postgres")


@pytest.fixture
def mysql(databases):
    """An empty database of MariaDB's (PyMySQL)."""
    return databases("mysql")


def pytest_collection_modifyitems(config, items):
    """Leave what takes its time, and tells little that others do not, to the thorough profile.

    What a driver of PostgreSQL does differently has tests of its own (connections, locks). Each
    golden case runs on SQLite and PostgreSQL, and every fourth one on MariaDB.
    """
    if config.getoption("--hypothesis-profile") == "thorough":
        return
    cases = sorted({each for item in items if (each := _case(item))})
    left = [each for each in items if _is_left(each, cases[::4])]
    config.hook.pytest_deselected(items=left)
    gone = {*map(id, left)}
    items[:] = [each for each in items if id(each) not in gone]


def _is_left(item, cases):
    params = _params(item)
    second = params.get("live") == "psycopg" or (
        "psycopg" in params.values() and item.path.name in _FOR_ONE_DRIVER
    )
    on_mariadb = params.get("database") == "mysql" or item.path.name == "test_inspect_mysql.py"
    golden = on_mariadb and bool(_case(item)) and _case(item) not in cases
    slow = "mysql" in params.values() and item.originalname in _LONG_ON_MARIADB
    return second or golden or slow or item.get_closest_marker("thorough") is not None


def _case(item):
    """Return the golden case that a test is about."""
    params = _params(item)
    named = params.get("name", "") if item.path.name == "test_inspect_mysql.py" else ""
    return params.get("case", named)


def _params(item):
    return item.callspec.params if hasattr(item, "callspec") else {}


#: Tests that take MariaDB many seconds; what is special there (each statement is committed) has
#: others: runs and ways back that are killed, steps, begun migrations.
_LONG_ON_MARIADB = frozenset(
    {
        "test_a_plan_leads_to_what_is_expected_and_the_reverse_back",
        "test_a_pushed_database_lands_on_migrations",
        "test_a_run_disturbed_at_any_statement_is_finished_by_the_next",
        "test_a_run_whose_connection_is_lost_after_any_statement_is_finished_by_the_next",
        "test_a_way_back_whose_connection_is_lost_is_finished_by_the_next",
        "test_all_that_the_history_made_goes_and_comes_again_empty",
        "test_each_step_leads_rows_to_its_snapshot_and_back",
        "test_each_step_of_a_history_is_found_exactly",
        "test_ends_in_what_create_tables_makes",
        "test_from_one_large_set_of_models_to_another_and_the_next_push_is_empty",
        "test_leaves_nothing_when_all_is_undone_and_changes_no_file",
        "test_sixty_tables_with_130_keys",
    }
)

#: Files whose tests run with the first driver of PostgreSQL.
_FOR_ONE_DRIVER = (
    "test_inside.py",
    "test_inspect_postgres.py",
    "test_race.py",
    "test_runner.py",
    "test_setups_role.py",
)


@pytest.fixture(params=["sqlite", "postgres", "psycopg", "mysql"])
def live(request, databases):
    """An empty database of each engine and driver in turn."""
    return databases(request.param)


@pytest.fixture
def databases(request, tmp_path, _database_names):
    """Return what makes an empty database of ``sqlite``, ``postgres``, ``psycopg``, ``mysql``."""
    run = request.config.stash[_RUN]

    def make(name):
        in_a_file = name == "sqlite"
        database = Sqlite(tmp_path) if in_a_file else _on_server(run, name, _database_names)
        request.addfinalizer(database.close)
        run.note(database.engine)
        return database

    return make


@pytest.fixture(scope="session")
def _database_names(request):
    """Names that no other process and no other run uses."""
    run = request.config.stash[_RUN].folder.name.lower()
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    return (f"{run}_{worker}_{number}" for number in itertools.count(1))


def _note_sqlite(run):
    """Notice when a test opens a database of SQLite's, which needs no fixture for that."""

    def hear(event, _arguments):
        if event == "sqlite3.connect" and "PYTEST_CURRENT_TEST" in os.environ:
            run.note("sqlite")

    sys.addaudithook(hear)


def _on_server(run, name, names):
    engine = "postgres" if name == "psycopg" else name
    try:
        admin = run.admin(engine)
        if name == "mysql":
            return MySQL(admin, names)
        _need_driver(name)
        return Postgres(admin, names, "psycopg" if name == "psycopg" else "psycopg2")
    except MissingError as error:
        _missing(engine, str(error))


def _need_driver(name):
    if name == "psycopg":
        try:
            import psycopg  # noqa: F401 - is it there?
        except ImportError:
            raise MissingError("no psycopg: install the extra psycopg") from None


def _missing(engine, reason):
    if engine in _required():
        pytest.fail(f"{_REQUIRE} names {engine}, but: {reason}", pytrace=False)
    pytest.skip(f"{engine}: {reason}")


def _required():
    return {name.strip() for name in os.environ.get(_REQUIRE, "").split(",") if name.strip()}
