"""Which names are taken, by whom, and who has to make way for them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from peewee_mig.errors import SchemaError
from peewee_mig.operations.verbs import Drop
from peewee_mig.schema.names import qualified, schema_of
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import EnumType, RawObject, Sequence


def taken_by(table: Table) -> set[str]:
    """Return the names that a table takes: most databases have one space for all of them.

    A unique constraint has its index under its name, and so has a primary key.
    """
    schema = schema_of(table.name)
    named = [index.name for index in table.indexes]
    named += [each.name for each in table.uniques if each.name]
    named += [table.primary_key.name] if table.primary_key and table.primary_key.name else []
    return {table.name, *(qualified(schema, name) for name in named)}


def key_names(table: Table) -> list[str]:
    """Return the names of foreign keys: MySQL has one space for those of all tables."""
    return [key.name for key in table.foreign_keys if key.name]


class Taken:
    """The names that a schema needs.

    Small letters and capitals are one: SQLite does not tell them apart.
    """

    def __init__(self, schema: Schema) -> None:
        others = {each.name for each in schema.objects if not isinstance(each, RawObject)}
        self._names = folded(others.union(*map(taken_by, schema)))

    def holds_back(self, table: Table) -> bool:
        """Whether a table that goes has a name that another object gets."""
        return not self._names.isdisjoint(folded(taken_by(table)))

    def is_wanted(self, name: str | None, *tables: str) -> bool:
        """Whether an object gets the name of a part of a table; ``tables``: its names."""
        places = (qualified(schema_of(table), name) for table in tables if name)
        return not self._names.isdisjoint(folded(places))

    def refuse(self, drops: Iterable[Drop]) -> None:
        """Refuse to give the name of what goes at last to something else."""
        for drop in drops:
            if isinstance(drop.object, EnumType | Sequence) and drop.table.lower() in self._names:
                raise SchemaError(
                    f"{drop.table} can be dropped only after the columns that use it have"
                    " changed, but something else gets its name before",
                    hint=f"drop {drop.table} first, give its name away in a second migration",
                )


def folded(names: Iterable[str]) -> frozenset[str]:
    """Return names without a difference of small letters and capitals."""
    return frozenset(name.lower() for name in names)
