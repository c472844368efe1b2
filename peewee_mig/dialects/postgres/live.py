"""Steps that look up what PostgreSQL named: constraints, sequences."""

from __future__ import annotations

import itertools
from abc import abstractmethod
from dataclasses import dataclass

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect, LiveStep, Query
from peewee_mig.dialects.postgres.reading import read_check, read_exclusion
from peewee_mig.dialects.postgres.render import object_name, stored_name
from peewee_mig.dialects.postgres.types import text_literal
from peewee_mig.errors import RefusedError
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.names import qualified, schema_of
from peewee_mig.schema.objects import Check, Exclusion, ForeignKey, PrimaryKey, Table, Unique

_HINT = (
    "somebody changed the database by hand; print the SQL that puts it back: peewee-mig diff --plan"
)

_KINDS = {ForeignKey: "foreign key", PrimaryKey: "primary key", Unique: "unique constraint"}
#: ``contype`` in the catalog, and the end of the name that PostgreSQL makes up.
_TYPES = {ForeignKey: "f", PrimaryKey: "p", Unique: "u"}
_LABELS = {ForeignKey: "fkey", PrimaryKey: "pkey", Unique: "key"}


@dataclass(frozen=True, slots=True)
class _OfConstraint(LiveStep):
    """Does something to a key, or a unique constraint, that PostgreSQL named."""

    operations: tuple[int, ...]
    dialect: Dialect
    table: str
    key: ForeignKey | PrimaryKey | Unique

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that it changes."""
        return (self.table,)

    @property
    def note(self) -> str:
        """Say which name is assumed."""
        return f"assumes that PostgreSQL named the {self._what} {self._assumed}"

    def preview(self) -> tuple[str, ...]:
        """Return the statement for the name that PostgreSQL gives by default."""
        return self._statements(self._assumed)

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statement for the name in the catalog."""
        names = [name for name, *found in query(self._lookup()) if self._matches(found)]
        return self._statements(_only(names, self._what))

    @property
    def _what(self) -> str:
        return f"{_KINDS[type(self.key)]} of {self.table} ({', '.join(self.key.columns)})"

    @property
    def _assumed(self) -> str:
        columns = () if isinstance(self.key, PrimaryKey) else self.key.columns
        return object_name(self.table, columns, _LABELS[type(self.key)])

    @abstractmethod
    def _statements(self, name: str) -> tuple[str, ...]:
        """Return the statements for a constraint of this name."""

    def _matches(self, found: list[object]) -> bool:
        columns, is_referred, referred = found
        if isinstance(self.key, ForeignKey):
            same = is_referred and referred == _stored(self.key.referred_columns)
            return bool(same) and columns == _stored(self.key.columns)
        return columns == _stored(self.key.columns)

    def _lookup(self) -> str:
        key = self.key
        referred = key.referred_table if isinstance(key, ForeignKey) else self.table
        return (
            f"SELECT c.conname::TEXT, {_names('c.conrelid', 'c.conkey')}, "
            f"c.confrelid = {_oid(self.dialect, referred)}, "
            f"{_names('c.confrelid', 'c.confkey')} FROM pg_catalog.pg_constraint AS c "
            f"WHERE c.contype = '{_TYPES[type(key)]}' "
            f"AND c.conrelid = {_oid(self.dialect, self.table)}"
        )


@dataclass(frozen=True, slots=True)
class DropConstraint(_OfConstraint):
    """Drop a key, or a unique constraint, that PostgreSQL named."""

    def _statements(self, name: str) -> tuple[str, ...]:
        return (_drop(self.dialect, self.table, name),)


@dataclass(frozen=True, slots=True)
class RenameConstraint(_OfConstraint):
    """Give a name to a primary key that PostgreSQL named."""

    new: str

    def known(self, name: str) -> str:
        """Return the statement for a constraint whose name is known."""
        words = f"{self.dialect.quote(name)} TO {self.dialect.quote(self.new)}"
        return ddl.alter(self.dialect, self.table, f"RENAME CONSTRAINT {words}")

    def _statements(self, name: str) -> tuple[str, ...]:
        return () if name == stored_name(self.new) else (self.known(name),)


@dataclass(frozen=True, slots=True)
class DropByExpression(LiveStep):
    """Drop a check, or an exclusion constraint, that PostgreSQL named.

    ``table``: as it is when the step comes.
    """

    operations: tuple[int, ...]
    dialect: Dialect
    table: Table
    constraint: Check | Exclusion

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that it changes."""
        return (self.table.name,)

    @property
    def note(self) -> str:
        """Say which name is assumed."""
        return f"assumes that PostgreSQL named the {self._what} {self._assumed}"

    def preview(self) -> tuple[str, ...]:
        """Return the statement for the name that PostgreSQL gives by default."""
        return (_drop(self.dialect, self.table.name, self._assumed),)

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statement for the constraint in the catalog that says the same."""
        wanted = self._spelled(query)
        names = [name for name, words in query(self._lookup()) if self._says(words) in wanted]
        return (_drop(self.dialect, self.table.name, _only(names, self._what)),)

    @property
    def _what(self) -> str:
        kind = "check" if isinstance(self.constraint, Check) else "exclusion constraint"
        return f"{kind} of {self.table.name} ({self.constraint.expression})"

    @property
    def _assumed(self) -> str:
        """Return the name of a check: with its column, if it has one only."""
        if isinstance(self.constraint, Exclusion):
            return object_name(self.table.name, self._columns, "excl")
        columns = self._columns if len(self._columns) == 1 else ()
        return object_name(self.table.name, columns, "check")

    @property
    def _columns(self) -> tuple[str, ...]:
        used = self.constraint.expression.names
        return tuple(name for name in self.table.column_names if name in used)

    def _spelled(self, query: Query) -> set[Expression]:
        words = self.constraint.expression
        spelled = self.dialect.spellings(query, [self.table]).get((self.table, words.text))
        return {words.unwrapped, Expression(spelled or words.text).unwrapped}

    def _says(self, definition: str) -> Expression | None:
        names = {stored_name(name): name for name in self.table.column_names}
        read = read_check if isinstance(self.constraint, Check) else read_exclusion
        found = read(definition, "", names)
        return found.expression.renamed(names).unwrapped if found else None

    def _lookup(self) -> str:
        """Ask for the constraints that have no name of the user's."""
        kind = "c" if isinstance(self.constraint, Check) else "x"
        names = [*(e.name for e in self.table.checks), *(e.name for e in self.table.exclusions)]
        named = [text_literal(stored_name(name)) for name in names if name]
        return (
            "SELECT c.conname::TEXT, pg_get_constraintdef(c.oid) FROM pg_catalog.pg_constraint AS c"
            f" WHERE c.contype = '{kind}' AND c.conrelid = {_oid(self.dialect, self.table.name)}"
            f" AND c.conname NOT IN ({', '.join(named) or text_literal('')})"
        )


@dataclass(frozen=True, slots=True)
class OnSequence(LiveStep):
    """Drop, or change the type of, the sequence that numbers a column."""

    operations: tuple[int, ...]
    dialect: Dialect
    table: str
    column: str
    #: The new type; empty: drop it with the column's default.
    type_words: str = ""

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that it changes."""
        return (self.table,)

    @property
    def note(self) -> str:
        """Say which name is assumed."""
        return f"assumes that PostgreSQL named the sequence {self._assumed}"

    def preview(self) -> tuple[str, ...]:
        """Return the statements for the name that PostgreSQL gives by default."""
        name = qualified(schema_of(self.table), self._assumed)
        return self._statements(self.dialect.quote_table(name))

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statements for the sequence that the column owns."""
        table = text_literal(self.dialect.quote_table(self.table))
        # It cuts the name of the table, but not that of the column.
        column = text_literal(stored_name(self.column))
        found = query(f"SELECT pg_get_serial_sequence({table}, {column})")
        if found[0][0] is None:
            where = f"{self.table}.{self.column}"
            raise RefusedError(f"the database has no sequence for {where}", hint=_HINT)
        return self._statements(found[0][0])

    @property
    def _assumed(self) -> str:
        return object_name(self.table, (self.column,), "seq")

    def _statements(self, name: str) -> tuple[str, ...]:
        if self.type_words:
            return (f"ALTER SEQUENCE {name} AS {self.type_words}",)
        default = f"ALTER COLUMN {self.dialect.quote(self.column)} DROP DEFAULT"
        return (ddl.alter(self.dialect, self.table, default), f"DROP SEQUENCE {name}")


@dataclass(frozen=True, slots=True)
class AddSequence(LiveStep):
    """Let a sequence of its own number a column, as SERIAL does: by the first name that is free.

    A table that was renamed keeps the sequences that were named after it.
    """

    operations: tuple[int, ...]
    dialect: Dialect
    table: str
    column: str
    type_words: str

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that it changes."""
        return (self.table,)

    @property
    def note(self) -> str:
        """Say nothing: the name is free as a rule."""
        return ""

    def preview(self) -> tuple[str, ...]:
        """Return the statements for the name that PostgreSQL gives by default."""
        return self._statements(self._name(""))

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statements for the first free name."""
        names = map(self._name, itertools.chain([""], map(str, itertools.count(1))))
        taken = "SELECT to_regclass({}) IS NOT NULL"
        return self._statements(
            next(name for name in names if not query(taken.format(text_literal(name)))[0][0])
        )

    def _name(self, number: str) -> str:
        own = object_name(self.table, (self.column,), f"seq{number}")
        return self.dialect.quote_table(qualified(schema_of(self.table), own))

    def _statements(self, name: str) -> tuple[str, ...]:
        column = self.dialect.quote(self.column)
        place = f"{self.dialect.quote_table(self.table)}.{column}"
        default = f"ALTER COLUMN {column} SET DEFAULT nextval({text_literal(name)})"
        return (
            f"CREATE SEQUENCE {name} AS {self.type_words} OWNED BY {place}",
            ddl.alter(self.dialect, self.table, default),
        )


def _drop(dialect: Dialect, table: str, name: str) -> str:
    return ddl.alter(dialect, table, f"DROP CONSTRAINT {dialect.quote(name)}")


def _only(names: list[str], what: str) -> str:
    """Return the one name; refuse none, and several."""
    if not names:
        raise RefusedError(f"the database has no {what}", hint=_HINT)
    if len(names) > 1:
        raise RefusedError(
            f"the database has the {what} twice: {', '.join(names)}",
            hint="drop the superfluous one, then migrate again",
        )
    return names[0]


def _oid(dialect: Dialect, table: str) -> str:
    return f"to_regclass({text_literal(dialect.quote_table(table))})"


def _stored(names: tuple[str, ...]) -> list[str]:
    return [stored_name(name) for name in names]


def _names(table: str, numbers: str) -> str:
    return (
        f"ARRAY(SELECT a.attname::TEXT FROM unnest({numbers}) WITH ORDINALITY AS k (number, place) "
        f"JOIN pg_catalog.pg_attribute AS a ON a.attrelid = {table} AND a.attnum = k.number "
        "ORDER BY k.place)"
    )
