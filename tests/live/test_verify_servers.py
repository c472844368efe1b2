"""check --verify on servers: scratch databases that come and go, and nothing else is touched."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from peewee_mig.commands.config import Options
from peewee_mig.commands.project import Project, open_project
from peewee_mig.commands.verify import verify_by_running
from peewee_mig.commands.verifying.candidates import Coming
from peewee_mig.commands.verifying.filling import Filler
from peewee_mig.dialects import get_dialect
from peewee_mig.errors import FailedError, MigError
from peewee_mig.history.folder import read_history
from peewee_mig.history.writing import write_migration
from peewee_mig.runner.scratch import PREFIX, scratch_of
from peewee_mig.schema import Schema
from peewee_mig.schema.objects import Column, PrimaryKey, Table
from peewee_mig.schema.types import ARITY, ColumnType

ROOT = Path(__file__).parents[2]
TABLES = """op.create_table(
        "team",
        op.column("id", "AUTO"),
        op.column("name", "VARCHAR(40)", default="'red'"),
        op.primary_key("id"),
        op.index("team_name", "name", unique=True),
    ),
    op.create_table(
        "member",
        op.column("id", "UUID"),
        op.column("team_id", "INT"),
        op.column("born", "DATE", null=True),
        op.column("points", "INT"),
        op.primary_key("id"),
        op.foreign_key("team_id", "team", "id", on_delete="CASCADE"),
        op.check('"points" > 0'),
    )"""
WIDER = (
    'op.alter_column("member", old=op.column("points", "INT"), new=op.column("points", "BIGINT")),'
    ' op.rename_column("member", "born", "birthday")'
)
SLOW = {"postgres": "SELECT pg_sleep(60)", "mysql": "SELECT sleep(60)"}


@pytest.fixture(params=["postgres", "mysql"])
def server(request, databases):
    return databases(request.param)


@pytest.fixture
def world(tmp_path, server):
    return World(tmp_path, server)


class World:
    def __init__(self, folder, server):
        self.folder, self.server = folder, server

    @property
    def project(self):
        return self.at(self.server.url)

    def at(self, url):
        engines = (self.server.engine,)
        return Project(self.folder, self.folder / "migrations", database=url, engines=engines)

    def write(self, *migrations):
        for operations in migrations:
            history = read_history(self.folder / "migrations")
            parents = [history.head] if history.head else []
            write_migration(
                history,
                f"{len(history.names) + 1:04}_step",
                f'"""Step."""\n\nfrom peewee_mig import op\n\nformat = 1\n\n'
                f"depends_on = {parents!r}\n\noperations = [\n    {operations},\n]\n",
            )

    def scratches(self):
        """Return the scratch databases that are on the server."""
        names = {
            "postgres": "SELECT datname FROM pg_database",
            "mysql": "SELECT schema_name FROM information_schema.schemata",
        }[self.server.engine]
        return [name for (name,) in self.server.sql(names) if name.startswith(PREFIX)]


def test_goes_up_and_down_and_up_and_leaves_the_configured_database_alone(world, server):
    server.sql("CREATE TABLE team (id INT)", "INSERT INTO team VALUES (7)")
    world.write(TABLES, WIDER)
    (engine,) = verify_by_running(world.project).engines
    assert (engine.findings, engine.migrations, engine.rows) == ((), 2, 6)
    assert world.scratches() == []
    tables = [each.name for each in get_dialect(server.engine).inspect(_query(server)).schema]
    assert (tables, server.sql("SELECT id FROM team")) == (["team"], [(7,)])


def test_the_configured_database_is_not_even_connected_to(world, server):
    """It need not exist yet, as in a job of CI."""
    world.write(TABLES)
    url = server.url.replace(server.name, f"{server.name}_which_is_not_there")
    (engine,) = verify_by_running(world.at(url)).engines
    assert engine.findings == ()


def test_what_is_wrong_is_told_and_the_scratch_database_goes(world, server):
    world.write(TABLES, 'op.run_sql([], "ALTER TABLE team ALTER COLUMN name DROP DEFAULT")')
    (engine,) = verify_by_running(world.project).engines
    (finding,) = engine.findings
    assert finding.file == "migrations/0002_step.py"
    assert "undone, it does not restore the schema before it: column team.name" in finding.message
    assert finding.message.endswith("expected VARCHAR(40) NOT NULL DEFAULT 'red'")
    assert world.scratches() == []


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_scratch_database_goes_with_a_run_that_is_stopped(world, server, ending):
    if server.engine == "mysql" and ending is signal.SIGTERM:
        pytest.skip("the same code as on PostgreSQL")
    world.write(TABLES, f'op.run_sql("{SLOW[server.engine]}", "")')
    command = [sys.executable, "-m", "peewee_mig", "check", "--verify", "--database", server.url]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=world.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        wait_until(lambda: _is_slow(world))
        assert world.scratches()
        run.send_signal(ending)
        run.communicate(timeout=30)
    assert run.returncode == 130
    assert world.scratches() == []


def test_a_user_who_may_make_no_database_is_told_how_to_go_on(world, server):
    world.write(TABLES)
    role = server.role("guest")
    with pytest.raises(FailedError, match="no scratch database can be made on") as refused:
        verify_by_running(world.at(server.url_as(role)))
    said = {"postgres": f"ALTER ROLE {role} CREATEDB", "mysql": rf"`{PREFIX}".replace("_", r"\_")}
    assert said[server.engine] in refused.value.hint
    assert refused.value.hint.endswith("peewee-mig check --verify --scratch URL")
    (engine,) = verify_by_running(
        world.at(server.url_as(role)), scratch=(server.url,), rows=False
    ).engines
    assert engine.findings == ()


def test_sql_that_names_another_database_of_mysql_is_not_run(mysql, tmp_path):
    world = World(tmp_path, mysql)
    mysql.sql("CREATE TABLE kept (id INT)", "INSERT INTO kept VALUES (1)")
    world.write(TABLES, f'op.run_sql("DELETE FROM {mysql.name}.kept", "")')
    with pytest.raises(Exception, match=f"0002_step reaches beyond its own database: {mysql.name}"):
        verify_by_running(world.project)
    assert mysql.sql("SELECT id FROM kept") == [(1,)]
    assert world.scratches() == []


def test_sql_for_the_whole_server_is_not_run(postgres, tmp_path):
    world = World(tmp_path, postgres)
    world.write(TABLES, 'op.run_sql("CREATE ROLE nobody_else", "DROP ROLE nobody_else")')
    with pytest.raises(Exception, match="reaches beyond its own database: CREATE ROLE"):
        verify_by_running(world.project)


def test_the_scratch_database_has_the_character_set_of_the_configured_one(mysql):
    mysql.sql(f"ALTER DATABASE {mysql.name} CHARACTER SET latin1 COLLATE latin1_german1_ci")
    with scratch_of(mysql.url, root=ROOT).new(skips=False) as scratch:
        asked = "SELECT @@character_set_database, @@collation_database"
        assert scratch.session.query(asked) == [("latin1", "latin1_german1_ci")]


def test_rows_of_every_type_are_taken(server):
    dialect, filled = get_dialect(server.engine), set()
    with scratch_of(server.url, root=ROOT).new(skips=False) as scratch:
        scratch.session.execute("CREATE EXTENSION hstore") if server.engine == "postgres" else None
        for name, arity in ARITY.items():
            args = (6, 2) if arity == (2,) else (9,) if name == "VARCHAR" else ()
            type_ = ColumnType(name, args)
            columns = (Column("a", type_), Column("b", ColumnType("INT")))
            shape = Table("t", columns, PrimaryKey(("a",) if type_.auto else ("b",)))
            if _is_made(shape, scratch):
                filler = Filler(scratch.session, dialect)
                filler.fill(Schema.of([shape]), Coming(), nulls=True)
                assert filler.made == 3, (name, filler.empty)
                filled.add(name)
            scratch.session.execute("DROP TABLE IF EXISTS t")
    assert ARITY.keys() - filled == LACKING[server.engine]


#: Types that an engine does not have.
_POSTGRES = {"BIGIDENTITY", "BIGIDENTITY_ALWAYS", "HSTORE", "IDENTITY", "IDENTITY_ALWAYS"}
_POSTGRES |= {"INTERVAL", "JSONB", "TIMESTAMPTZ", "TSVECTOR"}
LACKING = {"postgres": {"ANY", "BARE"}, "mysql": {"ANY", "BARE", *_POSTGRES}}


def _is_made(shape, scratch):
    try:
        for sql in scratch.dialect.create_table(shape):
            scratch.session.execute(sql)
    except MigError:
        return False
    return True


@pytest.mark.thorough
def test_the_worked_example_is_sound(server):
    project = open_project(Options(database=server.url), {}, ROOT)
    (engine,) = [
        each
        for each in verify_by_running(project, scratch=(server.url,)).engines
        if each.engine == server.engine
    ]
    assert engine.findings == ()
    assert not [note for note in engine.notes if "create_tables" not in note]


@pytest.mark.thorough
def test_postgres_comes_from_the_wheel_where_none_is_configured(world, server):
    if server.engine == "mysql":
        pytest.skip("there is no such wheel")
    world.write(TABLES, WIDER)
    (engine,) = verify_by_running(world.at("")).engines
    assert engine.findings == ()


def _query(server):
    return lambda sql: [tuple(row) for row in server.sql(sql)]


def _is_slow(world):
    running = {
        "postgres": "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)'"
        " AND state = 'active' AND pid <> pg_backend_pid() AND datname LIKE 'peewee_mig_verify%'",
        "mysql": "SELECT 1 FROM information_schema.processlist WHERE info = 'SELECT sleep(60)'",
    }
    return bool(world.server.sql(running[world.server.engine]))


def wait_until(happens):
    deadline = time.monotonic() + 30
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)
