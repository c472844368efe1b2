"""SQLite, as the contract of a dialect."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from peewee_mig.declare import Declaration
from peewee_mig.dialects.base import Capabilities, Inspection, Query, Step
from peewee_mig.dialects.guards import GuardSql
from peewee_mig.dialects.preflight import Need, checked, handled, leaving, needs_of_indexes
from peewee_mig.dialects.sqlite import (
    declarations,
    inspect,
    lacking,
    lower,
    normalize,
    preflight,
    problems,
    render,
    types,
)
from peewee_mig.operations.replay import replay
from peewee_mig.operations.verbs import Constant, Fill, Operation, Part
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import Column, Index, Options, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import Standalone
from peewee_mig.schema.types import ColumnType


class Sqlite(GuardSql):
    """The embedded default."""

    name: ClassVar[str] = "sqlite"
    title: ClassVar[str] = "SQLite"
    assumed: ClassVar[Capabilities] = Capabilities((3, 40))
    numbers_keys: ClassVar[bool] = True
    operators: ClassVar[Mapping[str, str]] = render.OPERATORS

    def quote_table(self, name: str) -> str:
        """Quote the name of a table or view, which is in no schema here."""
        return render.quote_table(name)

    def lacks(
        self,
        thing: Table | Part | Options | Standalone,
        table: Table | None,
        capabilities: Capabilities,  # noqa: ARG002 (one answer serves all supported versions)
    ) -> str:
        """Say why SQLite cannot have a thing; empty: it can."""
        return lacking.lacks(thing, table)

    def lesser(
        self,
        thing: Part | Options,
        capabilities: Capabilities,  # noqa: ARG002 (as above)
    ) -> Part | Options | None:
        """Return what is left of a part without what SQLite cannot have."""
        return lacking.lesser(thing)

    def type_sql(self, type_: ColumnType) -> str:
        """Spell a logical type."""
        return types.type_sql(type_)

    def text_sql(self, text: str) -> str:
        """Spell a text as a literal."""
        return types.text_literal(text)

    def literal(self, value: Constant, type_: ColumnType) -> str:  # noqa: ARG002 (no type matters)
        """Spell a constant."""
        return types.literal(value)

    def fill_sql(self, fill: Fill, type_: ColumnType) -> str:
        """Spell a value for existing rows."""
        return types.fill_sql(fill, type_)

    def column_definition(
        self, column: Column, *, null: bool | None = None, default: str = ""
    ) -> str:
        """Spell a column without its keys."""
        words = render.column_sql(column if null is None else replace(column, null=null))
        return f"{words} DEFAULT {default}" if default else words

    def create_index(self, table: str, index: Index) -> str:
        """Spell an index."""
        return render.create_index_sql(table, index)

    def create_table(self, table: Table) -> tuple[str, ...]:
        """Spell a table and its indexes."""
        return render.create_table(table)

    def lower(
        self, operations: Sequence[Operation], before: Schema, capabilities: Capabilities
    ) -> tuple[Step, ...]:
        """Turn operations into steps."""
        steps = lower.lower(operations, before, capabilities, self)
        after, own = replay(operations, before), handled(operations, self.name)
        needs: dict[int, list[Need]] = {
            position: [preflight.Unread(each.table, each.column, each.changes, own)]
            for position, each in leaving(operations, after)
            if not each.new  # the rest follows a rename
        }
        for position, need in needs_of_indexes(operations, before, preflight.HasIndex):
            needs.setdefault(position, []).append(need)
        return tuple(checked(steps, needs, self))

    def length_sql(self, column: str) -> str:
        """Spell the number of characters of a text."""
        return f"length({column})"

    own_collation = "BINARY"

    def cast_sql(self, value: str, old: ColumnType, new: ColumnType) -> str:
        """Spell what a value is after a change of its type."""
        return types.value_in(value, old, new)

    def meaning(self, type_: ColumnType) -> ColumnType:
        """Return the logical type whose values a native type has."""
        return types.meaning(type_)

    def native_misfit(self, value: str, old: ColumnType, new: ColumnType) -> str | None:
        """Spell the condition that a column of a native type changes a value."""
        return types.native_misfit(value, old, new)

    def bad_value(self, column: str, old: ColumnType, new: ColumnType) -> str:
        """Spell the condition that a value would be changed."""
        return types.bad_value(column, old, new)

    def strict_misfit(self, value: str, old: ColumnType, new: ColumnType) -> str:
        """Spell the condition that a STRICT table does not take a value."""
        return types.strict_misfit(value, old, new)

    def has_table(self, query: Query, name: str) -> bool:
        """Whether the database has a table of that name."""
        named = f"type = 'table' AND name = {types.text_literal(bare(name))}"
        return bool(query(f"SELECT 1 FROM sqlite_master WHERE {named}"))

    def problems(self, query: Query, was: Callable[[str], str | None] = str) -> frozenset[str]:
        """Return broken foreign keys, views and triggers."""
        return problems.problems(query, was)

    def inspect(self, query: Query, schemas: Collection[str] = ()) -> Inspection:  # noqa: ARG002 (there are none)
        """Read the catalog."""
        return inspect.inspect(query)

    def declarations(self, query: Query, schemas: Collection[str] = ()) -> tuple[Declaration, ...]:  # noqa: ARG002 (as above)
        """Read what models can declare beside their tables."""
        return tuple(declarations.declarations(query))

    def normalize(self, schema: Schema) -> Schema:
        """Return the schema as it is read back."""
        return normalize.normalize(schema)


DIALECT = Sqlite()
