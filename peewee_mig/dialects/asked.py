"""What is asked of the rows before a migration runs, as values: guards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from peewee_mig.dialects.cells import Expected
from peewee_mig.operations.verbs import Fill
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.types import ColumnType

GuardKind = Literal[
    "rows", "nulls", "duplicates", "orphans", "too_long", "cast", "values", "violated", "left",
    "strict", "changed", "referred", "missing",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filled:
    """A column whose values the migration gives or casts.

    ``added``: it is new, or nothing is left of what it had, and NULL where ``fill`` is
    ``None``; if not, NULLs get the fill, if there is one. ``fill`` may be the server default.
    ``old``: the type so far, where the migration changes it to another; ``collation``: the new
    one, where it changes, empty for the database's own. ``using``: an expression of the user's
    for the value, over the columns before the migration.
    """

    column: str
    fill: Fill | Expression | None
    type: ColumnType
    added: bool
    old: ColumnType | None = None
    collation: str | None = None
    using: Expression | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition on the data that must hold before a step runs.

    ``rows``: the table has more than ``limit`` rows; ``nulls``: rows with NULL in the
    column; ``duplicates``: values that occur twice; ``orphans``: rows that refer to
    nothing; ``too_long``: values longer than ``limit``; ``cast``: values that ``new``
    cannot hold unchanged; ``values``: any value at all (no cast is known); ``violated``:
    rows of which ``condition`` is false; ``strict``: values that a STRICT table does not take
    in a column of ``new``; ``left``: values of the first column that no row of
    the other table takes, by its columns that are equal to the rest. ``key``: the primary key,
    for samples; ``filled``: those of the columns whose values the migration gives. ``orphans``
    have in ``sides`` the
    types of each column and of the one that it refers to, if any two of them differ so far.
    ``duplicates`` look at rows of which ``condition`` is true, and at ``parts`` where these
    are no plain columns; NULLs are equal if ``nulls_equal``. ``allowed``: the values of
    ``new``, if it is an enum type, which the database need not have yet. ``sources``: the columns
    that generated ones among ``columns`` are computed from. Expressions have the names before the
    migration, too. ``behind``: the position of an operation of the user's own (SQL, a function)
    that may clear the way: then it is asked as soon as that has run, in the names of then.
    ``changed``: reference rows, as ``rows`` says, that have other values; ``referred``: rows that
    refer to one of ``rows`` of the other table, and are none of ``leaving``; ``missing``: those of
    ``rows`` that are not there, although others refer to them.
    """

    kind: GuardKind
    operation: int
    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    limit: int = 0
    old: ColumnType | None = None
    new: ColumnType | None = None
    referred_table: str = ""
    referred_columns: tuple[str, ...] = ()
    filled: tuple[Filled, ...] = ()
    sides: tuple[tuple[ColumnType, ColumnType], ...] = ()
    condition: Expression | None = None
    parts: tuple[Expression, ...] = ()
    nulls_equal: bool = False
    allowed: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    behind: int | None = None
    rows: tuple[Expected, ...] = ()
    leaving: tuple[Expected, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The names of columns in its expressions (and perhaps of functions)."""
        expressions = (*self.parts, self.condition, *(each.using for each in self.filled))
        return frozenset(name for each in expressions if each for name in each.names)
