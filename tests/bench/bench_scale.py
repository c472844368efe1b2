"""What grows with databases, rows and tables: ``make bench`` (not part of the tests).

Each figure is a ratio to a floor of the same run: the least that any program has to do for it.
docs/scale.md tells what they mean.
"""

import sqlite3
import statistics
import time
from contextlib import closing
from dataclasses import replace
from functools import partial

import pytest

from peewee_mig.commands.migrate import migrate
from peewee_mig.commands.project import Project
from peewee_mig.commands.standing import read_standing
from peewee_mig.dialects import get_dialect
from peewee_mig.errors import LockedError
from peewee_mig.history.folder import read_history
from peewee_mig.history.lock_table import LockTable
from peewee_mig.history.records import OwnTables, RecordTable
from peewee_mig.history.table import HistoryTable
from peewee_mig.history.writing import write_migration
from peewee_mig.runner.connect import connected
from peewee_mig.schema.filtering import EVERYTHING

PEOPLE = """op.create_table(
    "people", op.column("id", "AUTO"), op.column("name", "VARCHAR(100)"), op.primary_key("id")
)"""
AGE = 'op.add_column("people", op.column("age", "INT", null=True))'
FULL = 'op.add_column("people", op.column("town", "VARCHAR(50)"), fill="?")'
LONGER = (
    'op.alter_column("people", old=op.column("name", "VARCHAR(100)"),'
    ' new=op.column("name", "VARCHAR(50)"))'
)
CREATE = "CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL)"


def project(folder, *migrations):
    """Write migrations, one operation each; return the project without a database."""
    for number, operation in enumerate(migrations, 1):
        history = read_history(folder / "migrations")
        before = f"[{history.head!r}]" if history.head else "[]"
        text = "from peewee_mig import op\n\nformat = 1\n\n"
        text += f"depends_on: list[str] = {before}\n\noperations = [\n    {operation},\n]\n"
        write_migration(history, f"{number:04}_step", text)
    return Project(folder, folder / "migrations")


def seconds(run):
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def told(words, measured, floor):
    print(f"\n{words}: {measured / floor:.1f} times the floor ({floor * 1000:.2f} ms)", end="")


@pytest.mark.parametrize("count", [50, 200, 800])
def test_many_databases(tmp_path, count):
    """The first migration of files for tenants, and a run with nothing to do."""
    here = project(tmp_path, PEOPLE, AGE)
    places = [str(tmp_path / f"{number}.db") for number in range(count)]

    def bare(place):
        with closing(sqlite3.connect(f"{place}.bare", isolation_level=None)) as connection:
            for sql in ("BEGIN", CREATE, "COMMIT", "BEGIN", "ALTER TABLE people ADD age INT"):
                connection.execute(sql)
            connection.execute("CREATE TABLE history (name TEXT)")
            connection.execute("COMMIT")

    def look(place):
        with closing(sqlite3.connect(place)) as connection:
            connection.execute("SELECT name FROM peewee_mig_history").fetchall()

    floor = seconds(lambda: [bare(each) for each in places])
    first = seconds(lambda: [migrate(replace(here, database=each)) for each in places])
    told(f"{count} files, 2 migrations", first / count, floor / count)
    floor = seconds(lambda: [look(each) for each in places])
    again = seconds(lambda: [migrate(replace(here, database=each)) for each in places])
    told(f"{count} files, nothing to do", again / count, floor / count)


#: What a person would run for the migrations 2 to 4; on SQLite a new table for the last two.
BY_HAND = {
    "sqlite": (
        "ALTER TABLE copied ADD age INT",
        "CREATE TABLE more AS SELECT *, '?' AS town FROM copied",
        "CREATE TABLE shorter AS SELECT * FROM more WHERE length(name) <= 50",
    ),
    "postgres": (
        "ALTER TABLE copied ADD age INT",
        "ALTER TABLE copied ADD town VARCHAR(50) NOT NULL DEFAULT '?'",
        "ALTER TABLE copied ALTER name TYPE VARCHAR(50)",
    ),
    "mysql": (
        "ALTER TABLE copied ADD age INT",
        "ALTER TABLE copied ADD town VARCHAR(50) NOT NULL DEFAULT '?'",
        "ALTER TABLE copied MODIFY name VARCHAR(50) NOT NULL",
    ),
}


@pytest.mark.parametrize("rows", [1_000, 30_000, 900_000])
@pytest.mark.parametrize("name", ["sqlite", "postgres", "mysql"])
def test_many_rows(databases, name, rows, tmp_path):
    """What depends on the rows, against the same change by hand on a copy of the table."""
    database = databases(name)
    here = project(tmp_path, PEOPLE, AGE, FULL, LONGER)
    here = replace(here, database=database.url)
    migrate(here, target="1")
    database.sql(_filling(name, rows), "CREATE TABLE copied AS SELECT * FROM people", "SELECT 1")
    names = ("a column", "a column with values", "a narrower column")
    for number, (words, sql) in enumerate(zip(names, BY_HAND[name], strict=True), 2):
        floor = seconds(partial(database.sql, sql, "SELECT 1"))
        told(
            f"{name}, {rows:,} rows, {words}",
            seconds(partial(migrate, here, target=str(number))),
            floor,
        )


def _filling(name, rows):
    numbers = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        f" WHERE i < {rows}) INSERT INTO people (name) SELECT 'name ' || i FROM n",
        "postgres": "INSERT INTO people (name) SELECT 'name ' || i"
        f" FROM generate_series(1, {rows}) i",
        "mysql": f"INSERT INTO people (name) SELECT concat('name ', seq) FROM seq_1_to_{rows}",
    }
    return numbers[name]


@pytest.mark.parametrize("tables", [100, 400, 1600])
@pytest.mark.parametrize("name", ["sqlite", "postgres", "mysql"])
def test_many_tables(databases, name, tables, tmp_path):
    """Reading a whole catalog, as ``diff`` does, against reading the list of its columns."""
    database = databases(name)
    here = project(tmp_path, PEOPLE)
    here = replace(here, database=database.url)
    migrate(here)
    words = "(id INTEGER NOT NULL PRIMARY KEY, a INTEGER, b INTEGER, c VARCHAR(50))"
    database.sql(*(f"CREATE TABLE t{number} {words}" for number in range(tables)), "SELECT 1")
    listed = {
        "sqlite": "SELECT m.name, p.* FROM sqlite_master m, pragma_table_info(m.name) p",
        "postgres": "SELECT c.relname, a.* FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relkind = 'r'",
        "mysql": "SELECT * FROM information_schema.columns WHERE table_schema = database()",
    }[name]
    history = read_history(here.directory)
    with connected(here.database, root=tmp_path, create=False) as connection:
        query = connection.session.query
        table = HistoryTable(connection.dialect, here.history_table)
        floor = statistics.median(seconds(lambda: query(listed)) for _ in range(3))
        took = statistics.median(
            seconds(lambda: read_standing(connection, history, table, EVERYTHING)) for _ in range(3)
        )
    told(f"{name}, {tables:,} tables, the catalog", took, floor)


def test_the_lock_of_another_node(databases, tmp_path):
    """On Galera each node has advisory locks of its own: that of this one proves nothing there."""
    database = databases("mysql")
    here = replace(project(tmp_path, PEOPLE, AGE), database=database.url)
    migrate(here, target="1")
    own = OwnTables()
    table = LockTable(RecordTable(get_dialect("mysql"), own.lock))
    other = {"owner": "x" * 32, "host": "there", "pid": 1, "step": ""}
    database.sql(table.insert({**other, "backend": "node2:3306/root@%/7"}), "SELECT 1")
    with pytest.raises(LockedError):
        migrate(here, wait_lock=1)
    assert database.sql("SELECT count(*) FROM peewee_mig_lock") in ([(1,)], ((1,),))
    print("\nthe lock of another node: not taken over", end="")
