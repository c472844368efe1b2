"""What a migration does, as values: four verbs over the kinds of object, values, and raw SQL.

Each verb carries both sides, so each inverts without a database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from peewee_mig.schema.expressions import Expression, expression
from peewee_mig.schema.objects import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.standalone import EnumType, RawObject, Standalone, View

#: The objects of a table that are added and dropped.
Part = Column | PrimaryKey | Index | ForeignKey | Check | Unique | Exclusion

#: The objects that operations add and drop. Tables and what stands beside them have their own
#: name for the operation's table.
Object = Table | Part | Standalone

#: The objects that are changed in place; all others are dropped and added.
Alterable = Column | PrimaryKey | ForeignKey | Options | View | EnumType | RawObject

#: The objects that can be renamed.
RenameKind = Literal["table", "column", "index", "value", "virtual_table"]

#: Functions that give existing rows a value: each row its own (``uuid4``), the time of the
#: migration, or the empty value of the column's type (``''``, 0, false, ...).
Function = Literal["now", "utcnow", "today", "uuid4", "empty"]

#: SQL by engine (``sqlite``, ``postgres``, ``mysql``), or for all of them (the empty name).
BySQL = tuple[tuple[str, str], ...]

Scalar = str | int | float | bool | bytes


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value for each existing row, in the form in which Peewee stores it.

    Decimals, dates, UUIDs and JSON are text.
    """

    value: Scalar


@dataclass(frozen=True, slots=True)
class Generated:
    """A value that the database makes for existing rows."""

    function: Function


#: A value for rows that exist already. It leaves no default in the database.
Fill = Constant | Generated


@dataclass(frozen=True, slots=True)
class Add:
    """Add an object to a table (a table adds itself).

    ``fill``: for a NOT NULL column. Without one the step is guarded: it runs only on a
    table without rows. A column that the database numbers itself needs none.
    """

    table: str
    object: Object
    fill: Fill | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """Drop an object from a table; it is kept whole, for the way back."""

    table: str
    object: Object


@dataclass(frozen=True, slots=True)
class Alter:
    """Change an object of a table; ``old`` and ``new`` have the same kind and identity.

    ``fill``: for rows with NULL in a column that becomes NOT NULL; without one the step
    is guarded. ``using``: the value of a row in the new type, as an SQL expression of the
    user's over the columns as they are called then, by engine (empty: for all);
    ``using_back``: the same for the way back. Without one the values are cast.
    """

    table: str
    old: Alterable
    new: Alterable
    fill: Fill | None = None
    using: BySQL = ()
    using_back: BySQL = ()

    @property
    def retyped(self) -> Column | None:
        """The new column, if rows keep their values in another type."""
        match self.old, self.new:
            case Column(computed=None) as old, Column(computed=None) as new if old.type != new.type:
                return new
            case _:
                return None

    def spoken(self, engine: str) -> Alter:
        """Return the operation with the expression of one engine only, for that engine."""
        if not self.using and not self.using_back:
            return self
        words = dict(self.using)
        sql = words.get(engine, words.get("", ""))
        return replace(self, using=(("", sql),) if sql else (), using_back=())

    def value(self, columns: Iterable[str]) -> Expression | None:
        """Return the expression of the first engine; in it words that are columns are names."""
        return expression(self.using[0][1], tuple(columns)) if self.using else None


@dataclass(frozen=True, slots=True)
class Rename:
    """Rename a table (then ``table`` is the old name), or a column or index of a table.

    Or a value of an enum type: then ``table`` is the name of the type. Or a virtual table: then
    it is the old name.

    A table whose new name says another schema moves there.
    """

    kind: RenameKind
    table: str
    old: str
    new: str

    @property
    def whole(self) -> bool:
        """Whether a table gets another name, not a part of one."""
        return self.kind in ("table", "virtual_table")


@dataclass(frozen=True, slots=True)
class RunSQL:
    """Run statements of the user's; they have no effect on the schema that we track.

    ``backward`` empty: rolling back runs nothing; ``None``: it cannot be rolled back.
    """

    forward: tuple[str, ...]
    backward: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """Give rows of a table what their related rows of another table have in a column.

    ``on``: (own column, column of the source) pairs that tell which row is related; the
    source is unique in its columns. Rows without a related one, or where that has NULL, keep
    what they have. ``back``: the way back copies, too: the table is unique in its own columns.
    """

    table: str
    column: str
    source: str
    source_column: str
    on: tuple[tuple[str, str], ...]
    back: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table that tell the related row."""
        return tuple(own for own, _ in self.on)

    @property
    def source_columns(self) -> tuple[str, ...]:
        """The columns of the source that tell the related row."""
        return tuple(other for _, other in self.on)

    @property
    def swapped(self) -> Copy:
        """The way back."""
        on = tuple((other, own) for own, other in self.on)
        return Copy(self.source, self.source_column, self.table, self.column, on)


Operation = Add | Drop | Alter | Rename | Copy | RunSQL
