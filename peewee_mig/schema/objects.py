"""The kinds of schema object: frozen values that hold names, never pointers.

Equality therefore needs no database, no model and no cycle breaking. Every value is in
normal form: an action that is the default of SQL (``NO ACTION``) is ``None``. What no
database could hold (a key without columns, two columns of one name) is refused when the
value is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from peewee_mig.errors import SchemaError
from peewee_mig.schema import normal
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.rows import Rows
from peewee_mig.schema.types import ColumnType

#: What an option of a table begins with that says how PostgreSQL partitions it; it is followed
#: by an expression.
PARTITION_BY = "PARTITION BY "

#: What an option of a table or index begins with that says where its rows are.
TABLESPACE = "TABLESPACE "

#: What an option of a column begins with that says what SQLite does with NULL in a row.
ON_CONFLICT = "ON CONFLICT "

#: The option of a column whose default is said to be NULL: none, but SQLite keeps the words.
NULL_DEFAULT = "DEFAULT NULL"


@dataclass(frozen=True, slots=True)
class Computed:
    """What a generated column is computed from; ``stored``: else it is virtual."""

    expression: Expression
    stored: bool = False

    def __post_init__(self) -> None:
        """Leave out parentheses around the whole."""
        object.__setattr__(self, "expression", self.expression.unwrapped)


@dataclass(frozen=True, slots=True)
class Column:
    """A column; its key, indexes, checks and foreign keys are objects of the table.

    ``default``: what the server gives a new row. ``sequence``: the name of a sequence of the
    user's that numbers it. ``options``: further words of an engine, in normal form
    (capitals, sorted): ``UNSIGNED``, ``ON UPDATE CURRENT_TIMESTAMP``, ``CHARACTER SET latin1``.
    """

    name: str
    type: ColumnType
    null: bool = False
    default: Expression | None = None
    collation: str | None = None
    computed: Computed | None = None
    comment: str | None = None
    sequence: str | None = None
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Bring the attributes into normal form; refuse what excludes each other."""
        if self.default is not None:
            object.__setattr__(self, "default", _default(self.default))
        object.__setattr__(self, "options", tuple(sorted(self.options)))
        if self.computed is not None and (self.default or self.sequence):
            raise SchemaError(f"column {self.name} is generated, so it can have no default")

    @property
    def self_filling(self) -> bool:
        """Whether existing rows get a value without being told: numbered or computed."""
        return self.type.auto or self.computed is not None or self.sequence is not None


@dataclass(frozen=True, slots=True)
class PrimaryKey:
    """The primary key of a table: its columns in order.

    ``name``: the user's, ``None`` leaves it to the engine. MySQL has one name for all of them.
    ``conflict``: one of :data:`~peewee_mig.schema.normal.CONFLICTS`.
    """

    columns: tuple[str, ...]
    name: str | None = None
    conflict: str | None = None

    def __post_init__(self) -> None:
        """Refuse no columns, and one twice."""
        _distinct(self.columns, "a primary key")
        object.__setattr__(self, "conflict", normal.conflict(self.conflict))


@dataclass(frozen=True, slots=True)
class Index:
    """An index.

    ``columns``: those that it is over, if it is over plain columns; else ``parts`` says what
    it is over, in order (``lower("email")``, ``"created" DESC``, ``"name" COLLATE "C"``,
    ``"name" text_pattern_ops``), and ``columns`` is empty. ``where``: of which rows; ``using``: the
    method in small letters, ``None`` for that of the engine (btree), ``fulltext`` and
    ``spatial`` on MySQL; ``include``: columns that it only carries; ``options``: storage
    options in normal form (``fillfactor=70``, ``TABLESPACE fast``).

    ``named`` says that the user chose the name; else it is what Peewee makes up (from the
    class name), and two indexes that differ in nothing else are equivalent.
    """

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    named: bool = False
    parts: tuple[Expression, ...] = ()
    where: Expression | None = None
    using: str | None = None
    include: tuple[str, ...] = ()
    nulls_distinct: bool = True
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Bring the parts into normal form; refuse none, and one column twice."""
        plain = tuple(part.column for part in self.parts)
        if self.parts and None not in plain:
            object.__setattr__(self, "columns", tuple(name for name in plain if name))
            object.__setattr__(self, "parts", ())
        object.__setattr__(self, "using", None if self.using == "btree" else self.using)
        object.__setattr__(self, "options", tuple(sorted(self.options)))
        if not self.parts:
            _distinct(self.columns, f"index {self.name}")
        elif self.columns:
            raise SchemaError(f"index {self.name} has columns and parts")

    @property
    def plain(self) -> bool:
        """Whether the index is over columns and of all rows, without anything special."""
        special = (self.parts, self.where, self.using, self.include, self.options)
        return not any(special) and self.nulls_distinct

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that it makes unique, so that a foreign key can refer to them; or ()."""
        return self.columns if self.unique and self.where is None else ()

    @property
    def used(self) -> frozenset[str]:
        """The names of all columns that it needs (and perhaps of collations)."""
        expressions = (*self.parts, *([self.where] if self.where else ()))
        named = (name for each in expressions for name in each.names)
        return frozenset((*self.columns, *self.include, *named))

    @property
    def structure(self) -> tuple[object, ...]:
        """Everything but the name."""
        return tuple(getattr(self, e.name) for e in fields(self) if e.name not in ("name", "named"))

    def equivalent(self, other: Index) -> bool:
        """Whether the two differ at most in a name that the user did not choose."""
        if self.structure != other.structure:
            return False
        return self.name == other.name or not (self.named or other.named)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key, known within its table by its columns.

    ``name`` is the user's ``constraint_name``; ``None`` leaves the name to the engine.
    ``deferrable``: one of :data:`~peewee_mig.schema.normal.DEFERRALS`.
    """

    columns: tuple[str, ...]
    referred_table: str
    referred_columns: tuple[str, ...]
    on_delete: str | None = None
    on_update: str | None = None
    name: str | None = None
    deferrable: str | None = None

    def __post_init__(self) -> None:
        """Bring the actions into normal form; refuse what is none."""
        _distinct(self.columns, "a foreign key")
        if len(self.columns) != len(self.referred_columns):
            raise SchemaError(
                f"the foreign key on {', '.join(self.columns)} refers to"
                f" {len(self.referred_columns)} columns"
            )
        object.__setattr__(self, "on_delete", normal.action(self.on_delete))
        object.__setattr__(self, "on_update", normal.action(self.on_update))
        object.__setattr__(self, "deferrable", normal.deferral(self.deferrable))


@dataclass(frozen=True, slots=True)
class Check:
    """A check of each row, known by its name, or by its expression where it has none."""

    expression: Expression
    name: str | None = None

    def __post_init__(self) -> None:
        """Leave out parentheses around the whole."""
        object.__setattr__(self, "expression", self.expression.unwrapped)


@dataclass(frozen=True, slots=True)
class Unique:
    """A unique constraint (not a unique index), known within its table by its columns.

    ``name``: the user's, ``None`` leaves it to the engine. ``conflict``: one of
    :data:`~peewee_mig.schema.normal.CONFLICTS`.
    """

    columns: tuple[str, ...]
    name: str | None = None
    deferrable: str | None = None
    nulls_distinct: bool = True
    conflict: str | None = None

    def __post_init__(self) -> None:
        """Refuse no columns, and one twice."""
        _distinct(self.columns, "a unique constraint")
        object.__setattr__(self, "deferrable", normal.deferral(self.deferrable))
        object.__setattr__(self, "conflict", normal.conflict(self.conflict))


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An exclusion constraint of PostgreSQL: what follows the word EXCLUDE, as an expression.

    Known by its name, or by its expression where it has none.
    """

    expression: Expression
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What else a table has: its comment, and the words behind its definition.

    ``words`` are in normal form: capitals where case does not count, one setting each, sorted
    (``STRICT``, ``WITHOUT ROWID``, ``ENGINE=InnoDB``, ``fillfactor=70``, ``UNLOGGED``,
    ``PARTITION BY RANGE("at")``).
    """

    words: tuple[str, ...] = ()
    comment: str | None = None

    def __post_init__(self) -> None:
        """Sort the words."""
        object.__setattr__(self, "words", tuple(sorted(self.words)))

    @property
    def partitions(self) -> str:
        """The word that says how the table is partitioned; empty: it is not."""
        return next((word for word in self.words if word.startswith(PARTITION_BY)), "")

    @property
    def partitioned_by(self) -> frozenset[str]:
        """The columns that say which partition a row is in."""
        return Expression(self.partitions.removeprefix(PARTITION_BY)).names

    def renamed(self, names: Mapping[str, str]) -> Options:
        """Return the options with other names for the columns that they need."""
        return replace(self, words=tuple(_renamed(word, names) for word in self.words))

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.words or self.comment is not None)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table. Equality ignores the order of columns, indexes, keys and constraints.

    ``name``: with its schema if it has one, as ``schema.names`` says. ``rows``: the reference
    rows that it is declared to have.
    """

    name: str
    columns: tuple[Column, ...]
    primary_key: PrimaryKey | None = None
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    uniques: tuple[Unique, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    options: Options = Options()
    rows: Rows | None = None

    def __post_init__(self) -> None:
        """Refuse a table without columns, and two objects of one identity."""
        _distinct(self.column_names, f"table {self.name}")
        _different([index.name for index in self.indexes], f"indexes of {self.name}")
        _different([key.columns for key in self.foreign_keys], f"foreign keys of {self.name}")
        _different([_identity(each) for each in self.checks], f"checks of {self.name}")
        _different([key.columns for key in self.uniques], f"unique constraints of {self.name}")
        _different([_identity(each) for each in self.exclusions], f"exclusions of {self.name}")

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

    @property
    def keys(self) -> frozenset[tuple[str, ...]]:
        """The columns of each key of the table: what a foreign key can refer to."""
        primary = {self.primary_key.columns} if self.primary_key else set[tuple[str, ...]]()
        unique = {index.key for index in self.indexes}
        unique |= {each.columns for each in self.uniques if not each.deferrable}
        return frozenset((primary | unique) - {()})

    def find_check(self, check: Check) -> Check | None:
        """Return the check of the same identity, if there is one."""
        return next((each for each in self.checks if _identity(each) == _identity(check)), None)

    def find_unique(self, columns: tuple[str, ...]) -> Unique | None:
        """Return the unique constraint of those columns, if there is one."""
        return next((each for each in self.uniques if each.columns == columns), None)

    def find_foreign_key(self, columns: tuple[str, ...]) -> ForeignKey | None:
        """Return the foreign key of those columns, if there is one."""
        return next((key for key in self.foreign_keys if key.columns == columns), None)


def _renamed(word: str, names: Mapping[str, str]) -> str:
    expression = word.removeprefix(PARTITION_BY)
    return word if word == expression else PARTITION_BY + Expression(expression).renamed(names).text


def _default(value: Expression) -> Expression | None:
    """Return a default in normal form: NULL is none."""
    plain = value.unwrapped
    return None if plain.text.upper() == "NULL" else plain


def _identity(constraint: Check | Exclusion) -> object:
    return constraint.name or constraint.expression


def _distinct(names: tuple[str, ...], what: str) -> None:
    if not names:
        raise SchemaError(f"{what} has no columns")
    if len(set(names)) != len(names):
        raise SchemaError(f"{what} has one column twice: {', '.join(names)}")


def _different(identities: Iterable[object], what: str) -> None:
    listed = list(identities)
    if len(set(listed)) != len(listed):
        raise SchemaError(f"two {what} are the same: {listed}")
