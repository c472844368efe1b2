"""What is broken in a SQLite database: foreign keys, views and triggers.

SQLite lets a migration leave all of them broken without a word; nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, takewhile

from peewee_mig.dialects.base import Query
from peewee_mig.dialects.sqlite.ddl import tokens
from peewee_mig.dialects.sqlite.render import quote
from peewee_mig.dialects.sqlite.types import text_literal
from peewee_mig.errors import MigError

#: Makes each EXPLAIN a text of its own: one that Python has cached is not compiled again
#: after the schema has changed, and shows (or crashes on) what was there before.
_ASKED = count()


def problems(query: Query) -> frozenset[str]:
    """Return what is broken, in words."""
    return frozenset([*_orphans(query), *_broken_objects(query)])


def _orphans(query: Query) -> Iterator[str]:
    """Name each row, so that fewer of them are no news; WITHOUT ROWID they are counted."""
    try:
        rows = query(
            'SELECT "table", parent, rowid, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2, 3'
        )
    except MigError as error:
        yield f"the foreign keys cannot be checked: {error.original}"
        return
    for table, parent, rowid, many in rows:
        which = (
            f"{many} rows of {table} refer" if rowid is None else f"row {rowid} of {table} refers"
        )
        yield f"{which} to what {parent} does not have"


def _broken_objects(query: Query) -> Iterator[str]:
    """Compile each view and trigger; EXPLAIN runs nothing."""
    rows = query(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('view', 'trigger')"
    )
    for kind, name, table, sql in rows:
        try:
            probe = f"SELECT * FROM {quote(name)}" if kind == "view" else _firing(query, table, sql)
            query(f"EXPLAIN /* {next(_ASKED)} */ {probe}")
        except MigError as error:
            yield f"{kind} {name} does not work: {error.original}"
        for column in _awaited(sql) - _columns(query, table) if kind == "trigger" else ():
            yield f"trigger {name} waits for updates of {column}, which {table} does not have"


def _firing(query: Query, table: str, sql: str) -> str:
    """Return a statement that would fire the trigger, also one on UPDATE OF some column."""
    words = [token.value.upper() for token in tokens(sql) if token.kind == "word"]
    event = next((word for word in words if word in ("INSERT", "UPDATE", "DELETE")), "INSERT")
    match event:
        case "INSERT":
            return f"INSERT INTO {quote(table)} DEFAULT VALUES"
        case "DELETE":
            return f"DELETE FROM {quote(table)}"
        case _:
            listed = f"pragma_table_xinfo({text_literal(table)}) WHERE hidden = 0"
            names = [quote(name) for (name,) in query(f"SELECT name FROM {listed}")]
            changes = ", ".join(f"{name} = {name}" for name in names)
            return f"UPDATE {quote(table)} SET {changes}"


def _awaited(sql: str) -> frozenset[str]:
    """Return the columns of UPDATE OF, in lower case."""
    words = iter(token for token in tokens(sql) if token.value != ",")
    for token in words:
        if token.kind == "word" and token.value.upper() == "BEGIN":
            break
        if token.kind == "word" and token.value.upper() == "OF":
            listed = takewhile(lambda each: each.value.upper() != "ON", words)
            return frozenset(each.value.lower() for each in listed)
    return frozenset()


def _columns(query: Query, table: str) -> frozenset[str]:
    rows = query(f"SELECT lower(name) FROM pragma_table_xinfo({text_literal(table)})")
    return frozenset(name for (name,) in rows)
