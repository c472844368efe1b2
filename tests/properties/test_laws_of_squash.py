"""Laws of squash: wherever a database stands, and whatever is put together, it ends the same."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import changes_of, rows, schemas

from peewee_mig.commands.migrate import migrate
from peewee_mig.commands.project import Project
from peewee_mig.commands.squash import squash
from peewee_mig.commands.squash_remove import remove
from peewee_mig.commands.status import status
from peewee_mig.dialects.sqlite.dialect import DIALECT
from peewee_mig.diff import diff
from peewee_mig.errors import MigError
from peewee_mig.history.folder import read_history
from peewee_mig.history.render import render_module
from peewee_mig.history.verify import verify
from peewee_mig.history.writing import write_migration
from peewee_mig.operations import RunSQL, replay
from peewee_mig.schema.schema import Schema


@st.composite
def stories(draw):
    """Draw the operations of some migrations, from nothing on."""
    schema = draw(schemas(min_tables=1))
    found = [diff(Schema(), schema)]
    for _ in range(draw(st.integers(1, 3))):
        change = draw(changes_of(schema))
        operations = diff(change.before, change.after, change.renames, change.fills)
        if schema.tables and draw(st.booleans()):
            table, says = draw(st.sampled_from(schema.tables)), draw(st.booleans())
            operations = (_deleting(table, says=says), *operations)
        found.append(operations)
        schema = replay(operations, schema)
    return tuple(found)


def _deleting(table, *, says):
    """Return SQL that changes rows: its place among the other operations matters."""
    name, columns = DIALECT.quote_table(table.name), DIALECT.quote_all(table.column_names[:1])
    sql = (f"DELETE FROM {name} WHERE {columns.split(', ')[0]} = 'a'",)
    return RunSQL(sql, (), touches=(table.name,) if says else None)


def write(folder, story):
    names = []
    for number, operations in enumerate(story, 1):
        text = render_module(operations, depends_on=names[-1:])
        names.append(f"{number:04d}_step")
        write_migration(read_history(folder), names[-1], text)
    return names


def fill(path, schema, found):
    """Insert those of the rows that fit, by the names of the columns."""
    with closing(sqlite3.connect(path)) as connection:
        for name, some in found.items():
            table = schema.table(name)
            columns = DIALECT.quote_all(table.column_names)
            marks = ", ".join("?" * len(table.columns))
            into = f"INSERT OR IGNORE INTO {DIALECT.quote_table(name)} ({columns}) VALUES ({marks})"
            for row in some:
                connection.execute(into, row)
        assume(not connection.execute("PRAGMA foreign_key_check").fetchall())
        connection.commit()


def contents(path, schema):
    with closing(sqlite3.connect(path)) as connection:
        return {
            table.name: sorted(
                connection.execute(
                    f"SELECT {DIALECT.quote_all(sorted(table.column_names))}"
                    f" FROM {DIALECT.quote_table(table.name)}"
                ),
                key=repr,
            )
            for table in schema
        }


def catalog(path):
    with closing(sqlite3.connect(path)) as connection:
        inspection = DIALECT.inspect(lambda sql: connection.execute(sql).fetchall())
        own = ("peewee_mig_history", "peewee_mig_lock", "peewee_mig_journal")
        return Schema.of(table for table in inspection.schema if table.name not in own)


def project(root, folder, database):
    return Project(root, root / folder, database=f"sqlite:///{root / database}")


@given(stories(), st.data())
def test_any_range_and_any_place_of_a_database_end_as_without(story, data):
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        names = write(root / "plain", story)
        first = data.draw(st.integers(0, len(names) - 2), "first")
        last = data.draw(st.integers(first + 1, len(names) - 1), "last")
        reached = data.draw(st.integers(0, len(names)), "reached")
        plain = project(root, "plain", "plain.db")
        history = read_history(root / "plain")
        try:
            if reached:
                migrate(plain, target=names[reached - 1])
                there = history.schema_at(names[reached - 1])
                fill(root / "plain.db", there, data.draw(rows(there), "rows"))
                shutil.copy(root / "plain.db", root / "other.db")
            migrate(plain)
        except MigError:  # rows are in the way
            return
        shutil.copytree(root / "plain", root / "squashed")
        other = project(root, "squashed", "other.db")
        made = squash(other, first=names[first], last=names[last])
        assert verify(read_history(root / "squashed")) == ()
        migrate(other)
        found = status(other)
        assert found.ok, found
        assert [row.name for row in found.rows] == [*names[:first], made.name, *names[last + 1 :]]
        assert catalog(root / "other.db") == catalog(root / "plain.db")
        end = history.last_schema
        assert contents(root / "other.db", end) == contents(root / "plain.db", end)
        remove(other, name=made.name)
        assert verify(read_history(root / "squashed")) == ()
        assert status(other).ok
