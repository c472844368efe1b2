"""Forks that run migrations on a server, killed on purpose or started at one barrier.

A script: forking is for a process without threads and without pytest in it.
"""

import json
import os
import signal
import sys
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

# ruff: noqa: E402 (this is a script: its helpers are found by the line above)
from live_world import LiveWorld, querying
from servers.databases import MySQL, Postgres, _run

from peewee_mig.cli.main import call
from peewee_mig.commands.repair import repair
from peewee_mig.dialects.server import DriverSession
from peewee_mig.errors import FailedError

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
    """Disturb a run at one statement after the other; return how many, and what went wrong.

    ``target``: of a rollback, ``None`` to migrate; ``every``, ``first``: which statements;
    ``how``: ``kill`` the runner before it, or let the connection be ``lost`` after it;
    ``repair``: put the records right before the run that follows.
    """
    target, disturb = argument["target"], {"kill": _killed, "lost": _cut_off}[argument["how"]]
    with clone(world, "undisturbed") as undisturbed:
        _go(undisturbed, target)
        expected = _state(undisturbed)
    bad, at, reached = [], 0, True
    while reached:
        at += 1
        if at % argument["every"] == argument["first"]:
            with clone(world, f"k{at}") as copy:
                reached = disturb(copy, target, at)
                if argument.get("repair"):
                    repair(copy.project, confirm=lambda _findings, _statements: True)
                bad += _not_recovered(copy, target, expected, at)
    return [at, bad]


def _not_recovered(world, target, expected, at):
    try:
        _go(world, target)
    except Exception as error:  # noqa: BLE001 (whatever it is, the run did not recover)
        return [[at, f"{error!r} {getattr(error, 'statement', '')}"]]
    return [] if _state(world) == expected else [[at, "differs"]]


def _state(world):
    """Return all but the lock: a re-run with nothing to do leaves the row of whoever died last."""
    return {name: found for name, found in world.state().items() if name != "peewee_mig_lock"}


def _go(world, target):
    """Migrate, or roll back to a target; another runner is waited for a minute."""
    if target:
        world.rollback(target, allow_data_loss=["all"], wait_lock=60)
    else:
        world.migrate(wait_lock=60)


def _killed(world, target, at):
    """Run in a fork that kills itself before a statement; tell whether it got there."""

    def die(_session, fetch):
        del fetch
        os.kill(os.getpid(), signal.SIGKILL)

    def run():
        with _disturbed(at, die):
            _go(world, target)
        return 0

    code = os.waitstatus_to_exitcode(os.waitpid(_fork(run), 0)[1])
    assert code in (0, -signal.SIGKILL), code
    return code != 0


def _cut_off(world, target, at):
    """Run until a statement whose answer is lost with the connection; tell whether it got there."""

    def lose(session, fetch):
        with suppress(Exception):  # the answer is lost, also one that refuses
            fetch()
        world.cut_off(session)
        return session._fetch("SELECT 1")  # in the driver's own words

    try:
        with _disturbed(at, lose):
            _go(world, target)
    except FailedError as error:
        if "connection" not in error.message:
            raise
        return True
    return False


@contextmanager
def _disturbed(at, disturb):
    """Call ``disturb`` instead of the statement number ``at`` that writes."""
    count, fetch = 0, DriverSession._fetch

    def counting(session, sql):
        nonlocal count
        if not sql.rpartition("; ")[2].startswith(("SELECT", "SHOW")):
            count += 1
            if count == at:
                return disturb(session, lambda: fetch(session, sql))
        return fetch(session, sql)

    DriverSession._fetch = counting
    try:
        yield
    finally:
        DriverSession._fetch = fetch


class Copy:
    """A copy of a world's database, as the fixtures of the tests would give it."""

    def __init__(self, world, suffix):
        self.engine = world.database.engine
        self._origin = world.url
        self._name = f"{world.url.rpartition('/')[2]}_{suffix}"
        self.url = f"{world.url.rpartition('/')[0]}/{self._name}"

    def connect(self):
        return self._connect(self.url)

    def sql(self, *statements):
        return _run(self._connect(self.url), statements)

    def make(self):
        if self.engine == "postgres":
            origin = self._origin.rpartition("/")[2]
            self._administer(f"CREATE DATABASE {self._name} TEMPLATE {origin}")
        else:
            self._copy_tables()

    def drop(self):
        force = " WITH (FORCE)" if self.engine == "postgres" else ""
        self._administer(f"DROP DATABASE {self._name}{force}")

    def _administer(self, *statements):
        database = "postgres" if self.engine == "postgres" else "mysql"
        return _run(self._connect(f"{self._origin.rpartition('/')[0]}/{database}"), statements)

    def _connect(self, url):
        return CLASSES[self.engine]._connect_to(_plain(url))

    def _copy_tables(self):
        """Copy the tables of a MariaDB database with their rows."""
        with closing(self._connect(self._origin)) as connection:
            sql = querying(connection)
            origin = sql("SELECT database()")[0][0]
            tables = [name for name, kind in sql("SHOW FULL TABLES") if kind == "BASE TABLE"]
            created = [sql(f"SHOW CREATE TABLE `{table}`")[0][1] for table in tables]
            copies = [f"INSERT INTO `{name}` SELECT * FROM `{origin}`.`{name}`" for name in tables]
            for statement in (
                f"CREATE DATABASE {self._name}",
                f"USE {self._name}",
                "SET foreign_key_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO'",
                *created,
                *copies,
            ):
                sql(statement)


@contextmanager
def clone(world, suffix):
    """Give a world whose database is a copy of this one's."""
    copy = Copy(world, suffix)
    copy.make()
    try:
        yield LiveWorld(world.folder, copy)
    finally:
        with suppress(Exception):
            copy.drop()


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
