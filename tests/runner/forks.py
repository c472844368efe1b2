"""Runs the program many times, in forks of one warm process; a script of the tests.

``race``: all command lines at once, from one barrier. ``crash``: a run that is killed (as
by ``kill -9``) before its first statement that writes, another before its second, ... and
after its last; then a plain run, whose result must equal the undisturbed one.
"""

import json
import os
import shutil
import signal
import sqlite3
import sys
from pathlib import Path

from runner_world import World

from peewee_mig.cli.main import call
from peewee_mig.dialects.sqlite.session import SqliteSession


def race(commands):
    """Print the exit code and the output of each command line."""
    gate, opener = os.pipe()
    children = [_fork(lambda args=args, i=i: _runner(args, i, gate, opener))
                for i, args in enumerate(commands)]  # fmt: skip
    os.close(gate)
    os.close(opener)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    texts = [Path(f"runner-{i}.txt").read_text() for i in range(len(commands))]
    print(json.dumps([codes, texts]))


def _runner(args, number, gate, opener):
    os.close(opener)
    os.read(gate, 1)  # ends when the parent closes the other end
    output = os.open(f"runner-{number}.txt", os.O_CREAT | os.O_WRONLY)
    os.dup2(output, 1)
    os.dup2(output, 2)
    return call(args)


def crash(arguments):
    """Print how often it was killed, and the points from which a run did not recover."""
    journal_mode, target = arguments
    start = Path("start.db")
    world = World(Path.cwd())
    shutil.copy(start, world.file)
    _go(world, target)
    undisturbed = world.dump()
    bad, kills = [], 0
    while True:
        for path in world.folder.glob("app.db*"):
            path.unlink()
        shutil.copy(start, world.file)
        child = _fork(lambda dies_at=kills + 1: _dying_run(world, target, dies_at))
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != -signal.SIGKILL:
            break
        kills += 1
        _go(world, target)
        same = world.dump() == undisturbed
        mode = world.sql("PRAGMA journal_mode")[0][0]
        if not same or mode != journal_mode or world.sql("PRAGMA integrity_check") != [("ok",)]:
            bad.append(kills)
    print(json.dumps([kills, bad]))


def _go(world, target):
    """Migrate, or roll back to a target."""
    if target:
        world.rollback(target, allow_data_loss=["all"])
    else:
        world.migrate()


def _dying_run(world, target, dies_at):
    """Run with a cache so small that pages are written long before the commit."""
    count, run = 0, SqliteSession._run

    def counting(session, sql):
        nonlocal count
        writes = not sql.startswith(("SELECT", "PRAGMA foreign_keys", "EXPLAIN"))
        if writes:
            count += 1
            _die_if(count == dies_at)
        found = run(session, sql)
        if sql == "BEGIN IMMEDIATE":
            run(session, "PRAGMA cache_size = 2")
        if sql == "COMMIT":
            count += 1
            _die_if(count == dies_at)
        return found

    SqliteSession._run = counting
    _go(world, target)
    return 0


def _die_if(now):
    if now:
        os.kill(os.getpid(), signal.SIGKILL)


def _fork(work):
    child = os.fork()
    if child:
        return child
    code = 99
    try:
        code = work()
    except sqlite3.Error as error:
        print(error, file=sys.stderr)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    {"race": race, "crash": crash}[sys.argv[1]](json.loads(sys.argv[2]))
