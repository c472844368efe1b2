"""PgBouncer in transaction mode: each transaction meets another session of the server."""

from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest
from live_world import BASE, BUMP, ROWS, LiveWorld
from servers.pooler import pooler

from peewee_mig.commands.drift import find_drift
from peewee_mig.commands.status import status
from peewee_mig.errors import LockedError, RefusedError
from peewee_mig.history.lock_table import LockTable

#: What no transaction can hold.
CONCURRENTLY = (
    'op.run_sql("CREATE INDEX CONCURRENTLY late ON people (age)", "DROP INDEX CONCURRENTLY late")'
)

#: The lock of a runner behind a pooler.
HELD = (
    "INSERT INTO peewee_mig_lock (id, owner, host, pid, backend, step, since, heartbeat)"
    " VALUES (1, 'gone', 'elsewhere', 1, '', '', now() - interval '1 day', now())"
)


@pytest.fixture
def pooled(postgres, tmp_path):
    """A world behind a pooler; ``sessions`` reads something from each session of it."""
    with pooler(postgres.url, size=3) as lends:
        world = LiveWorld(tmp_path, postgres, lends.url_of(postgres.url))
        world.sessions = lambda sql: in_each(world.url, sql, 3)
        world.write(BASE)
        yield world


def in_each(url, sql, times):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        found = []
        for _ in range(times):
            cursor.execute(sql)
            found += cursor.fetchall()
    connection.close()
    return found


def test_the_pooler_of_the_tests_leaks_what_is_set(pooled):
    assert len(set(pooled.sessions("SELECT pg_backend_pid()"))) == 3
    pooled.sessions("SET lock_timeout = 123; SELECT 1")
    assert ("123ms",) in pooled.sessions("SHOW lock_timeout")


def test_migrations_leave_nothing_behind_in_the_sessions(pooled):
    pooled.migrate()
    pooled.sql(*ROWS)
    pooled.write(BUMP)
    (name,) = pooled.write(CONCURRENTLY, atomic=False)
    assert [each.name for each in pooled.migrate().applied][-1] == name
    assert find_drift(pooled.project).drift.lines == ("index late of people is not expected",)
    pooled.rollback("2")
    assert status(pooled.project).pending == 2
    pooled.migrate()
    assert pooled.sql("SELECT sum(age) FROM people") == [(9,)]
    assert set(pooled.sessions("SHOW lock_timeout")) == {("0",)}
    assert set(pooled.sessions("SELECT current_user::text = session_user::text")) == {(True,)}
    held = (
        "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database"
        " WHERE locktype = 'advisory' AND datname = current_database()"
    )
    assert pooled.sql(held) == [(0,)]
    assert pooled.sql("SELECT count(*) FROM peewee_mig_lock") == [(0,)]


def test_many_runners_apply_each_migration_once(pooled):
    pooled.migrate()
    pooled.sql(*ROWS)
    pooled.write(BUMP, BUMP)
    with ThreadPoolExecutor(4) as runners:
        done = list(runners.map(lambda _: pooled.migrate(), range(4)))
    assert sorted(each.name for one in done for each in one.applied) == pooled.applied()[1:]
    assert pooled.sql("SELECT sum(age) FROM people") == [(12,)]


def test_a_lock_is_kept_until_somebody_removes_its_row(pooled):
    pooled.migrate()
    pooled.sql(HELD)
    pooled.write(BUMP)
    with pytest.raises(LockedError) as caught:
        pooled.migrate(wait_lock=0.2)
    assert "peewee-mig repair --unlock" in caught.value.hint
    pooled.sql("DELETE FROM peewee_mig_lock")
    pooled.migrate()


def test_who_is_slower_waits(pooled, monkeypatch):
    """Without an advisory lock a row may come between the look and the attempt, and go again."""
    pooled.migrate()
    pooled.sql(HELD)
    pooled.write(BUMP)
    monkeypatch.setattr(LockTable, "read", lambda *_: None)
    with pytest.raises(LockedError):
        pooled.migrate(wait_lock=0.1)


def test_a_role_holds_for_its_own_transactions_only(pooled):
    role = pooled.database.role("owner")
    pooled.sql(f"GRANT CREATE ON SCHEMA public TO {role}")
    pooled.settings["role"] = role
    pooled.migrate()
    owners = pooled.sql("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert owners == [(role,)]
    assert set(pooled.sessions("SELECT current_user::text = session_user::text")) == {(True,)}
    pooled.write(CONCURRENTLY, atomic=False)
    with pytest.raises(RefusedError, match="behind a pooler") as caught:
        pooled.migrate()
    assert "the server itself" in caught.value.hint
    pooled.url = pooled.database.url
    pooled.migrate()
    assert pooled.sql("SELECT indexname FROM pg_indexes WHERE indexname = 'late'") == [("late",)]
    pooled.sql(f"DROP OWNED BY {role} CASCADE")
