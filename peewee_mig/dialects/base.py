"""The contract of a database: what the planner asks (``sessions``: what the runner runs on).

A dialect is a folder with the same file names as its siblings: ``types`` (logical type ->
its words, and back), ``render`` (objects -> DDL), ``lower`` (operations -> steps),
``inspect`` (catalog -> schema), ``normalize`` (schema as the catalog would give it back),
``session`` (connection, transaction, lock).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from peewee_mig.declare import Declaration
from peewee_mig.dialects.asked import Guard
from peewee_mig.operations.verbs import Constant, Fill, Operation, Part
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.names import split
from peewee_mig.schema.objects import Column, Index, Options, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import Standalone
from peewee_mig.schema.types import ColumnType

Row = tuple[Any, ...]

#: Runs one literal statement that reads, and returns all rows.
Query = Callable[[str], list[Row]]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Facts about a server, read once or assumed offline.

    ``version``: as numbers; ``product``: who made it, where one dialect serves two
    (``MariaDB``, ``MySQL``).
    """

    version: tuple[int, ...]
    product: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One literal statement, and the positions of the operations that it serves.

    ``tables``: those that it changes, empty if nobody knows (a user's own SQL); ``rows``:
    it changes rows only, so a transaction holds it on every engine.
    """

    sql: str
    operations: tuple[int, ...] = ()
    tables: tuple[str, ...] = ()
    rows: bool = False

    def moved(self, places: Sequence[int]) -> Statement:
        """Return it with each position that it has in place of its index."""
        return replace(self, operations=_placed(self.operations, places))


class LiveStep(ABC):
    """A step whose statements depend on the live catalog (which name, which trigger)."""

    operations: tuple[int, ...]

    def moved(self, places: Sequence[int]) -> LiveStep:
        """Return it with each position that it has in place of its index."""
        moved = copy(self)
        object.__setattr__(moved, "operations", _placed(self.operations, places))
        return moved

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it changes; empty if nobody knows."""
        return ()

    @property
    def counted(self) -> tuple[str, ...]:
        """The tables that must have as many rows after the step as before it."""
        return ()

    @property
    @abstractmethod
    def note(self) -> str:
        """What is assumed offline, in one line for a comment; empty: nothing to speak of."""

    def check(self, query: Query) -> None:  # noqa: B027 (most steps have nothing to ask)
        """Refuse before the migration starts what :meth:`resolve` would refuse half-way.

        Only what its own earlier steps cannot change.
        """

    @abstractmethod
    def preview(self) -> tuple[str, ...]:
        """Return the statements, assuming that the database is as the snapshot says."""

    @abstractmethod
    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statements for this database; refuse what would be lost."""


Step = Statement | LiveStep


def _placed(operations: tuple[int, ...], places: Sequence[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(places[each] for each in operations))


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """An object of the database that no kind of ours describes.

    ``kind``: in the words of SQL (``view``, ``check``, ``default``, ``trigger``); ``name``:
    its name, or that of its table or ``table.column`` where it has none of its own;
    ``detail``: its definition in one line, so that a change of it shows; ``table``: the
    table that it hangs on, empty for what stands alone (a view, a function, a type).
    """

    kind: str
    name: str
    detail: str = ""
    table: str = ""


#: (a declared table, neutral text of an expression or name of a native type of it) -> the same
#: as the catalog would spell it.
Spellings = Mapping[tuple[Table, str], str]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a catalog holds: the kinds that we know, and a list of the rest.

    Nobody but ``recognize`` can tell which names a user chose: indexes come with ``named``
    false, foreign keys with the name that the catalog has. ``implied``: (table, index) of
    those that the engine made by itself for a foreign key, and would make again. ``notes``:
    what this role may not see, and the grant that shows it; ``hidden``: that grant where tables
    or columns may be missing here that are there. ``spellings``: how this server
    would spell the expressions of declared tables (see :meth:`Dialect.spellings`).
    """

    schema: Schema
    unmanaged: tuple[Unmanaged, ...] = ()
    implied: frozenset[tuple[str, str]] = frozenset()
    notes: tuple[str, ...] = ()
    hidden: str = ""
    spellings: Spellings = field(default_factory=dict[tuple[Table, str], str])


class Dialect(ABC):
    """A database, as pure functions."""

    #: ``sqlite``, ``postgres``, ``mysql``: the word of ``--dialect`` and of ``engines``.
    name: ClassVar[str]
    #: The name for people.
    title: ClassVar[str]
    #: The version that is assumed offline, where ``engines`` names none.
    assumed: ClassVar[Capabilities]
    #: Servers that have what the assumed one may lack.
    others: ClassVar[tuple[Capabilities, ...]] = ()
    #: The quotation mark of identifiers, doubled inside.
    quotation: ClassVar[str] = '"'
    #: Whether the indexes of all tables share one space of names, with the tables.
    shares_index_names: ClassVar[bool] = True
    #: Whether names that differ only in letter case are one.
    folds_names: ClassVar[bool] = True
    #: Whether a transaction holds DDL too; else each such statement is committed by itself.
    transactional: ClassVar[bool] = True
    #: Whether what the engine cannot have is left out (``unsupported = skip``), not refused.
    skips: bool = False
    #: Whether a unique constraint is kept as a unique index, and cannot be told from one.
    unique_is_index: ClassVar[bool] = False
    #: Whether a primary key of one INT is numbered without being told.
    numbers_keys: ClassVar[bool] = False
    #: What the engine calls an unnamed constraint: a pattern, over ``{table}`` and ``{columns}``.
    made_names: ClassVar[Mapping[type, str]] = {}
    #: Whether the engine makes an index for a foreign key that no other one serves.
    indexes_keys: ClassVar[bool] = False
    #: Operators that the engine calls otherwise than Peewee does, in capitals.
    operators: ClassVar[Mapping[str, str]] = {}
    #: What a SELECT without a table has before its condition.
    dual: ClassVar[str] = ""
    #: Whether a statement must not read the table that it changes, but through another SELECT.
    hides_changing: ClassVar[bool] = False
    #: The type of a text without a limit.
    long_text: ClassVar[ColumnType] = ColumnType("TEXT")

    def quote(self, name: str) -> str:
        """Quote an identifier."""
        mark = self.quotation
        return f"{mark}{name.replace(mark, mark * 2)}{mark}"

    def quote_all(self, names: Iterable[str]) -> str:
        """Quote identifiers, with commas between."""
        return ", ".join(self.quote(name) for name in names)

    def quote_table(self, name: str) -> str:
        """Quote the name of a table, view or sequence, with its schema if it says one."""
        schema, own = split(name)
        return self.quote(own) if schema is None else f"{self.quote(schema)}.{self.quote(own)}"

    @abstractmethod
    def text_sql(self, text: str) -> str:
        """Spell a text as a literal."""

    def expression_sql(self, expression: Expression) -> str:
        """Spell an expression of the user's, without parentheses around it."""
        return expression.spelled(self.quote, self.text_sql, self.word_sql)

    def word_sql(self, word: str) -> str:
        """Spell an operator, word, number or literal of an expression; most stay as they are."""
        return self.operators.get(word.upper(), word)

    def lacks(
        self,
        thing: Table | Part | Options | Standalone,  # noqa: ARG002 (the contract)
        table: Table | None,  # noqa: ARG002 (the contract)
        capabilities: Capabilities,  # noqa: ARG002 (the contract)
    ) -> str:
        """Say why the engine cannot have an object, or an attribute of it; empty: it can.

        ``table``: the one that a part belongs to. The text goes on after the object's name:
        ``has no partial indexes``. Types are not looked at: :meth:`type_sql` refuses them.
        """
        return ""

    def lesser(
        self,
        thing: Part | Options,  # noqa: ARG002 (the contract)
        capabilities: Capabilities,  # noqa: ARG002 (the contract)
    ) -> Part | Options | None:
        """Return what is left of a part without what the engine cannot have of it.

        A column without its comment, a key without its deferral; ``None``: nothing is left.
        """
        return None

    def spellings(
        self,
        query: Query,  # noqa: ARG002 (the contract)
        tables: Iterable[Table],  # noqa: ARG002 (the contract)
    ) -> Spellings:
        """Ask the server how its catalog would spell the expressions of declared tables.

        Only those that differ from the declaration's own tokens need to be in the answer. It
        makes temporary tables and leaves none behind. An expression that the server refuses,
        and every one where the role may make no temporary table, is left out: then the tokens
        are compared as they are. SQLite keeps the words of the user.
        """
        return {}

    def can_spell(self, query: Query) -> bool:  # noqa: ARG002 (the contract)
        """Whether the server can be asked for :meth:`spellings` at all."""
        return True

    def called(self, capabilities: Capabilities) -> str:
        """Return the name for people of a server, where one dialect serves two."""
        return capabilities.product or self.title

    def stored_name(self, name: str) -> str:
        """Return what the catalog makes of a name (PostgreSQL cuts it at 63 bytes)."""
        return name

    def create_own_table(self, table: Table) -> tuple[str, ...]:
        """Spell a table for our own records, which take any text."""
        return self.create_table(table)

    def fingerprint(self, query: Query, tables: Sequence[str], statement: str) -> str:
        """Return a hash of how these tables are defined now.

        Where none is named (a user's own SQL), of all objects whose names the statement has.
        It tells whether a statement that was started had its effect, where no transaction
        holds it. SQLite is not asked.
        """
        raise AssertionError(self.name, query, tables, statement)

    @abstractmethod
    def type_sql(self, type_: ColumnType) -> str:
        """Spell a logical type; :exc:`RefusedError` for one that the engine cannot have.

        A native type (``ColumnType.native``) is spelled as it is.
        """

    @abstractmethod
    def literal(self, value: Constant, type_: ColumnType) -> str:
        """Spell a constant for a column of that type."""

    def compared(self, value: str, type_: ColumnType) -> str:  # noqa: ARG002 (the contract)
        """Spell a value of a column such that it equals only what is stored alike."""
        return value

    @abstractmethod
    def fill_sql(self, fill: Fill, type_: ColumnType) -> str:
        """Spell an expression that gives existing rows their value."""

    @abstractmethod
    def column_definition(
        self, column: Column, *, null: bool | None = None, default: str = ""
    ) -> str:
        """Spell a column without its keys; ``null`` and ``default`` override its own."""

    @abstractmethod
    def create_index(self, table: str, index: Index) -> str:
        """Spell an index of a table."""

    @abstractmethod
    def create_table(self, table: Table) -> tuple[str, ...]:
        """Spell a table with its keys and indexes, as ``create_tables`` would."""

    @abstractmethod
    def lower(
        self, operations: Sequence[Operation], before: Schema, capabilities: Capabilities
    ) -> tuple[Step, ...]:
        """Turn operations into steps. Pure; ``before`` is the schema that they meet."""

    @abstractmethod
    def cast_sql(self, value: str, old: ColumnType, new: ColumnType) -> str:
        """Spell what an expression that a column can hold is after a change of its type."""

    def misfit(self, value: str, old: ColumnType, new: ColumnType) -> str | None:
        """Spell the condition that ``new`` cannot hold a value; ``None``: no cast is known.

        Of types in the words of the engine, too.
        """
        old, new = self.meaning(old), self.meaning(new)
        if not (old.native or new.native or old.dimensions or new.dimensions):
            return self.bad_value(value, old, new)
        return self.native_misfit(value, old, new)

    def meaning(self, type_: ColumnType) -> ColumnType:
        """Return the logical type whose values a native type has, if its words say just that.

        ``numeric(12,3)`` is cast and compared as ``DECIMAL(12, 3)``. All others stay.
        """
        return type_

    @abstractmethod
    def native_misfit(self, value: str, old: ColumnType, new: ColumnType) -> str | None:
        """Spell the same where one of the types, at least, is a native one."""

    @abstractmethod
    def bad_value(self, value: str, old: ColumnType, new: ColumnType) -> str:
        """Spell the condition that ``new`` cannot hold a value unchanged; empty: it can."""

    def strict_misfit(
        self,
        value: str,  # noqa: ARG002 (the contract)
        old: ColumnType,  # noqa: ARG002 (the contract)
        new: ColumnType,  # noqa: ARG002 (the contract)
    ) -> str:
        """Spell the condition that a STRICT table does not take a value; empty: it does."""
        return ""

    @abstractmethod
    def guard_sql(self, guard: Guard) -> tuple[str, str]:
        """Spell a guard: a SELECT that counts the rows in the way, one that samples them."""

    def rehearse(self, query: Query, guard: Guard) -> None:  # noqa: B027 (most have nothing to try)
        """Refuse what a guard's SELECT takes, and a statement does not."""

    @abstractmethod
    def has_table(self, query: Query, name: str) -> bool:
        """Whether the database has a table of that name."""

    def ensure_absent(self, query: Query, name: str) -> None:  # noqa: B027 (a file hides nothing)
        """Refuse, with the grant, if a table that was not found may only be hidden."""

    def elsewhere(self, query: Query, name: str) -> str:  # noqa: ARG002 (the contract)
        """Say where else a table of that name is which this connection does not look at."""
        return ""

    def ensure_first(self, query: Query) -> None:  # noqa: B027 (the contract: nothing to refuse)
        """Refuse a connection whose tables would go elsewhere than its address says first."""

    def borrowed(self, query: Query, name: str) -> str:  # noqa: ARG002 (the contract)
        """Return the schema of the table of that name, if new tables go to another one."""
        return ""

    @abstractmethod
    def problems(self, query: Query, was: Callable[[str], str | None] = str) -> frozenset[str]:
        """Return what is broken in the database, in words: rows that refer to nothing, ...

        The runner asks before and after a migration, and undoes one that adds any. ``was``
        gives the name that a table had before.
        """

    @abstractmethod
    def inspect(self, query: Query, schemas: Collection[str] = ()) -> Inspection:
        """Read the catalog in a constant number of queries, whatever the number of tables.

        ``schemas``: those to read beside the schema of the connection; tables in them have it
        in their names.

        Our own tables are in it, as any other: ``runner.catalog`` leaves them out.
        """

    def declarations(
        self,
        query: Query,  # noqa: ARG002 (the contract)
        schemas: Collection[str] = (),  # noqa: ARG002 (the contract)
    ) -> tuple[Declaration, ...]:
        """Read the views, triggers, functions and extensions that models can declare.

        ``schemas``: those to look at beside the schema of the connection. What a declaration
        would not say whole is left out.
        """
        return ()

    @abstractmethod
    def normalize(self, schema: Schema) -> Schema:
        """Return the schema as :meth:`inspect` reads it back after ``create_tables``.

        Names are as :meth:`stored_name` says, all parts stay in their order, and of logical
        types that the engine spells alike, one stands for all. Expressions stay as declared:
        :meth:`spellings` knows how the catalog has them.
        """
