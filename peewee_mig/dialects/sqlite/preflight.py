"""What a dropped table or column would leave broken: views and triggers that read it.

SQLite lets views and triggers follow a rename by itself. Of a drop it tells half-way, of the
first one only, or not at all; this is before anything waits for the lock. Triggers of other
tables are left to it and to ``problems``: the transaction is undone then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from peewee_mig.dialects import preflight
from peewee_mig.dialects.base import Dialect, Query
from peewee_mig.dialects.preflight import Handled
from peewee_mig.dialects.sqlite.ddl import Token, tokens
from peewee_mig.dialects.sqlite.problems import awaited
from peewee_mig.dialects.sqlite.render import quote_all, quote_table
from peewee_mig.dialects.sqlite.types import text_literal
from peewee_mig.errors import FailedError
from peewee_mig.schema.names import bare

#: Makes each EXPLAIN a text of its own, which Python has not cached.
_ASKED = count()


@dataclass(frozen=True, slots=True)
class Unread(preflight.Unread):
    """A table or column that no view and no trigger may read; ``handled``: but for these."""

    handled: Handled = Handled()  # noqa: RUF009 (it is frozen)

    def readers(self, query: Query, dialect: Dialect) -> Iterable[str]:  # noqa: ARG002 (the contract)
        """Yield the views that read it, and the triggers of the table that do."""
        rows = query(
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('view', 'trigger')"
        )
        for kind, name, table, sql in rows:
            if self.handled.has(name):
                continue
            if self._breaks_view(query, sql) if kind == "view" else self._is_of(table, sql):
                yield f"{kind} {name}"

    def _breaks_view(self, query: Query, sql: str) -> bool:
        """Compile the query of a view with the table as it is, and without what goes."""
        columns = list(self._columns(query))
        rest = [name for name in columns if name.lower() != self.column.lower()]
        here = f"main.{quote_table(self.table)}"
        less = f"SELECT {quote_all(rest) or 'NULL'} FROM {here}"
        gone = less if self.column else "SELECT * FROM main._peewee_mig_gone"
        text = _query_of(sql)
        now = f"SELECT {quote_all(columns)} FROM {here}"
        return self._compiles(query, now, text) and not self._compiles(query, gone, text)

    def _columns(self, query: Query) -> Iterator[str]:
        table = text_literal(bare(self.table))
        yield from (name for (name,) in query(f"SELECT name FROM pragma_table_xinfo({table})"))

    def _compiles(self, query: Query, table: str, text: str) -> bool:
        """Whether a query compiles with another one in place of the table; EXPLAIN runs nothing."""
        place = quote_table(self.table)
        try:
            query(
                f"EXPLAIN /* {next(_ASKED)} */ WITH {place} AS ({table})\nSELECT * FROM ({text}\n)"
            )
        except FailedError:
            return False
        return True

    def _is_of(self, table: str, sql: str) -> bool:
        """Whether a trigger of this table reads the column; those of a table go with it."""
        if not self.column or table.lower() != bare(self.table).lower():
            return False
        column = self.column.lower()
        return column in awaited(sql) or column in _fields(tokens(sql))


@dataclass(frozen=True, slots=True)
class HasIndex(preflight.HasIndex):
    """An index by the name that it has in the snapshot."""

    def is_there(self, query: Query, dialect: Dialect) -> bool:  # noqa: ARG002 (the contract)
        """Whether the table has an index of the name."""
        rows = query(f"SELECT name FROM pragma_index_list({text_literal(bare(self.table))})")
        return self.index.name.lower() in {name.lower() for (name,) in rows}

    def renaming(self, dialect: Dialect, old: str) -> str:
        """Spell what gives an index its name: SQLite has nothing but to make it anew."""
        made = dialect.create_index(self.table, self.index)
        return f"DROP INDEX {dialect.quote(old)}, then: {made}"


def _fields(found: list[Token]) -> set[str]:
    """Return the columns behind NEW and OLD, in lower case."""
    return {
        column.value.lower()
        for row, dot, column in zip(found, found[1:], found[2:], strict=False)
        if dot.value == "." and row.value.lower() in ("new", "old")
    }


def _query_of(sql: str) -> str:
    """Return the query of a view.

    Names in double quotation marks get others: SQLite would take them for texts where there is
    no such column (https://sqlite.org/quirks.html).
    """
    found = tokens(sql)
    start = next(each.end for each in found if each.kind == "word" and each.value.upper() == "AS")
    pieces, place = list[str](), start
    for token in found:
        if token.start >= start and sql[token.start] == '"':
            pieces += [sql[place : token.start], f"`{token.value.replace('`', '``')}`"]
            place = token.end
    return "".join([*pieces, sql[place:]]).rstrip().rstrip(";")
