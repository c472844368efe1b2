"""What a catalog holds, in the words of a schema that declares it.

A catalog knows less than a declaration: two logical types that the engine spells alike, a
name that it cut or made up, an index that came with a foreign key. ``recognize`` gives what
was found the declared words wherever the engine cannot tell the difference, so that the two
can be compared, and the differences planned, as any two schemas. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from peewee_mig.dialects.base import Dialect, Inspection
from peewee_mig.diff.indexes import counterparts
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.schema import Schema


def recognize(found: Inspection, declared: Schema, dialect: Dialect) -> Schema:
    """Return the schema that was found, in the words of the declared one.

    Indexes keep the names that they have, so that statements find them; see ``settle``.
    Tables that are not declared are in it as they were found.
    """
    return _Recognition(found, declared, dialect).schema()


def settle(found: Schema, declared: Schema) -> Schema:
    """Return a recognized schema with the declared names of indexes that nobody named.

    It equals the declared schema if the two differ in nothing that somebody chose.
    """
    return Schema.of(_settled(table, declared.find_table(table.name)) for table in found)


def _settled(table: Table, declared: Table | None) -> Table:
    if declared is None or table == declared:
        return table
    names = counterparts(table.indexes, declared.indexes)
    indexes = tuple(names.get(index, index) for index in table.indexes)
    if len({index.name for index in indexes}) < len(indexes):
        return table  # a declared name is taken by an index that differs
    return replace(table, indexes=indexes)


@dataclass(frozen=True)
class _Recognition:
    found: Inspection
    declared: Schema
    dialect: Dialect

    def schema(self) -> Schema:
        return Schema.of(map(self._table, self.found.schema))

    @cached_property
    def _tables(self) -> dict[str, Table]:
        """Map the name that a table has in the catalog to its declaration."""
        return {self.dialect.stored_name(table.name): table for table in self.declared}

    @cached_property
    def _normal(self) -> Schema:
        return self.dialect.normalize(self.declared)

    def _name(self, table: str) -> str:
        declared = self._tables.get(table)
        return table if declared is None else declared.name

    def _namer(self, table: str) -> Callable[[str], str]:
        """Return the function that gives columns of a table their declared names."""
        declared = self._tables.get(table)
        names = declared.column_names if declared else ()
        stored = {self.dialect.stored_name(name): name for name in names}
        return lambda name: stored.get(name, name)

    def _table(self, table: Table) -> Table:
        named = self._namer(table.name)
        keys = tuple(self._renamed(key, named) for key in table.foreign_keys)
        renamed = replace(
            table,
            name=self._name(table.name),
            columns=tuple(replace(each, name=named(each.name)) for each in table.columns),
            primary_key=_primary_key(table.primary_key, named),
            indexes=tuple(replace(i, columns=tuple(map(named, i.columns))) for i in table.indexes),
            foreign_keys=keys,
        )
        declared = self._tables.get(table.name)
        return renamed if declared is None else self._declared(renamed, declared, table.name)

    def _renamed(self, key: ForeignKey, named: Callable[[str], str]) -> ForeignKey:
        others = self._namer(key.referred_table)
        return replace(
            key,
            columns=tuple(map(named, key.columns)),
            referred_table=self._name(key.referred_table),
            referred_columns=tuple(map(others, key.referred_columns)),
        )

    def _declared(self, table: Table, declared: Table, stored: str) -> Table:
        normal = self._normal.table(stored)
        named = self._namer(stored)
        plain = {named(column.name): column for column in normal.columns}
        implied = {index for owner, index in self.found.implied if owner == stored}
        return replace(
            table,
            columns=tuple(
                _column(each, declared.find_column(each.name), plain.get(each.name))
                for each in table.columns
            ),
            indexes=tuple(self._indexes(table.indexes, declared.indexes, implied)),
            foreign_keys=tuple(
                self._foreign_key(key, declared.find_foreign_key(key.columns), normal)
                for key in table.foreign_keys
            ),
        )

    def _indexes(
        self, found: Iterable[Index], declared: Iterable[Index], implied: set[str]
    ) -> Iterator[Index]:
        """Yield indexes with the mark of those that the user named; leave out implied ones."""
        left = list(declared)
        own = {self.dialect.stored_name(index.name): index for index in left}
        structures = {(index.columns, index.unique) for index in left}
        for index in found:
            twin = own.get(index.name)
            if twin is not None and (twin.columns, twin.unique) == (index.columns, index.unique):
                yield twin
            elif index.name not in implied or (index.columns, index.unique) in structures:
                yield index

    def _foreign_key(
        self, key: ForeignKey, declared: ForeignKey | None, normal: Table
    ) -> ForeignKey:
        """Give a key the declared name and actions where the engine cannot tell them apart."""
        if declared is None:
            return key
        stored = tuple(map(self.dialect.stored_name, key.columns))
        plain = normal.find_foreign_key(stored) or declared
        free = declared.name is None or plain.name == key.name
        return replace(
            key,
            on_delete=declared.on_delete if key.on_delete == plain.on_delete else key.on_delete,
            on_update=declared.on_update if key.on_update == plain.on_update else key.on_update,
            name=declared.name if free else key.name,
        )


def _primary_key(key: PrimaryKey | None, named: Callable[[str], str]) -> PrimaryKey | None:
    return PrimaryKey(tuple(map(named, key.columns))) if key else None


def _column(found: Column, declared: Column | None, normal: Column | None) -> Column:
    """Give a column the declared type if the engine spells both alike; the same for NULL."""
    if declared is None or normal is None:
        return found
    return Column(
        found.name,
        declared.type if found.type == normal.type else found.type,
        declared.null if found.null == normal.null else found.null,
    )
