"""Tenants on servers: schemas of one database of PostgreSQL, databases of MariaDB."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from tenants_world import BY_HAND, PEOPLE, TOWN, UNIQUE

from peewee_mig.dialects.postgres.session import lock_key

ROOT = Path(__file__).parents[2]
BOTH = ["0001_step", "0002_step"]


@pytest.fixture
def server(project, postgres):
    project.configure(
        f'database = "{postgres.urls["psycopg2"]}"',
        'tenants = "query:SELECT name FROM tenant ORDER BY name"',
    )
    project.write(PEOPLE)
    return Schemas(project, postgres)


class Schemas:
    """Tenants that are schemas of one database."""

    def __init__(self, project, database):
        self.project = project
        self.database = database

    def create(self, names):
        quoted = [name.replace('"', '""') for name in names]
        values = ", ".join(f"('{name}')" for name in names)
        self.database.sql(
            "CREATE TABLE tenant (name text)",
            f"INSERT INTO tenant VALUES {values}",
            *(f'CREATE SCHEMA "{name}"' for name in quoted),
        )
        self.names = sorted(names)

    def applied(self, schema):
        rows = self.database.sql(f'SELECT name FROM "{schema}".peewee_mig_history ORDER BY id')
        return [name for (name,) in rows]

    def tables(self):
        return self.database.sql(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN"
            " ('pg_catalog', 'information_schema', 'public') ORDER BY 1, 2"
        )

    def holders(self):
        """Return the locks that runners left."""
        rows = [
            self.database.sql(f'SELECT owner FROM "{name}".peewee_mig_lock') for name in self.names
        ]
        return [row for found in rows for row in found]


@pytest.mark.parametrize("count", [40, pytest.param(500, marks=pytest.mark.thorough)])
def test_each_schema_has_its_own_tables_and_history(server, count):
    server.create([f"t{number:03}" for number in range(count)])
    project = server.project
    assert project.json("migrate")["counts"] == {"migrated": count}
    own = ("peewee_mig_history", "peewee_mig_lock", "people")
    assert server.tables() == [(name, table) for name in server.names for table in own]
    assert server.holders() == []
    broken = server.names[::10]
    server.database.sql(
        *(
            f"INSERT INTO {name}.people (name) VALUES ('Ann'), ('Ann')"
            if name in broken
            else f"INSERT INTO {name}.people (name) VALUES ('Ann'), ('Bob')"
            for name in server.names
        )
    )
    project.write(TOWN, UNIQUE)
    answer = project.json("migrate", "--on-failure", "continue", code=5)
    assert answer["counts"] == {"migrated": count - len(broken), "failed": len(broken)}
    assert [name for name in server.names if server.applied(name) != BOTH] == broken
    server.database.sql(*(f"DELETE FROM {name}.people WHERE id = 2" for name in broken))
    again = project.json("migrate")["counts"]
    assert again == {"up_to_date": count - len(broken), "migrated": len(broken)}
    assert all(server.applied(name) == BOTH for name in server.names)
    assert project.json("status", "--check")["counts"] == {"up_to_date": count}
    assert server.holders() == []
    assert project.json("rollback", "zero", "--allow-data-loss", "all")["counts"] == {
        "rolled_back": count
    }


def test_names_are_taken_as_they_are(server):
    names = ["Acme", "acme", "We ird", 'quo"te', "back\\slash", "50%", "person"]
    server.create(names)
    assert server.project.json("migrate")["counts"] == {"migrated": 7}
    assert {schema for schema, _ in server.tables()} == {*names}
    assert "No drift" in server.project.run("diff", "--tenant", "We ird")


def test_a_schema_that_is_not_there_is_that_tenants_own_trouble(server):
    server.create(["acme", "hooli"])
    server.database.sql("INSERT INTO tenant VALUES ('gone')")
    answer = server.project.json("migrate", "--on-failure", "continue", code=3)
    assert answer["counts"] == {"migrated": 2, "failed": 1}
    assert 'CREATE SCHEMA "gone"' in answer["by"]["gone"]["hint"]


def test_the_tables_of_the_application_are_no_tenants(server):
    server.create(["acme", "hooli"])
    server.database.sql("CREATE TABLE people (id int)", "CREATE TABLE hooli.mine (id int)")
    assert server.project.json("migrate")["counts"] == {"migrated": 2}
    told = server.project.run("status")
    assert "search_path" not in told
    assert server.database.sql("SELECT * FROM people") == []


def test_a_history_of_another_schema_is_no_tenants(server):
    server.create(["acme", "hooli"])
    server.database.sql("CREATE SCHEMA shared", "CREATE TABLE shared.peewee_mig_history (x int)")
    url = server.database.urls["psycopg2"]
    path = "options=-csearch_path%3D{tenant},shared"
    server.project.configure(
        f'database = "{url}"',
        f'tenant_url = "{url}{"&" if "?" in url else "?"}{path}"',
        'tenants = "query:SELECT name FROM tenant"',
    )
    for command in ("migrate", "status"):
        told = server.project.run(command, code=5)
        assert "peewee_mig_history of the schema shared is not that of the tenant acme" in told
    server.database.sql("DROP TABLE shared.peewee_mig_history")
    assert server.project.json("migrate")["counts"] == {"migrated": 2}


def test_a_tenant_without_its_schema_does_not_get_the_next_one(server):
    server.create(["acme"])
    server.database.sql("CREATE SCHEMA shared", "INSERT INTO tenant VALUES ('gone')")
    url = server.database.urls["psycopg2"]
    path = "options=-csearch_path%3D{tenant},shared"
    server.project.configure(
        f'database = "{url}"',
        f'tenant_url = "{url}{"&" if "?" in url else "?"}{path}"',
        'tenants = "query:SELECT name FROM tenant"',
    )
    for command in ("status", "migrate", "baseline"):
        told = server.project.run(command, "--tenant", "gone", code=3)
        assert "the schema gone does not exist, and its tables would go to shared" in told
        assert f'CREATE SCHEMA "gone", then: peewee-mig {command} --tenant gone' in told
    assert server.project.json("migrate", "--tenant", "acme*")["counts"] == {"migrated": 1}
    rows = server.database.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'shared'")
    assert rows == []


def test_tenants_do_not_wait_for_each_other(server):
    """One holds its lock and a table for long; all others are done before it is free."""
    server.create([f"t{number}" for number in range(12)])
    server.project.run("migrate")
    server.project.write(TOWN)
    with closing(server.database.connect()) as other, closing(other.cursor()) as cursor:
        cursor.execute(f"SELECT pg_advisory_lock({lock_key('peewee_mig_lock', 't3')})")
        words = ("--wait-lock", "0.3", "--jobs", "3", "--on-failure", "continue")
        answer = server.project.json("migrate", *words, code=4)
    assert answer["counts"] == {"migrated": 11, "failed": 1}
    assert answer["by"]["t3"]["exit_code"] == 4
    assert server.project.json("migrate")["counts"] == {"up_to_date": 11, "migrated": 1}


def test_two_runs_at_once_share_the_work(server):
    server.create([f"t{number}" for number in range(10)])
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "peewee_mig", "migrate", "--jobs", "3"],
            cwd=server.project.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    told = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], told
    assert all(server.applied(name) == BOTH[:1] for name in server.names)


def test_a_run_that_is_killed_is_finished_by_the_next(server):
    server.create([f"t{number}" for number in range(8)])
    server.project.run("migrate")
    server.project.write(TOWN, 'op.run_sql("SELECT pg_sleep(max(id)) FROM people", [])')
    server.database.sql("INSERT INTO t5.people (id, name) VALUES (60, 'slow')")
    run = subprocess.Popen(
        [sys.executable, "-m", "peewee_mig", "migrate", "--jobs", "2"],
        cwd=server.project.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    for _ in range(7):
        assert run.stdout.readline()
    run.send_signal(signal.SIGKILL)
    run.communicate()
    server.database.sql("DELETE FROM t5.people")
    assert server.project.json("migrate")["counts"] == {"up_to_date": 7, "migrated": 1}
    assert server.applied("t5") == BOTH
    assert server.holders() == []


def test_a_server_that_goes_away_in_between_is_told_of_each(server):
    """Sessions are ended while the tenants are at it; the next run finishes."""
    server.create([f"t{number}" for number in range(6)])
    server.project.run("migrate")
    server.project.write(TOWN, 'op.run_sql("SELECT pg_sleep(0.3)", [])')
    ended = threading.Event()

    def end():
        while not ended.is_set():
            rows = server.database.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                " current_database() AND query LIKE '%pg_sleep(0.3)%' AND pid <> pg_backend_pid()"
                " LIMIT 1"
            )
            if rows:
                ended.set()
            time.sleep(0.02)

    thread = threading.Thread(target=end)
    thread.start()
    try:
        words = ("--jobs", "2", "--on-failure", "continue")
        answer = server.project.json("migrate", *words, code=3)
    finally:
        ended.set()
        thread.join()
    assert answer["counts"] == {"migrated": 5, "failed": 1}
    assert server.project.json("migrate")["counts"] == {"up_to_date": 5, "migrated": 1}


def test_databases_of_one_server(project, mysql):
    names = ["", "acme", "hooli"]
    others = [mysql.another() for _ in names[1:]]
    project.configure(f'database = "{mysql.url}"')
    (project.folder / "t.txt").write_text(f"acme {others[0].url}\nhooli {others[1].url}\n")
    project.write(PEOPLE)
    words = ("--tenants", "t.txt")
    assert project.json("migrate", *words)["counts"] == {"migrated": 2}
    others[0].sql("CREATE TABLE by_hand (name VARCHAR(9))")
    project.write(TOWN, BY_HAND)
    answer = project.json("migrate", *words, "--on-failure", "continue", code=3)
    assert answer["counts"] == {"migrated": 1, "failed": 1}
    others[1].sql("CREATE TABLE by_hand (name VARCHAR(9))")
    assert project.json("migrate", *words)["counts"] == {"up_to_date": 1, "migrated": 1}
    history = "SELECT name FROM peewee_mig_history ORDER BY id"
    assert all(each.sql(history) == [(name,) for name in BOTH] for each in others)
    assert mysql.sql("SHOW TABLES") == []
