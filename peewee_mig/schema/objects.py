"""The kinds of schema object: frozen values that hold names, never pointers.

Equality therefore needs no database, no model and no cycle breaking. Every value is in
normal form: an action that is the default of SQL (``NO ACTION``) is ``None``. What no
database could hold (a key without columns, two columns of one name) is refused when the
value is made.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import Self

from peewee_mig.errors import SchemaError
from peewee_mig.schema.types import ColumnType

#: Actions of a foreign key besides the default, ``NO ACTION``, which is written ``None``.
ACTIONS = ("CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT")


@dataclass(frozen=True, slots=True)
class Column:
    """A column; its key, indexes and foreign keys are objects of the table."""

    name: str
    type: ColumnType
    null: bool = False


@dataclass(frozen=True, slots=True)
class PrimaryKey:
    """The primary key of a table: its columns in order."""

    columns: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse no columns, and one twice."""
        _distinct(self.columns, "a primary key")


@dataclass(frozen=True, slots=True)
class Index:
    """An index over plain columns.

    ``named`` says that the user chose the name; else it is what Peewee makes up (from the
    class name), and two indexes that differ in nothing else are equivalent.
    """

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    named: bool = False

    def __post_init__(self) -> None:
        """Refuse no columns, and one twice."""
        _distinct(self.columns, f"index {self.name}")

    def equivalent(self, other: Index) -> bool:
        """Whether the two differ at most in a name that the user did not choose."""
        if (self.columns, self.unique) != (other.columns, other.unique):
            return False
        return self.name == other.name or not (self.named or other.named)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key, known within its table by its columns.

    ``name`` is the user's ``constraint_name``; ``None`` leaves the name to the engine.
    """

    columns: tuple[str, ...]
    referred_table: str
    referred_columns: tuple[str, ...]
    on_delete: str | None = None
    on_update: str | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        """Bring the actions into normal form; refuse what is none."""
        _distinct(self.columns, "a foreign key")
        if len(self.columns) != len(self.referred_columns):
            raise SchemaError(
                f"the foreign key on {', '.join(self.columns)} refers to"
                f" {len(self.referred_columns)} columns"
            )
        object.__setattr__(self, "on_delete", _action(self.on_delete))
        object.__setattr__(self, "on_update", _action(self.on_update))


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table. Equality ignores the order of columns, indexes and foreign keys."""

    name: str
    columns: tuple[Column, ...]
    primary_key: PrimaryKey | None = None
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a table without columns, and two objects of one identity."""
        _distinct(self.column_names, f"table {self.name}")
        _different([index.name for index in self.indexes], f"indexes of {self.name}")
        _different([key.columns for key in self.foreign_keys], f"foreign keys of {self.name}")

    def _key(self) -> tuple[object, ...]:
        values = (getattr(self, each.name) for each in fields(self))
        return tuple(frozenset(value) if isinstance(value, tuple) else value for value in values)

    def __eq__(self, other: object) -> bool:
        """Compare everything but orders."""
        return self._key() == other._key() if isinstance(other, Table) else NotImplemented

    def __hash__(self) -> int:
        """Agree with ``==``."""
        return hash(self._key())

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def find_column(self, name: str) -> Column | None:
        """Return the column of that name, if there is one."""
        return next((column for column in self.columns if column.name == name), None)

    def column(self, name: str) -> Column:
        """Return the column of that name; :exc:`SchemaError` if there is none."""
        found = self.find_column(name)
        if found is None:
            raise SchemaError(f"table {self.name} has no column {name}")
        return found

    def find_index(self, name: str) -> Index | None:
        """Return the index of that name, if there is one."""
        return next((index for index in self.indexes if index.name == name), None)

    def find_foreign_key(self, columns: tuple[str, ...]) -> ForeignKey | None:
        """Return the foreign key of those columns, if there is one."""
        return next((key for key in self.foreign_keys if key.columns == columns), None)


@dataclass(frozen=True, slots=True)
class Schema:
    """All tables of a database, sorted by name."""

    tables: tuple[Table, ...] = ()
    _by_name: dict[str, Table] = field(
        init=False, repr=False, compare=False, default_factory=dict[str, Table]
    )

    def __post_init__(self) -> None:
        """Sort the tables; refuse two of one name."""
        tables = tuple(sorted(self.tables, key=lambda table: table.name))
        object.__setattr__(self, "tables", tables)
        object.__setattr__(self, "_by_name", {table.name: table for table in tables})
        if len(self._by_name) != len(tables):
            raise SchemaError("two tables have one name")

    @classmethod
    def of(cls, tables: Iterable[Table]) -> Self:
        """Make a schema of tables in any order."""
        return cls(tuple(tables))

    def __iter__(self) -> Iterator[Table]:
        """Yield the tables by name."""
        return iter(self.tables)

    def __contains__(self, name: object) -> bool:
        """Whether there is a table of that name."""
        return name in self._by_name

    @property
    def names(self) -> frozenset[str]:
        """The names of the tables."""
        return frozenset(self._by_name)

    def find_table(self, name: str) -> Table | None:
        """Return the table of that name, if there is one."""
        return self._by_name.get(name)

    def table(self, name: str) -> Table:
        """Return the table of that name; :exc:`SchemaError` if there is none."""
        found = self._by_name.get(name)
        if found is None:
            raise SchemaError(f"there is no table {name}")
        return found

    def with_table(self, table: Table) -> Schema:
        """Return the schema with this table added, or put in place of its namesake."""
        place = bisect_left(self.tables, table.name, key=_name)
        after = place + (table.name in self._by_name)
        tables = (*self.tables[:place], table, *self.tables[after:])
        return _sorted_schema(tables, {**self._by_name, table.name: table})

    def without_table(self, name: str) -> Schema:
        """Return the schema without the table of that name."""
        self.table(name)
        place = bisect_left(self.tables, name, key=_name)
        left = {key: table for key, table in self._by_name.items() if key != name}
        return _sorted_schema((*self.tables[:place], *self.tables[place + 1 :]), left)

    def referring(self, name: str) -> tuple[tuple[Table, ForeignKey], ...]:
        """Every foreign key to the table of that name, with the table that has it."""
        return tuple(
            (table, key)
            for table in self
            for key in table.foreign_keys
            if key.referred_table == name
        )


def _name(table: Table) -> str:
    return table.name


def _sorted_schema(tables: tuple[Table, ...], by_name: dict[str, Table]) -> Schema:
    """Make a schema of tables that are sorted and distinct already: it is done for each step."""
    schema = object.__new__(Schema)
    object.__setattr__(schema, "tables", tables)
    object.__setattr__(schema, "_by_name", by_name)
    return schema


def _action(action: str | None) -> str | None:
    if action is None or action.upper() == "NO ACTION":
        return None
    if action.upper() not in ACTIONS:
        raise SchemaError(
            f"unknown action {action!r} of a foreign key", hint=f"write one of {', '.join(ACTIONS)}"
        )
    return action.upper()


def _distinct(names: tuple[str, ...], what: str) -> None:
    if not names:
        raise SchemaError(f"{what} has no columns")
    if len(set(names)) != len(names):
        raise SchemaError(f"{what} has one column twice: {', '.join(names)}")


def _different(identities: Iterable[object], what: str) -> None:
    listed = list(identities)
    if len(set(listed)) != len(listed):
        raise SchemaError(f"two {what} are the same: {listed}")
