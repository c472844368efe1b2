"""Forks that run migrations on a server, killed on purpose or started at one barrier.

A script: forking is for a process without threads and without pytest in it.
"""

import json
import os
import signal
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from live_world import LiveWorld
from servers.databases import MySQL, Postgres, _run

from peewee_mig.cli.main import call
from peewee_mig.dialects.server import DriverSession

CLASSES = {"postgres": Postgres, "mysql": MySQL}


def race(world, arguments):
    """Run commands in forks that start together; return exit codes and what was printed."""
    start = os.pipe()
    children = [_fork(lambda n=n, args=args: _runner(n, args, start))
                for n, args in enumerate(arguments)]  # fmt: skip
    os.close(start[1])
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    texts = [(world.folder / f"runner-{n}.txt").read_text() for n in range(len(children))]
    return [codes, texts]


def _runner(number, args, start):
    os.close(start[1])
    os.read(start[0], 1)  # ends when the parent closes the other end
    output = os.open(f"runner-{number}.txt", os.O_CREAT | os.O_WRONLY)
    os.dup2(output, 1)
    os.dup2(output, 2)
    return call(args)


def crash(world, argument):
    """Kill a run before each statement that writes; return how often, and what did not recover."""
    target, only = argument
    with clone(world, "undisturbed") as undisturbed:
        _go(undisturbed, target)
        expected = undisturbed.state()
    kills, bad = 0, []
    while True:
        kills += 1
        if only and kills % only[0] != only[1]:
            continue
        with clone(world, f"k{kills}") as copy:
            child = _fork(lambda copy=copy, at=kills: _dying_run(copy, target, at))
            if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != -signal.SIGKILL:
                return [kills - 1, bad]
            try:
                _go(copy, target)
                if copy.state() != expected:
                    bad.append([kills, "differs"])
            except Exception as error:  # whatever it is, the run did not recover
                bad.append([kills, f"{error!r} {getattr(error, 'statement', '')}"])


def _go(world, target):
    """Migrate, or roll back to a target."""
    if target:
        world.rollback(target, allow_data_loss=["all"])
    else:
        world.migrate()


def _dying_run(world, target, dies_at):
    count, fetch = 0, DriverSession._fetch

    def counting(session, sql):
        nonlocal count
        if not sql.rpartition("; ")[2].startswith(("SELECT", "SHOW")):
            count += 1
            if count == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return fetch(session, sql)

    DriverSession._fetch = counting
    _go(world, target)
    return 0


@contextmanager
def clone(world, suffix):
    """Give a world whose database is a copy of this one's."""
    name = f"{world.url.rpartition('/')[2]}_{suffix}"
    url = f"{world.url.rpartition('/')[0]}/{name}"
    kind = CLASSES[world.database.engine]

    def sql(*statements):
        return _run(kind._connect_to(_plain(url)), statements)

    def here(*statements):
        return _run(kind._connect_to(_plain(world.url)), statements)

    if world.database.engine == "postgres":
        admin = f"{_plain(world.url).rpartition('/')[0]}/postgres"
        origin = world.url.rpartition("/")[2]
        _run(kind._connect_to(admin), [f"CREATE DATABASE {name} TEMPLATE {origin}"])
        drop = lambda: _run(kind._connect_to(admin), [f"DROP DATABASE {name} WITH (FORCE)"])  # noqa: E731
    else:
        _copy(here, name)
        drop = lambda: here(f"DROP DATABASE {name}")  # noqa: E731
    try:
        yield LiveWorld(
            world.folder, SimpleNamespace(engine=world.database.engine, url=url, sql=sql)
        )
    finally:
        with suppress(Exception):
            drop()


def _copy(sql, name):
    """Copy the tables of a MariaDB database with their rows."""
    tables = [row[0] for row in sql("SHOW FULL TABLES WHERE table_type = 'BASE TABLE'")]
    created = [sql(f"SHOW CREATE TABLE `{table}`")[0][1] for table in tables]
    origin = sql("SELECT database()")[0][0]
    copies = [f"INSERT INTO `{table}` SELECT * FROM `{origin}`.`{table}`" for table in tables]
    sql(
        f"CREATE DATABASE {name}",
        f"USE {name}",
        "SET foreign_key_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO'",
        *created,
        *copies,
    )


def _plain(url):
    """Return the URL as the test's own connections take it."""
    return url.replace("postgresql+psycopg:", "postgresql:")


def _fork(work):
    child = os.fork()
    if child:
        return child
    code = 99
    try:
        code = work()
    except BaseException as error:  # noqa: BLE001 (told to whoever waits)
        print(repr(error), file=sys.stderr)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main(what, url, engine, argument):
    def sql(*statements):
        return _run(CLASSES[engine]._connect_to(_plain(url)), statements)

    world = LiveWorld(Path.cwd(), SimpleNamespace(engine=engine, url=url, sql=sql))
    print(json.dumps({"race": race, "crash": crash}[what](world, json.loads(argument))))


if __name__ == "__main__":
    main(*sys.argv[1:])
