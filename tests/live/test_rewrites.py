"""Which changes make a server write the whole table again: measured, for docs/reference."""

import json
from contextlib import closing, suppress

import pytest
from changes_table import MEASURED, PAIRS

from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Statement
from peewee_mig.diff import diff
from peewee_mig.errors import FailedError, RefusedError
from peewee_mig.schema import Schema

FILES = {
    "postgres": "SELECT pg_relation_filenode('{}'::regclass)",
    "mysql": "SELECT TABLE_ID FROM information_schema.INNODB_SYS_TABLES"
    " WHERE NAME = concat(database(), '/{}')",
}

EMPTY = {
    "postgres": [
        "DROP SCHEMA public CASCADE",
        "CREATE SCHEMA public",
        "DROP SCHEMA IF EXISTS billing CASCADE",
        "CREATE SCHEMA billing",
    ],
    "mysql": ["DROP DATABASE `{}`", "CREATE DATABASE `{}`", "USE `{}`"],
}


@pytest.fixture(params=sorted(FILES))
def server(request):
    return request.param, request.getfixturevalue(request.param)


def test_rewrites_are_as_the_page_says(server, update_golden):
    engine, database = server
    module = __import__(f"peewee_mig.dialects.{engine}.session", fromlist=["open_database"])
    pairs = [pair for pair in PAIRS if engine in pair.engines]
    found = {}  # without what this version of the server lacks
    with closing(module.open_database(database.connect, "a database of a test")) as session:
        for pair in pairs:
            empty(session, engine)
            with suppress(RefusedError, FailedError):
                found[pair.name] = rewrites(session, engine, pair)
    if update_golden:
        known = json.loads(MEASURED.read_text()) if MEASURED.exists() else {}
        known[engine] = dict(sorted(found.items()))
        MEASURED.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
    known = json.loads(MEASURED.read_text())[engine]
    assert {name: found.get(name) for name in known} == known
    newer = found.keys() - known.keys()  # PostgreSQL 18 has virtual columns
    assert all(name.startswith("virtual") for name in newer), newer


def empty(session, engine):
    """Take everything away, in the same session: a new database takes its time."""
    name = session.query(
        "SELECT current_database()" if engine == "postgres" else "SELECT database()"
    )
    for sql in EMPTY[engine]:
        session.execute(sql.format(*name[0]))


def rewrites(session, engine, pair):
    """Run a change; return whether a table that stays is another file then."""
    dialect = get_dialect(engine)
    run(session, dialect, diff(Schema(), pair.before), Schema())
    files = files_of(session, engine, pair)
    run(session, dialect, diff(pair.before, pair.after, pair.renames), pair.before)
    return files_of(session, engine, pair) != files


def files_of(session, engine, pair):
    """Return what tells the file of each table that stays from one that was written again."""
    stays = sorted(pair.before.names & pair.after.names)
    return [session.query(FILES[engine].format(name)) for name in stays]


def run(session, dialect, operations, before):
    for step in dialect.lower(operations, before, session.capabilities()):
        statements = [step.sql] if isinstance(step, Statement) else step.resolve(session.query)
        for sql in statements:
            session.execute(sql)
