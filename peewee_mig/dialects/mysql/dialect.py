"""MySQL and MariaDB as pure functions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import ClassVar

from peewee_mig.declare import Declaration
from peewee_mig.dialects.asked import Guard
from peewee_mig.dialects.base import Capabilities, Inspection, Query, Spellings, Step
from peewee_mig.dialects.guards import TEXTS, GuardSql
from peewee_mig.dialects.mysql import (
    declarations,
    fingerprint,
    inspect,
    lacking,
    native_casts,
    normalize,
    rehearsal,
    render,
    rights,
    spellings,
    types,
)
from peewee_mig.dialects.mysql.live import is_table
from peewee_mig.dialects.mysql.lower import MysqlLowering
from peewee_mig.dialects.mysql.refuse import refuse
from peewee_mig.dialects.mysql.refuse_fills import refuse_fills
from peewee_mig.operations.verbs import Constant, Fill, Operation, Part
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import Check, Column, ForeignKey, Index, Options, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import Standalone
from peewee_mig.schema.types import ColumnType

#: The first version of MariaDB that we know, and more than any of MySQL's.
_MARIADB = (10,)


class Mysql(GuardSql):
    """MySQL 8 and MariaDB 10.5, and newer."""

    name: ClassVar[str] = "mysql"
    operators: ClassVar[Mapping[str, str]] = {"ILIKE": "LIKE", "IREGEXP": "REGEXP"}
    title: ClassVar[str] = "MySQL"
    assumed: ClassVar[Capabilities] = Capabilities((10, 11))
    others: ClassVar[tuple[Capabilities, ...]] = (Capabilities((8, 4)),)
    quotation: ClassVar[str] = "`"
    shares_index_names: ClassVar[bool] = False
    transactional: ClassVar[bool] = False
    unique_is_index: ClassVar[bool] = True
    made_names: ClassVar[Mapping[type, str]] = {
        Check: r"CONSTRAINT_\d+|{table}_chk_\d+",
        ForeignKey: r"({table}_ibfk_)?\d+",
    }
    indexes_keys: ClassVar[bool] = True
    long_text: ClassVar[ColumnType] = ColumnType("longtext")

    def called(self, capabilities: Capabilities) -> str:
        """Return MariaDB or MySQL: no version of MySQL is 10 or more."""
        known = "MariaDB" if capabilities.version >= _MARIADB else self.title
        return capabilities.product or known

    def lacks(
        self,
        thing: Table | Part | Options | Standalone,
        table: Table | None,  # noqa: ARG002 (the contract)
        capabilities: Capabilities,
    ) -> str:
        """Say why the server cannot have an object, or an attribute of it; empty: it can."""
        mariadb = self.called(capabilities) == "MariaDB"
        return lacking.lacks(thing, capabilities, mariadb=mariadb)

    def lesser(
        self,
        thing: Part | Options,
        capabilities: Capabilities,  # noqa: ARG002 (the contract)
    ) -> Part | Options | None:
        """Return what is left of a part without what the server cannot have of it."""
        return lacking.lesser(thing)

    def spellings(self, query: Query, tables: Iterable[Table]) -> Spellings:
        """Ask the server how its catalog would spell what is declared."""
        return spellings.spellings(self, query, tables)

    def type_sql(self, type_: ColumnType) -> str:
        """Spell a logical type as Peewee does; a native one as it is."""
        return types.type_sql(type_)

    def text_sql(self, text: str) -> str:
        """Spell a text as a literal."""
        return types.text_literal(text)

    dual = " FROM DUAL"
    hides_changing = True

    def compared(self, value: str, type_: ColumnType) -> str:
        """Spell a text such that letter case, accents and blanks count, and a short number."""
        if type_.plain.name in TEXTS:
            return f"CONVERT({value} USING utf8mb4) COLLATE utf8mb4_bin"
        return f"CAST({value} AS CHAR)" if type_.plain.name == "FLOAT" else value

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
        return render.definition(self, column, null=null, default=default)

    def create_index(self, table: str, index: Index) -> str:
        """Spell an index."""
        return render.create_index(self, table, index)

    def create_table(self, table: Table) -> tuple[str, ...]:
        """Spell a table with its keys and indexes, as ``create_tables`` would."""
        return render.create_table(self, table)

    def create_own_table(self, table: Table) -> tuple[str, ...]:
        """Spell a table that takes any text and transactions."""
        return render.create_own_table(self, table)

    def lower(
        self, operations: Sequence[Operation], before: Schema, capabilities: Capabilities
    ) -> tuple[Step, ...]:
        """Turn operations into steps; one spelling serves all supported versions."""
        refuse_fills(operations)
        lowering = MysqlLowering(self, before, capabilities)
        steps = lowering.run(operations)
        refuse(before, lowering.schema, product=capabilities.product)
        return steps

    def rehearse(self, query: Query, guard: Guard) -> None:
        """Refuse a check that the server cannot compute, of which a SELECT only warns."""
        rehearsal.rehearse(self, query, guard)

    def length_sql(self, column: str) -> str:
        """Spell the number of characters of a value."""
        return f"char_length({column})"

    def valued(self, part: Expression) -> Expression:
        """Return the value that a part of an index holds: of a prefix, the beginning."""
        value = super().valued(part)
        name, *rest = value.tokens
        if name.kind == "name" and [each.value for each in rest[:1]] == ["("]:
            return Expression(f"left({name}, {rest[1]})")
        if [each.value for each in rest[-4:-2]] == [")", "("]:  # of what a column is computed from
            return Expression(f"left({' '.join(map(str, value.tokens[:-3]))}, {rest[-2]})")
        return value

    def collated(self, value: str, collation: str | None) -> str:
        """Spell a value as texts of a collation are compared; an empty one: that of the server.

        Nobody knows it here, but it is nearly always that of the character set.
        """
        if collation == "":
            return f"CONVERT({value} USING utf8mb4)"
        return super().collated(value, collation)

    def cast_sql(self, value: str, old: ColumnType, new: ColumnType) -> str:
        """Spell what a value is after a change of its type."""
        return types.cast_sql(value, old, new)

    def meaning(self, type_: ColumnType) -> ColumnType:
        """Return the logical type whose values a native type has."""
        return types.meaning(type_)

    def native_misfit(self, value: str, old: ColumnType, new: ColumnType) -> str | None:
        """Spell the condition that a native type cannot hold a value."""
        of_text = types.text_or_meaning(old)
        if of_text.native or new.native or {of_text.name, new.name} <= TEXTS:
            return native_casts.misfit(value, old, new)
        return types.bad_value(value, of_text, new)

    def bad_value(self, value: str, old: ColumnType, new: ColumnType) -> str:
        """Spell the condition that ``new`` cannot hold a value unchanged; empty: it can."""
        return types.bad_value(value, old, new)

    def has_table(self, query: Query, name: str) -> bool:
        """Whether the database has a table of that name."""
        return bool(query(f"SELECT 1 FROM information_schema.tables WHERE {is_table(name)}"))

    def can_spell(self, query: Query) -> bool:
        """Whether the role may make a temporary table."""
        return spellings.can_ask(query)

    def ensure_absent(self, query: Query, name: str) -> None:
        """Refuse a table without a right on it, which the catalog does not list."""
        rights.ensure_absent(query, self.quote_table(name))

    def fingerprint(self, query: Query, tables: Sequence[str], statement: str) -> str:
        """Return a hash of how these tables (all, if none is named) are defined now."""
        return fingerprint.fingerprint(query, tables, statement)

    def problems(
        self,
        query: Query,  # noqa: ARG002 (the contract)
        was: Callable[[str], str | None] = str,  # noqa: ARG002 (the contract)
    ) -> frozenset[str]:
        """Return nothing: the server itself refuses what breaks a key."""
        return frozenset()

    def inspect(self, query: Query, schemas: Collection[str] = ()) -> Inspection:
        """Read the catalog; a schema is another database of the server."""
        return inspect.inspect(query, schemas)

    def declarations(self, query: Query, schemas: Collection[str] = ()) -> tuple[Declaration, ...]:  # noqa: ARG002 (as above)
        """Read what models can declare beside their tables."""
        return tuple(declarations.declarations(query))

    def normalize(self, schema: Schema) -> Schema:
        """Return the schema as it is read back."""
        return normalize.normalize(schema)


DIALECT = Mysql()
