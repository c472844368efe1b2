"""PostgreSQL as pure functions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import ClassVar

from peewee_mig.declare import Declaration
from peewee_mig.dialects.base import Capabilities, Inspection, Query, Spellings, Step
from peewee_mig.dialects.guards import NUMBERS, TEXTS, GuardSql
from peewee_mig.dialects.postgres import (
    casts,
    declarations,
    fingerprint,
    inspect,
    lacking,
    normalize,
    render,
    search_path,
    spellings,
    types,
)
from peewee_mig.dialects.postgres.lower import PostgresLowering
from peewee_mig.operations.verbs import Constant, Fill, Operation, Part
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    Table,
    Unique,
)
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import Standalone
from peewee_mig.schema.types import ColumnType


class Postgres(GuardSql):
    """PostgreSQL 13 and newer."""

    name: ClassVar[str] = "postgres"
    title: ClassVar[str] = "PostgreSQL"
    assumed: ClassVar[Capabilities] = Capabilities((15,))
    others: ClassVar[tuple[Capabilities, ...]] = (Capabilities((18,)),)
    folds_names: ClassVar[bool] = False
    operators: ClassVar[Mapping[str, str]] = {"REGEXP": "~", "IREGEXP": "~*"}
    made_names: ClassVar[Mapping[type, str]] = {
        Check: r"{table}(_{columns})?_check\d*",
        Exclusion: r"{table}_.*excl\d*",
        ForeignKey: r"{table}_{columns}_fkey\d*",
        Unique: r"{table}_{columns}_key\d*",
    }

    def stored_name(self, name: str) -> str:
        """Cut a name at 63 bytes, as the catalog does."""
        return render.stored_table(name) if "." in name else render.stored_name(name)

    def lacks(
        self,
        thing: Table | Part | Options | Standalone,
        table: Table | None,  # noqa: ARG002 (the contract)
        capabilities: Capabilities,
    ) -> str:
        """Say why PostgreSQL cannot have an object; empty: it can."""
        return lacking.lacks(thing, capabilities)

    def lesser(self, thing: Part | Options, capabilities: Capabilities) -> Part | Options | None:
        """Return what is left of a part without what PostgreSQL cannot have of it."""
        return lacking.lesser(thing, capabilities)

    def spellings(self, query: Query, tables: Iterable[Table]) -> Spellings:
        """Ask the server how it spells expressions, on temporary tables that it undoes."""
        return spellings.spellings(self, query, tables)

    def type_sql(self, type_: ColumnType) -> str:
        """Spell a logical type as Peewee does."""
        return types.type_sql(type_)

    def word_sql(self, word: str) -> str:
        """Spell bytes, which ``x'00'`` is not here: that is a string of bits."""
        if word[:2].lower() == "x'":
            return f"'\\x{word[2:-1]}'::bytea"
        return super().word_sql(word)

    def text_sql(self, text: str) -> str:
        """Spell a text as a literal."""
        return types.text_literal(text)

    def compared(self, value: str, type_: ColumnType) -> str:
        """Spell a value of a type that has no equality, or none with a number of another one."""
        words = {"JSON": "JSONB", "FLOAT": "REAL"}.get(type_.plain.name)
        return f"CAST({value} AS {words})" if words and not type_.dimensions else value

    def literal(self, value: Constant, type_: ColumnType) -> str:
        """Spell a constant for a column of that type."""
        return types.literal(value, type_)

    def fill_sql(self, fill: Fill, type_: ColumnType) -> str:
        """Spell the value that existing rows get."""
        return types.fill_sql(fill, type_)

    def column_definition(
        self, column: Column, *, null: bool | None = None, default: str = ""
    ) -> str:
        """Spell a column without its keys."""
        return render.column_definition(self, column, null=null, default=default)

    def create_index(self, table: str, index: Index) -> str:
        """Spell an index."""
        return render.create_index(self, table, index)

    def create_table(self, table: Table) -> tuple[str, ...]:
        """Spell a table with its keys and indexes, as ``create_tables`` would."""
        return render.create_table(self, table)

    def lower(
        self,
        operations: Sequence[Operation],
        before: Schema,
        capabilities: Capabilities,  # noqa: ARG002 (one spelling serves all supported versions)
    ) -> tuple[Step, ...]:
        """Turn operations into steps."""
        return PostgresLowering(self, before).run(operations)

    def length_sql(self, column: str) -> str:
        """Spell the number of characters of a value."""
        return f"char_length(CAST({column} AS TEXT))"

    def shown(self, column: str, type_: ColumnType | None) -> str:
        """Spell a value for a sample; some native types cannot be compared."""
        return f"CAST({column} AS TEXT)" if type_ is not None and type_.native else column

    def compares(self, one: ColumnType, other: ColumnType) -> bool:
        """Whether values of two types can be compared with ``=``."""
        families = (NUMBERS, TEXTS, {"DATE", "DATETIME"})
        names = {one.plain.name, other.plain.name}
        same = len(names) == 1 or any(names <= family for family in families)
        return same and bool(one.dimensions) == bool(other.dimensions)

    def matched(self, value: str, kind: ColumnType) -> str:
        """Compare texts by their bytes: two columns may have two collations."""
        return f'{value} COLLATE "C"' if kind.plain.name in TEXTS else value

    def valued(self, part: Expression) -> Expression:
        """Return the value that a part of an index holds."""
        return render.part_value(part)

    def collated(self, value: str, collation: str | None) -> str:  # noqa: ARG002 (the contract)
        """Leave a value as it is: no collation that is declared says that two texts are equal."""
        return value

    def typed(self, value: str, type_: ColumnType) -> str:
        """Spell a constant such that it has a type, but not one that may be made only now."""
        if type_.native or type_.name == "HSTORE":
            return value
        return f"CAST({value} AS {types.type_sql(type_)})"

    def cast_sql(self, value: str, old: ColumnType, new: ColumnType) -> str:
        """Spell what a value is after a change of its type."""
        return casts.cast_sql(value, old, new) or self.typed(value, new)

    def meaning(self, type_: ColumnType) -> ColumnType:
        """Return the logical type whose values a native type has."""
        return types.meaning(type_)

    def native_misfit(self, value: str, old: ColumnType, new: ColumnType) -> str | None:
        """Spell the condition that a native type cannot hold a value."""
        return casts.native_misfit(value, old, new)

    def bad_value(self, value: str, old: ColumnType, new: ColumnType) -> str:
        """Spell the condition that ``new`` cannot hold a value unchanged; empty: it can."""
        return casts.bad_value(value, old, new)

    def has_table(self, query: Query, name: str) -> bool:
        """Whether the database has a table of that name."""
        name = types.text_literal(self.quote_table(name))
        return query(f"SELECT to_regclass({name}) IS NOT NULL") == [(True,)]

    def can_spell(self, query: Query) -> bool:
        """Whether a temporary table can be made: not on a replica, nor without the right."""
        return spellings.can_ask(query)

    def ensure_absent(self, query: Query, name: str) -> None:
        """Refuse to take for absent what is in a schema that the role may not use."""
        search_path.ensure_absent(query, name)

    def elsewhere(self, query: Query, name: str) -> str:
        """Say which other schemas have a table of that name."""
        return search_path.elsewhere(query, name)

    def ensure_first(self, query: Query) -> None:
        """Refuse a search_path whose first schema is not there."""
        search_path.ensure_first(query)

    def borrowed(self, query: Query, name: str) -> str:
        """Return the schema of search_path that has the table, if it is not the first."""
        return search_path.borrowed(query, self.quote_table(name))

    def fingerprint(self, query: Query, tables: Sequence[str], statement: str) -> str:
        """Return a hash of how these tables (all that it names, if none) are defined now."""
        return fingerprint.fingerprint(query, tables, statement)

    def problems(
        self,
        query: Query,  # noqa: ARG002 (the contract)
        was: Callable[[str], str | None] = str,  # noqa: ARG002 (the contract)
    ) -> frozenset[str]:
        """Return nothing: the server itself refuses what breaks a key."""
        return frozenset()

    def inspect(self, query: Query, schemas: Collection[str] = ()) -> Inspection:
        """Read the catalog."""
        return inspect.inspect(query, schemas)

    def declarations(self, query: Query, schemas: Collection[str] = ()) -> tuple[Declaration, ...]:
        """Read what models can declare beside their tables."""
        return tuple(declarations.declarations(query, schemas))

    def normalize(self, schema: Schema) -> Schema:
        """Return the schema as it is read back."""
        return normalize.normalize(schema)


DIALECT = Postgres()
