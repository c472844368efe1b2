"""What is broken in a SQLite database: foreign keys, views and triggers.

SQLite lets a migration leave all of them broken without a word; nothing here writes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import count, takewhile

from peewee_mig.dialects.base import Query
from peewee_mig.dialects.sqlite.ddl import names_in, tokens
from peewee_mig.dialects.sqlite.render import quote
from peewee_mig.dialects.sqlite.types import text_literal
from peewee_mig.errors import MigError

#: Makes each EXPLAIN a text of its own: one that Python has cached is not compiled again
#: after the schema has changed, and shows (or crashes on) what was there before.
_ASKED = count()


def problems(query: Query, was: Callable[[str], str | None] = str) -> frozenset[str]:
    """Return what is broken, in words; ``was`` gives the name that a table had before."""
    return frozenset([*_orphans(query, was), *_broken_objects(query)])


def _orphans(query: Query, was: Callable[[str], str | None]) -> Iterator[str]:
    """Name each row, so that fewer of them are no news; WITHOUT ROWID they are counted."""
    try:
        rows = query(
            'SELECT "table", parent, rowid, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2, 3'
        )
    except MigError as error:
        yield f"the foreign keys cannot be checked: {error.original}"
        return
    for new_table, new_parent, rowid, many in rows:
        table, parent = was(new_table) or new_table, was(new_parent) or new_parent
        which = (
            f"{many} rows of {table} refer" if rowid is None else f"row {rowid} of {table} refers"
        )
        yield f"{which} to what {parent} does not have"


def _broken_objects(query: Query) -> Iterator[str]:
    """Compile each view and trigger; EXPLAIN runs nothing."""
    rows = query(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('view', 'trigger')"
    )
    columns = _columns_of_tables(query) if rows else {}
    for kind, name, table, sql in rows:
        try:
            probe = f"SELECT * FROM {quote(name)}" if kind == "view" else _firing(query, table, sql)
            query(f"EXPLAIN /* {next(_ASKED)} */ {probe}")
        except MigError as error:
            yield f"{kind} {name} does not work: {error.original}"
        for column in awaited(sql) - columns.get(table.lower(), set()) if kind == "trigger" else ():
            yield f"trigger {name} waits for updates of {column}, which {table} does not have"
        for word in _texts(sql, columns) - {name.lower()}:
            yield f'{kind} {name} takes "{word}" for a text: its tables have no such column'


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


def awaited(sql: str) -> frozenset[str]:
    """Return the columns of UPDATE OF, in lower case."""
    words = iter(token for token in tokens(sql) if token.value != ",")
    for token in words:
        if token.kind == "word" and token.value.upper() == "BEGIN":
            break
        if token.kind == "word" and token.value.upper() == "OF":
            listed = takewhile(lambda each: each.value.upper() != "ON", words)
            return frozenset(each.value.lower() for each in listed)
    return frozenset()


def _texts(sql: str, columns: Mapping[str, set[str]]) -> set[str]:
    """Return the names in double quotation marks that SQLite may take for texts, in lower case.

    It does so where there is no such column, without a word (https://sqlite.org/quirks.html).
    Aliases are among them; they are there before a migration as well.
    """
    known = names_in(sql)
    for table in known & columns.keys():
        known -= columns[table]
    found = tokens(sql)
    quoted = {
        token.value.lower()
        for before, token, after in zip(found, found[1:], [*found[2:], None], strict=False)
        if sql[token.start] == '"' and before.value.upper() != "AS"
        if after is None or after.value != "."  # what stands before a dot is a table or its alias
    }
    return (quoted & known) - columns.keys()


def _columns_of_tables(query: Query) -> Mapping[str, set[str]]:
    columns = defaultdict[str, set[str]](set)
    for (table,) in query("SELECT name FROM sqlite_master WHERE type = 'table'"):
        try:
            rows = query(f"SELECT name FROM pragma_table_xinfo({text_literal(table)})")
        except MigError:  # a virtual one whose module is not loaded here
            rows = []
        for (column,) in rows:
            columns[table.lower()].add(column.lower())  # lower() of SQLite knows ASCII only
    return columns
