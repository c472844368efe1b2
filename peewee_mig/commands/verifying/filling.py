"""Generated rows: made where a table has none, so that they fit, and the same every time."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from peewee_mig.commands.verifying.candidates import DEFAULT, ROWS, Coming, NoRowError, Rows
from peewee_mig.dialects import row_sql
from peewee_mig.dialects.asked import Guard
from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.cells import cells_of
from peewee_mig.dialects.sessions import Session
from peewee_mig.errors import MigError
from peewee_mig.operations.verbs import Constant
from peewee_mig.schema.objects import ForeignKey, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType

#: How many rows are tried, at most, for each one that is made.
_TRIES = 60

#: How many tables are asked about in one statement: SQLite takes 500 terms.
_TOGETHER = 100

#: What is said of a row that a guard of the next migration finds.
_REFUSED = "the next migration would refuse it"


@dataclass
class Filler:
    """Fills the tables of one database.

    ``empty``: why a table has no rows, by its definition, in words; ``refused``: those that
    got none the last time since the next migration would refuse them.
    """

    session: Session
    dialect: Dialect
    empty: dict[Table, str] = field(default_factory=dict[Table, str])
    refused: list[str] = field(default_factory=list[str])
    made: int = 0

    def fill(self, schema: Schema, coming: Coming, *, nulls: bool) -> None:
        """Give rows to the tables that have none, referred tables first.

        ``nulls``: the last row has NULL where it may.
        """
        self.refused.clear()
        counts = self.counts(schema)
        bare = {name for name, count in counts.items() if not count}
        for table in in_key_order(schema) if bare else ():
            if table.name in bare and table not in self.empty:
                self._fill(Rows(table, schema, self.dialect, coming, nulls, self.session.query))

    def counts(self, schema: Schema) -> dict[str, int]:
        """Count the rows of each table."""
        names = [table.name for table in schema]
        found: dict[str, int] = {}
        for place in range(0, len(names), _TOGETHER):
            part = names[place : place + _TOGETHER]
            selects = (
                f"SELECT {number}, count(*) FROM {self.dialect.quote_table(name)}"
                for number, name in enumerate(part)
            )
            rows = self.session.query(" UNION ALL ".join(selects))
            found |= {part[number]: count for number, count in rows}
        return found

    def clear(self, names: Collection[str], schema: Schema) -> None:
        """Delete the rows of tables, and of those that refer to them; not reference rows."""
        left = set(names)
        for name in names:
            left |= _referring(name, schema)
        while left:
            done = {name for name in sorted(left) if self._deleted(name, schema)}
            if not done:
                return
            left -= done

    def _deleted(self, name: str, schema: Schema) -> bool:
        try:
            self.session.execute(
                f"DELETE FROM {self.dialect.quote_table(name)}{self._made_up(name, schema)}"
            )
        except MigError:
            return False
        return True

    def _made_up(self, name: str, schema: Schema) -> str:
        """Spell which rows are no reference rows, if there are any of these."""
        table = schema.find_table(name)
        if table is None or table.rows is None:
            return ""
        keys = [cells_of(key, table, schema) for key in table.rows.by_key]
        declared = row_sql.any_of(self.dialect, name, keys)
        return f" WHERE CASE WHEN {declared} THEN 0 ELSE 1 END = 1"

    def _fill(self, rows: Rows) -> None:
        made, refusal = 0, ""
        for number in range(1, ROWS + 1):
            refusal = self._insert(rows, number, made) or refusal
            made = self._count(rows.table)
        self.made += made
        if not made and refusal == _REFUSED:
            self.refused.append(rows.table.name)
        elif not made:
            self.empty[rows.table] = refusal or "no row can be made"

    def _insert(self, rows: Rows, number: int, made: int) -> str:
        """Insert the first row that the database takes; return why it takes none."""
        refusal = ""
        try:
            referred = [(key, self._referred(key)) for key in rows.table.foreign_keys]
            for values in itertools.islice(rows.candidates(number, made, referred), _TRIES):
                refusal = self._refusal(rows, values)
                if not refusal:
                    return ""
        except NoRowError as error:
            return str(error)
        return refusal

    def _refusal(self, rows: Rows, values: Mapping[str, str]) -> str:
        """Insert a row, unless the database or a guard refuses it: then say why."""
        place = self.dialect.quote_table(rows.table.name)
        given = {name: sql for name, sql in values.items() if sql != DEFAULT}
        names, sqls = self.dialect.quote_all(given), ", ".join(given.values())
        rest = f"({names}) VALUES ({sqls})" if given else self._nothing
        try:
            with self.session.transaction(wait=0, structural=False):
                self.session.execute(f"INSERT INTO {place} {rest}")
                if any(self.finds(guard) for guard in rows.guards):
                    raise NoRowError(_REFUSED)  # noqa: TRY301
        except MigError as error:
            return (error.original or error.message).partition("\n")[0]
        except NoRowError as error:
            return str(error)
        return ""

    def finds(self, guard: Guard) -> bool:
        """Whether a guard finds rows in its way; one that fails may."""
        try:
            return bool(self.session.query(self.dialect.guard_sql(guard)[0])[0][0])
        except MigError:
            return True

    @property
    def _nothing(self) -> str:
        return "() VALUES ()" if self.dialect.name == "mysql" else "DEFAULT VALUES"

    def _count(self, table: Table) -> int:
        sql = f"SELECT count(*) FROM {self.dialect.quote_table(table.name)}"
        return int(self.session.query(sql)[0][0])

    def _referred(self, key: ForeignKey) -> list[tuple[str, ...]]:
        """Return the keys of the rows that can be referred to, as SQL."""
        names = list(key.referred_columns)
        quoted = self.dialect.quote_all(names)
        place = self.dialect.quote_table(key.referred_table)
        filled = " AND ".join(f"{self.dialect.quote(name)} IS NOT NULL" for name in names)
        rows = self.session.query(f"SELECT {quoted} FROM {place} WHERE {filled} ORDER BY {quoted}")
        return [tuple(map(self._literal, row)) for row in rows]

    def _literal(self, value: Any) -> str:  # noqa: ANN401 (the driver's)
        """Spell a value of a key as the driver gave it."""
        if isinstance(value, bytes | bytearray | memoryview):
            return self.dialect.literal(Constant(bytes(value)), ColumnType("BLOB"))
        if isinstance(value, bool):
            return self.dialect.literal(Constant(value), ColumnType("BOOL"))
        return str(value) if isinstance(value, int) else self.dialect.text_sql(str(value))


def in_key_order(schema: Schema) -> Iterator[Table]:
    """Yield the tables, those that others refer to before them.

    A circle of references is entered where one of them may be NULL.
    """
    left = {table.name: table for table in schema}
    while left:
        ready = [table for table in left.values() if not _waits(table, left, optional=True)]
        ready = ready or [t for t in left.values() if not _waits(t, left, optional=False)][:1]
        for table in ready or list(left.values())[:1]:
            yield left.pop(table.name)


def _waits(table: Table, left: Collection[str], *, optional: bool) -> bool:
    """Whether a table refers to one that has not come yet; ``optional``: also where it need not."""
    return any(
        key.referred_table in left
        and key.referred_table != table.name
        and (optional or not all(table.column(name).null for name in key.columns))
        for key in table.foreign_keys
    )


def _referring(name: str, schema: Schema) -> set[str]:
    """Return the tables that refer to one, directly or not."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for table, _ in schema.referring(waiting.pop()):
            if table.name not in found:
                found.add(table.name)
                waiting.append(table.name)
    return found
