"""Databases: down, missing, denied, locked, half-done, changed by hand."""

import contextlib
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from cases_usage import PERSON, PET, WITH_NICK, applied, one, two
from induced import Case

SQLITE = ("sqlite",)
POSTGRES = ("postgres",)
MYSQL = ("mysql",)
SERVERS = ("postgres", "mysql")
ALL = ("sqlite", "postgres", "mysql")
ROOT = Path(__file__).parents[2]

# --- out of reach


def at_port(project, port):
    address = urlsplit(project.url)
    host = address.hostname or "localhost"
    where = address.netloc.rpartition("@")[2]
    return project.url.replace(f"@{where}", f"@{host}:{port}")


def down(project):
    """A server that does not run: nobody listens at its port."""
    one(project)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        project.port = free.getsockname()[1]
    project.configure(at_port(project, project.port))


@contextlib.contextmanager
def server_starts(project):
    """The server starts a moment later: what comes to that port goes to the real one."""
    address = urlsplit(project.url)
    real = (address.hostname, address.port or (5432 if project.engine == "postgres" else 3306))
    stop = threading.Event()

    def serve():
        time.sleep(0.2)
        with socket.create_server(("127.0.0.1", project.port)) as listening:
            listening.settimeout(0.1)
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    client = listening.accept()[0]
                    client.settimeout(None)
                    server = socket.create_connection(real)
                    for one_, other in ((client, server), (server, client)):
                        threading.Thread(target=pump, args=(one_, other), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
        project.configure()
    finally:
        stop.set()
        thread.join()


def pump(source, target):
    with contextlib.suppress(OSError), source, target:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def no_such_database(project):
    one(project)
    project.configure(f"{project.url}_more")


def drop_more(project):
    """Look whether the database is there, and drop it."""
    name = f"{project.database.name}_more"
    project.sql(f"DROP DATABASE {name}")
    return True


def as_role(project, *grants):
    """Be a user of the server; ``grants``: what it may (ROLE stands for it)."""
    project.role = project.database.role("app")
    project.sql(*(each.replace("ROLE", project.role) for each in grants))
    project.configure(project.database.url_as(project.role))


def role(*grants, make=one):
    def setup(project):
        make(project)
        as_role(project, *(each.format(name=project.database.name) for each in grants))

    return setup


def wrong_password(project):
    one(project)
    as_role(project)
    project.sql(
        f"GRANT ALL ON {project.database.name}.* TO {project.role}"
        if project.engine == "mysql"
        else f"GRANT ALL ON SCHEMA public TO {project.role}"
    )
    right = project.database.url_as(project.role)
    project.configure(right.replace("of%20a%20test", "wrong"))
    project.values = {"USER": project.role, "PASSWORD": "of%20a%20test"}


def full_of_connections(project):
    one(project)
    as_role(project)
    project.sql(
        f"GRANT ALL ON SCHEMA public TO {project.role}",
        f"ALTER ROLE {project.role} CONNECTION LIMIT 0",
    )


@contextlib.contextmanager
def more_connections(project):
    def allow():
        time.sleep(0.3)
        project.sql(f"ALTER ROLE {project.role} CONNECTION LIMIT 10")

    thread = threading.Thread(target=allow)
    thread.start()
    yield
    thread.join()


def read_only(project):
    one(project)
    project.sql(f"ALTER DATABASE {project.database.name} SET default_transaction_read_only = on")


def owned_by_another(project):
    applied(project)
    project.models(PERSON)
    project.done("peewee-mig generate --name less")
    as_role(project)
    owner = project.sql("SELECT current_user")[0][0]
    project.sql(
        f"GRANT ALL ON SCHEMA public TO {project.role}",
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {project.role}",
    )
    project.values = {"OWNER": owner}


# --- locked


@contextlib.contextmanager
def writer_has_ended(project):
    project.writer.close()
    yield


@contextlib.contextmanager
def writer_ends(project):
    """Another process ends its transaction a moment later."""

    def end():
        time.sleep(0.3)
        project.writer.execute("ROLLBACK")
        project.writer.close()

    thread = threading.Thread(target=end)
    thread.start()
    yield
    thread.join()


def writer(project, statement="BEGIN IMMEDIATE"):
    project.writer = sqlite3.connect("app.db", isolation_level=None, check_same_thread=False)
    project.writer.execute(statement)


def lock_row(host):
    """The lock of a runner on some host: nobody can prove that it is gone."""

    def setup(project):
        two(project)
        project.done("peewee-mig migrate 1")
        project.sql(
            "INSERT INTO peewee_mig_lock (id, owner, host, pid, backend, since, heartbeat, step)"
            f" VALUES (1, 'token', '{host}', 4711, 0, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, '')"
        )

    return setup


def table_locked(project):
    """A long transaction of the application holds the table."""
    applied(project)
    project.sql("INSERT INTO person (name, nickname) VALUES ('Ada', 'A')")
    project.models(PERSON + "\n    age = IntegerField(null=True)")
    project.done("peewee-mig generate --name age --no-renames")
    project.configure(lock_timeout="1")
    project.writer = Holder(project.database.connect())
    project.writer.execute("BEGIN")
    project.writer.execute("SELECT * FROM person")


class Holder:
    """A connection, as one of SQLite's."""

    def __init__(self, connection):
        self.connection = connection

    def execute(self, sql):
        with contextlib.closing(self.connection.cursor()) as cursor:
            cursor.execute(sql)

    def close(self):
        self.connection.close()


DYING = """
import os, sys
from peewee_mig.cli.main import call
from peewee_mig.dialects.{engine} import session
where = sys.argv[1]
classes = [c for c in vars(session).values() if isinstance(c, type) and "_run" in vars(c)]
for kind in classes:
    def dying(self, sql, *rest, _run=kind._run):
        found = _run(self, sql, *rest)
        if sql.lstrip().startswith(where):
            os._exit(9)
        return found
    kind._run = dying
call(sys.argv[2:])
"""


def dies_at(make, statement, line):
    """A command that is killed just after a statement."""

    def setup(project):
        make(project)
        script = DYING.format(engine=project.engine)
        environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
        done = subprocess.run(
            [sys.executable, "-c", script, statement, *line.split()],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 9, done.stdout + done.stderr + project.story()

    return setup


def two_tables(project):
    one(project)
    project.models(WITH_NICK, PET)
    project.done("peewee-mig generate --name more")


def pushed_two(project):
    project.models(PERSON, PET)


# --- changed by hand


def by_hand(*statements, make=applied, rows=()):
    def setup(project):
        make(project)
        project.sql(*rows, *statements)

    return setup


def more(*models, make=applied, name="more"):
    """A further migration, pending."""

    def setup(project):
        make(project)
        project.models(*models)
        project.done(f"peewee-mig generate --name {name} --no-renames")

    return setup


def hand(make, *statements):
    def setup(project):
        make(project)
        project.sql(*statements)

    return setup


def unrecorded(project):
    """Tables of somebody's create_tables(), with a history that is not recorded."""
    one(project)
    project.done("peewee-mig migrate")
    project.sql("DROP TABLE peewee_mig_history")


def pushed_then_generated(project):
    project.models(PERSON)
    project.done("peewee-mig push")
    project.done("peewee-mig generate --name initial")
    project.models(WITH_NICK)
    project.done("peewee-mig generate --name nick")


def production(project):
    project.models(PERSON)
    project.configure(production="true")


def data_migration(project):
    """Two places of one schema, with a data migration between, and no record."""
    one(project)
    project.done("peewee-mig generate --empty --name data")
    text = (project.folder / "migrations/0002_data.py").read_text(encoding="utf-8")
    text = text[: text.index("\noperations:") + 1]
    project.write(
        "migrations/0002_data.py",
        f"{text}operations = [op.run_sql(\"UPDATE person SET name = 'x'\", [])]\n",
    )
    project.done("peewee-mig migrate")
    project.sql("DROP TABLE peewee_mig_history")


def index_renamed(project):
    project.models(UNIQUE)
    project.done("peewee-mig generate --name initial --apply")
    project.models(PERSON)
    project.done("peewee-mig generate --name less")
    ways = {
        "mysql": ["ALTER TABLE person RENAME INDEX person_name TO by_name"],
        "postgres": ["ALTER INDEX person_name RENAME TO by_name"],
        "sqlite": ["DROP INDEX person_name", "CREATE UNIQUE INDEX by_name ON person (name)"],
    }
    project.sql(*ways[project.engine])


VIEW = "CREATE VIEW nicknames AS SELECT nickname FROM person"
UNIQUE = PERSON.replace("max_length=100", "max_length=100, unique=True")
REFERRED = "CREATE TABLE badge (person_id INTEGER REFERENCES person (id))"

LIVE = (
    Case(
        "server down",
        SERVERS,
        down,
        "peewee-mig migrate",
        3,
        ("does not answer",),
        meanwhile=server_starts,
    ),
    Case(
        "database missing",
        SERVERS,
        no_such_database,
        "peewee-mig migrate",
        3,
        ("does not exist",),
        check=drop_more,
    ),
    Case(
        "wrong password",
        MYSQL,
        wrong_password,
        "peewee-mig migrate",
        3,
        ("does not let this user in",),
    ),
    Case(
        "no rights on the database",
        MYSQL,
        role(),
        "peewee-mig status",
        3,
        ("Access denied",),
        take=1,
        aim="peewee-mig migrate",
    ),
    Case(
        "full of connections",
        POSTGRES,
        full_of_connections,
        "peewee-mig migrate",
        3,
        ("takes no more connections",),
        meanwhile=more_connections,
    ),
    Case(
        "may not connect",
        POSTGRES,
        role("REVOKE CONNECT ON DATABASE {name} FROM PUBLIC", "GRANT ALL ON SCHEMA public TO ROLE"),
        "peewee-mig migrate",
        3,
        ("lacks a right",),
    ),
    Case(
        "may not create",
        POSTGRES,
        role("REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
        "peewee-mig migrate",
        3,
        ("permission denied for schema public",),
    ),
    Case(
        "may not read our table",
        POSTGRES,
        role(make=applied),
        "peewee-mig status",
        3,
        ("permission denied for table peewee_mig_history",),
    ),
    Case(
        "not the owner",
        POSTGRES,
        owned_by_another,
        "peewee-mig migrate",
        3,
        ("must be owner of table person",),
        values={"OWNER": "owner"},
    ),
    Case(
        "may only read",
        MYSQL,
        role("GRANT SELECT ON {name}.* TO ROLE"),
        "peewee-mig migrate",
        3,
        ("CREATE command denied",),
        take=1,
    ),
    Case(
        "may not alter",
        MYSQL,
        lambda p: (
            more(WITH_NICK, PET)(p),
            as_role(p, f"GRANT SELECT, INSERT, UPDATE, DELETE ON {p.database.name}.* TO ROLE"),
        ),
        "peewee-mig migrate",
        3,
        ("CREATE command denied",),
        take=1,
    ),
    Case("read only", POSTGRES, read_only, "peewee-mig migrate", 3, ("takes no changes",)),
    Case(
        "schema missing",
        POSTGRES,
        lambda p: (
            p.models(PERSON + "\n    class Meta:\n        schema = 'crm'"),
            p.done("peewee-mig generate --name initial"),
        ),
        "peewee-mig migrate",
        5,
        ("no schema crm",),
    ),
    Case(
        "search path of nothing",
        POSTGRES,
        lambda p: (
            one(p),
            p.configure(f"{p.url}{'&' if '?' in p.url else '?'}options=-csearch_path=nowhere"),
        ),
        "peewee-mig baseline zero",
        3,
        ("search_path",),
        aim="peewee-mig migrate",
    ),
    Case(
        "type of an extension",
        POSTGRES,
        lambda p: (
            p.models(
                "class Person(Model):\n    name = CharField()\n    tags = HStoreField(index=False)"
            ),
            p.write(
                "models.py",
                "from playhouse.postgres_ext import *\n"
                + (p.folder / "models.py").read_text(encoding="utf-8"),
            ),
            p.done("peewee-mig generate --name initial"),
        ),
        "peewee-mig migrate",
        5,
        ("no type HSTORE",),
    ),
    # SQLite
    Case(
        "folder of the file",
        SQLITE,
        lambda p: (one(p), p.configure("sqlite:///data/app.db")),
        "peewee-mig migrate",
        3,
        ("data/app.db does not exist",),
    ),
    Case(
        "file that may only be read",
        SQLITE,
        lambda p: (
            one(p),
            p.sql("SELECT 1"),
            p.sh("touch app.db"),
            p.configure("sqlite:///file:app.db?mode=ro"),
        ),
        "peewee-mig migrate",
        3,
        ("cannot be written to",),
    ),
    Case(
        "file that is no database",
        SQLITE,
        lambda p: (one(p), p.write("app.db", "no database " * 100)),
        "peewee-mig migrate",
        3,
        ("is not a SQLite database",),
        prose=True,
    ),
    Case(
        "file that another process writes",
        SQLITE,
        lambda p: (one(p), writer(p)),
        "peewee-mig migrate --wait-lock 0.1",
        4,
        ("another process is writing to",),
        meanwhile=writer_ends,
    ),
    Case(
        "file that another process keeps",
        SQLITE,
        lambda p: (applied(p), writer(p, "BEGIN EXCLUSIVE")),
        "peewee-mig migrate --wait-lock 0",
        4,
        ("is locked by another process",),
        meanwhile=writer_has_ended,
    ),
    # locks and half-done work
    Case(
        "lock of another host",
        SERVERS,
        lock_row("elsewhere"),
        "peewee-mig migrate --wait-lock 0.1",
        4,
        ("another runner is at work", "elsewhere"),
        take=1,
    ),
    Case(
        "table that the application holds",
        SERVERS,
        table_locked,
        "peewee-mig migrate --wait-lock 1",
        4,
        ("another session holds",),
        meanwhile=writer_ends,
    ),
    Case(
        "half applied, a rollback",
        MYSQL,
        dies_at(two_tables, "CREATE TABLE `pet`", "migrate"),
        "peewee-mig rollback zero",
        5,
        ("0002_more was begun here",),
    ),
    Case(
        "half applied, a baseline",
        MYSQL,
        dies_at(two_tables, "CREATE TABLE `pet`", "migrate"),
        "peewee-mig baseline",
        5,
        ("0002_more was begun",),
    ),
    Case(
        "half applied, a push",
        MYSQL,
        dies_at(two_tables, "CREATE TABLE `pet`", "migrate"),
        "peewee-mig push --over-history",
        5,
        ("0002_more was begun",),
    ),
    Case(
        "half applied, status",
        MYSQL,
        dies_at(two_tables, "CREATE TABLE `pet`", "migrate"),
        "peewee-mig status --check",
        1,
        ("0002_more is half applied",),
    ),
    Case(
        "half undone",
        MYSQL,
        dies_at(
            lambda p: (two_tables(p), p.done("peewee-mig migrate")), "DROP TABLE `pet`", "rollback"
        ),
        "peewee-mig status --check",
        1,
        ("0002_more is half undone",),
        aim="peewee-mig migrate",
    ),
    Case(
        "half pushed",
        MYSQL,
        lambda p: (
            dies_at(pushed_two, "CREATE TABLE `person`", "push")(p),
            p.done("peewee-mig generate --name initial"),
        ),
        "peewee-mig migrate",
        5,
        ("push was begun here",),
        aim="peewee-mig status --check",
    ),
    # changed by hand
    Case(
        "pushed database", ALL, pushed_then_generated, "peewee-mig migrate", 5, ("was pushed at",)
    ),
    Case(
        "push where migrations are",
        ALL,
        lambda p: (one(p), p.done("peewee-mig migrate"), p.models(WITH_NICK)),
        "peewee-mig push",
        5,
        ("follows migrations",),
        aim="peewee-mig status --check",
    ),
    Case(
        "push to production",
        SQLITE,
        production,
        "peewee-mig push",
        5,
        ("production",),
        aim="peewee-mig status --check",
    ),
    Case(
        "exists already",
        ALL,
        unrecorded,
        "peewee-mig migrate",
        5,
        ("would make what this database has already",),
    ),
    Case(
        "no migration equals it",
        ALL,
        lambda p: (unrecorded(p), p.sql("ALTER TABLE person ADD COLUMN extra INTEGER")),
        "peewee-mig baseline",
        5,
        ("equals no migration",),
        take=1,
        aim="peewee-mig status --check",
    ),
    Case(
        "no migration equals it, mended",
        ALL,
        lambda p: (
            unrecorded(p),
            p.sql("DROP TABLE person"),
            p.sql("CREATE TABLE person (id INTEGER)"),
        ),
        "peewee-mig baseline 1",
        5,
        ("differs from 0001_initial",),
        take=1,
        aim="peewee-mig status --check",
    ),
    Case(
        "data migration, or not",
        ALL,
        data_migration,
        "peewee-mig baseline",
        5,
        ("0002_data",),
        take=1,
        aim="peewee-mig status --check",
    ),
    Case(
        "column dropped by hand",
        ALL,
        by_hand("ALTER TABLE person DROP COLUMN nickname"),
        "peewee-mig diff",
        1,
        ("person.nickname is missing",),
    ),
    Case(
        "column dropped by hand, and a migration",
        SQLITE,
        hand(
            more(WITH_NICK.replace("max_length=50", "max_length=60").replace("100", "90")),
            "ALTER TABLE person DROP COLUMN nickname",
        ),
        "peewee-mig migrate",
        5,
        ("lacks columns", "nickname"),
    ),
    Case(
        "table dropped by hand",
        ("sqlite", "postgres"),
        hand(more(WITH_NICK.replace("max_length=100", "max_length=90")), "DROP TABLE person"),
        "peewee-mig migrate",
        3,
        ("lacks what a statement needs", "person"),
    ),
    Case(
        "index dropped by hand",
        SERVERS,
        lambda p: (
            p.models(UNIQUE),
            p.done("peewee-mig generate --name initial --apply"),
            p.models(PERSON),
            p.done("peewee-mig generate --name less"),
            p.sql("DROP INDEX person_name" + (" ON person" if p.engine == "mysql" else "")),
        ),
        "peewee-mig migrate",
        5,
        ("no index person_name",),
    ),
    Case(
        "index by another name",
        ALL,
        index_renamed,
        "peewee-mig migrate",
        5,
        ("no index person_name",),
    ),
    Case(
        "view in the way",
        ALL,
        hand(more(PERSON), VIEW),
        "peewee-mig migrate",
        5,
        ("view nicknames needs",),
    ),
    Case(
        "view in the way of a rollback",
        ALL,
        hand(applied, VIEW),
        "peewee-mig rollback",
        5,
        ("view nicknames needs",),
    ),
    Case(
        "view that is broken already",
        SQLITE,
        hand(
            more(PERSON),
            "CREATE VIEW broken AS SELECT x FROM nowhere",
        ),
        "peewee-mig migrate",
        3,
        ("broken",),
    ),
    Case(
        "table that refers to one that goes",
        ALL,
        lambda p: (
            p.models(PERSON, PET),
            p.done("peewee-mig push"),
            p.sql(REFERRED),
            p.models(PET),
        ),
        "peewee-mig push",
        5,
        ("badge",),
    ),
)
