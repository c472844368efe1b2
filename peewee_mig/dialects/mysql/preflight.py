"""What the server would leave broken: views and triggers that name what goes.

MySQL and MariaDB keep both as texts. Measured on MariaDB 10.11: DROP COLUMN, RENAME COLUMN,
DROP TABLE and RENAME TABLE say nothing of them; then each SELECT from such a view fails (1356),
and so does each INSERT, UPDATE or DELETE that fires such a trigger (1054, 1146). A change of a
type leaves both at work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from peewee_mig.dialects import preflight
from peewee_mig.dialects.base import Dialect, Query
from peewee_mig.dialects.ddl import alter
from peewee_mig.dialects.mysql.catalog import Catalog, quoted
from peewee_mig.dialects.mysql.live import is_table, own_indexes
from peewee_mig.dialects.mysql.types import text_literal
from peewee_mig.dialects.preflight import DROPPED, WAY_OUT, Handled, Need
from peewee_mig.errors import FailedError, RefusedError
from peewee_mig.operations.names import Names
from peewee_mig.operations.replay import apply
from peewee_mig.operations.verbs import Alter, Operation
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.names import bare, qualified, schema_of
from peewee_mig.schema.schema import Schema

#: Texts and comments, in which a name means nothing; quoted identifiers stay.
_NOISE = re.compile(
    r"(`(?:[^`]|``)*`)|'(?:[^'\\]|''|\\.)*'"
    r'|"(?:[^"\\]|""|\\.)*"|--(?=\s)[^\n]*|#[^\n]*|/\*.*?\*/',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Unread(preflight.Unread):
    """A table or column that no view and no trigger may name; ``handled``: but for these."""

    handled: Handled = Handled()  # noqa: RUF009 (it is frozen)

    def readers(self, query: Query, dialect: Dialect) -> Iterable[str]:  # noqa: ARG002 (the contract)
        """Yield the views and triggers that work now and would not any more."""
        there = Catalog(query, schema_of(self.table))
        for name in self._views(query, there.facts.database):
            if not self.handled.has(name):
                yield f"view {name}"
        for name in self._triggers(there):
            if not self.handled.has(name):
                yield f"trigger {name}"

    def _views(self, query: Query, database: str) -> Iterator[str]:
        """Yield the views of any database that name it, of those that work.

        The server spells their texts: ``database``.``table`` with an alias, if there is one, and
        the columns behind one or the other.
        """
        here = Catalog(query).facts.database
        place = f"{quoted(database)}.{quoted(bare(self.table))}"
        rows = query(
            "SELECT table_schema, table_name, view_definition FROM information_schema.views"
        )
        for schema, name, text in rows:
            if self._is_named(place, _plain(text)) and _works(query, schema, name):
                yield qualified(None if schema == here else schema, name)

    def _is_named(self, place: str, text: str) -> bool:
        if not self.column:
            return place in text
        aliases = re.findall(rf"{re.escape(place)} (`(?:[^`]|``)+`)", text)
        column = quoted(self.column).casefold()
        return any(f"{each}.{column}".casefold() in text.casefold() for each in (place, *aliases))

    def _triggers(self, catalog: Catalog) -> Iterator[str]:
        rows = catalog.rows(
            "SELECT trigger_name, event_object_table, action_statement"
            f" FROM information_schema.triggers WHERE trigger_schema = {catalog.here}"
        )
        for name, table, text in rows:
            if self._is_read_by(table == bare(self.table), _plain(text), catalog.facts.database):
                yield qualified(catalog.schema, name)

    def _is_read_by(self, own: bool, text: str, database: str) -> bool:  # noqa: FBT001 (whose trigger)
        """Whether a trigger names it: NEW and OLD before a column of its own, else with its table.

        A dropped table takes its own triggers along.
        """
        prefix = rf"(?:{_either(database)}\s*\.\s*)?"
        named = re.search(rf"(?<![\w$.`@]){prefix}{_either(bare(self.table))}", text)
        if not self.column:
            return bool(named) and not (own and self.changes == DROPPED)
        column = _either(self.column)
        if own and re.search(rf"\b(?:NEW|OLD)\s*\.\s*{column}", text, re.IGNORECASE):
            return True
        alone = rf"(?<![\w$`])(?<!NEW\.)(?<!OLD\.){column}"
        return bool(named and re.search(alone, text, re.IGNORECASE))


@dataclass(frozen=True, slots=True)
class Untriggered(Need):
    """A table whose values pass through NULL, which no trigger of a user's may see."""

    table: str
    handled: Handled

    def check(self, query: Query, dialect: Dialect) -> None:  # noqa: ARG002 (the contract)
        """Refuse to go on while a trigger fires at each UPDATE."""
        catalog = Catalog(query, schema_of(self.table))
        rows = catalog.rows(
            "SELECT trigger_name FROM information_schema.triggers"
            f" WHERE trigger_schema = {catalog.here} AND event_manipulation = 'UPDATE'"
            f" AND event_object_table = {text_literal(bare(self.table))}"
        )
        found = [name for (name,) in rows if not self.handled.has(name)]
        if found:
            raise RefusedError(
                f"trigger {', '.join(sorted(found))} of {self.table} would fire while `using` gives"
                " each row its value",
                hint=WAY_OUT,
            )


@dataclass(frozen=True, slots=True)
class Computable(Need):
    """An expression that the server understands, over a table as it is before the migration."""

    table: str
    value: Expression

    def check(self, query: Query, dialect: Dialect) -> None:
        """Refuse what the server would refuse after the first statement."""
        value, place = dialect.expression_sql(self.value), dialect.quote_table(self.table)
        try:
            query(f"SELECT ({value}) FROM {place} WHERE 1 = 0")
        except FailedError as error:
            raise RefusedError(
                f"`using` of {self.table} is nothing that the server can compute: {self.value}"
                f" ({error.original})",
                hint="correct it in the migration, then run the same command again",
            ) from error


@dataclass(frozen=True, slots=True)
class HasIndex(preflight.HasIndex):
    """An index by the name that it has in the snapshot."""

    def is_there(self, query: Query, dialect: Dialect) -> bool:  # noqa: ARG002 (the contract)
        """Whether the table has an index of the name."""
        rows = query(
            f"SELECT DISTINCT index_name FROM information_schema.statistics"
            f" WHERE {is_table(self.table)}"
        )
        return self.index.name.casefold() in {str(each).casefold() for (each,) in rows}

    def alike(self, query: Query, dialect: Dialect) -> Sequence[str]:  # noqa: ARG002 (the contract)
        """Return the names of the indexes over the same columns."""
        columns, unique = self.index.columns, self.index.unique
        return own_indexes(query, self.table, columns, unique=unique) if columns else []

    def renaming(self, dialect: Dialect, old: str) -> str:
        """Spell what gives an index its name."""
        words = f"{dialect.quote(old)} TO {dialect.quote(self.index.name)}"
        return alter(dialect, self.table, f"RENAME INDEX {words}")


def needs_of_expressions(
    operations: Sequence[Operation], before: Schema, own: Handled
) -> Iterator[tuple[int, Need]]:
    """Yield what the operations need that give values by an expression, with their places.

    Only where the columns that it reads are there before the migration, as they are then.
    """
    names, schema = Names(), before
    for position, operation in enumerate(operations):
        table = names.table(operation.table) if isinstance(operation, Alter) else None
        if isinstance(operation, Alter) and operation.using and table and table in before:
            yield position, Untriggered(table, own)
            columns = schema.table(operation.table).column_names
            value = operation.value(columns) or Expression("NULL")
            read = names.before(operation.table, value, columns)
            if read is not None:
                yield position, Computable(table, read)
        schema = apply(operation, schema)
        names.follow(operation)


def _either(name: str) -> str:
    """Match a name, quoted or not."""
    return rf"(?:{re.escape(quoted(name))}|{re.escape(name)}(?![\w$]))"


def _plain(text: str) -> str:
    return _NOISE.sub(lambda found: found[1] or "''", text)


def _works(query: Query, schema: str, view: str) -> bool:
    """Whether a view can be read: to prepare a statement resolves its names, and runs nothing."""
    probe = text_literal(f"SELECT 1 FROM {quoted(schema)}.{quoted(view)}")
    try:
        query(f"PREPARE peewee_mig_probe FROM {probe}")
    except FailedError:
        return False
    query("DEALLOCATE PREPARE peewee_mig_probe")
    return True
