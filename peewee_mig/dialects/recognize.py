"""What a catalog holds, in the words of a schema that declares it.

A catalog knows less than a declaration: two logical types that the engine spells alike, a
name that it cut or made up, an index that came with a foreign key, an expression in its own
words. ``recognize`` gives what was found the declared words wherever the engine cannot tell
the difference, so that the two can be compared, and the differences planned, as any two
schemas. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from peewee_mig.dialects.base import Dialect, Inspection
from peewee_mig.dialects.recognize_parts import Recognizer
from peewee_mig.diff.indexes import counterparts
from peewee_mig.operations import parts
from peewee_mig.schema.full_text import is_same
from peewee_mig.schema.names import bare, schema_of
from peewee_mig.schema.objects import ForeignKey, Table
from peewee_mig.schema.rows import Rows
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import (
    RawObject,
    Standalone,
    View,
    VirtualTable,
    identity,
    kind_of,
)


def recognize(found: Inspection, declared: Schema, dialect: Dialect) -> Schema:
    """Return the schema that was found, in the words of the declared one.

    Indexes keep the names that they have, so that statements find them; see ``settle``.
    Tables that are not declared are in it as they were found; of what stands beside the
    tables there is only what is declared.
    """
    return _Recognition(found, declared, dialect).schema()


def settle(found: Schema, declared: Schema) -> Schema:
    """Return a recognized schema with the declared names of indexes that nobody named.

    It equals the declared schema if the two differ in nothing that somebody chose.
    """
    return found.with_tables(_settled(table, declared.find_table(table.name)) for table in found)


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
        found = Schema.of(map(self._table, self.found.schema), self._objects())
        return found.with_tables(_with_rows(each, found, self.declared) for each in found)

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

    def _names(self, table: str) -> dict[str, str]:
        """Map the names that columns of a table have in the catalog to the declared ones."""
        declared = self._tables.get(table)
        names = declared.column_names if declared else ()
        return {self.dialect.stored_name(name): name for name in names}

    def _table(self, table: Table) -> Table:
        names = self._names(table.name)
        renamed = parts.renamed_columns(replace(table, name=self._name(table.name)), names)
        renamed = replace(renamed, foreign_keys=tuple(map(self._referring, renamed.foreign_keys)))
        declared = self._tables.get(table.name)
        if declared is None:
            return renamed
        normal = self._normal.table(table.name)
        recognizer = Recognizer(
            declared,
            parts.renamed_columns(normal, names),
            spellings=self.found.spellings,
            implied=frozenset(i for owner, i in self.found.implied if owner == table.name),
            dialect=self.dialect,
        )
        return recognizer.table(renamed)

    def _referring(self, key: ForeignKey) -> ForeignKey:
        others = self._names(key.referred_table)
        return replace(
            key,
            referred_table=self._name(key.referred_table),
            referred_columns=parts.renamed(key.referred_columns, others),
        )

    def _objects(self) -> Iterator[Standalone]:
        """Yield the declared objects that are there, as they are where that can be told."""
        found = {identity(each): each for each in self.found.schema.objects}
        loose = {_loose(e.kind, e.name, e.table, self._name): e for e in self.found.unmanaged}
        for declared in self.declared.objects:
            if identity(declared) in found:
                there = found[identity(declared)]
                yield declared if _is_same(there, declared) else there
            elif self._is_listed(declared, loose) or self._is_unknown(declared):
                yield declared

    def _is_listed(self, thing: Standalone, loose: Collection[tuple[str, str, str]]) -> bool:
        return isinstance(thing, View | RawObject) and _key(thing) in loose

    def _is_unknown(self, thing: Standalone) -> bool:
        """Whether nobody could tell that it is missing, so that it is taken to be there."""
        if not isinstance(thing, RawObject) or thing.kind != "object":
            return False
        looked_at = {None, *(schema_of(each.name) for each in self.found.schema)}
        return _key(thing)[0] == "object" or schema_of(thing.name) not in looked_at


def _with_rows(table: Table, found: Schema, declared: Schema) -> Table:
    """Return a table that was found with its declared rows: no catalog knows any.

    As far as it has their columns, and what they refer to, unless that is left out of both.
    """
    there = declared.find_table(table.name)
    if there is None or there.rows is None or not {*there.rows.key} <= {*table.column_names}:
        return table
    referred = {ref.table for row in there.rows.rows for ref in row.refs}
    if any(name in declared and name not in found for name in referred):
        return table
    rows = tuple(row.part(table.column_names) for row in there.rows.rows)
    return replace(table, rows=Rows(there.rows.key, rows))


def _is_same(found: Standalone, declared: Standalone) -> bool:
    """Whether two virtual tables are alike but for the marks and the order of their words."""
    if isinstance(found, VirtualTable) and isinstance(declared, VirtualTable):
        return is_same(found, declared)
    return found == declared


def without_declared(found: Inspection, declared: Schema, dialect: Dialect) -> Inspection:
    """Return what was found without the unmanaged objects that are declared.

    The partitions of a table that is declared to have some are its own, whatever they are.
    """
    tables = {dialect.stored_name(table.name): table.name for table in declared}
    known = {_key(each) for each in declared.objects}

    def name(table: str) -> str:
        return tables.get(table, table)

    parted = {name for name, own in tables.items() if declared.table(own).options.partitions}
    left = [e for e in found.unmanaged if _loose(e.kind, e.name, e.table, name) not in known]
    left = [e for e in left if not (e.kind == "partition" and e.table in parted)]
    return replace(found, unmanaged=tuple(left))


def _key(thing: Standalone) -> tuple[str, str, str]:
    table = thing.table if isinstance(thing, RawObject) else ""
    kind = "view" if isinstance(thing, View) else kind_of(thing)
    if isinstance(thing, RawObject) and kind == "object":
        kind = _type_made(thing) or kind
    return kind, thing.name.lower(), table.lower()


def _type_made(thing: RawObject) -> str:
    """Return the kind of a type, in the words of :func:`_loose`, if SQL makes one of that name.

    Of any other object of the user's SQL nobody knows what it is.
    """
    words = rf'CREATE\s+(DOMAIN|TYPE)\s+(?:[\w"]+\.)?"?{re.escape(bare(thing.name))}"?\s'
    found = re.match(words, thing.statement("create", "postgres"), re.IGNORECASE)
    return {"DOMAIN": "domain", "TYPE": "enum"}[found[1].upper()] if found else ""


def _loose(kind: str, name: str, table: str, named: Callable[[str], str]) -> tuple[str, str, str]:
    """Return what tells an unmanaged object from others, as :func:`_key` does.

    A function may come with its arguments; a view hangs on no table.
    """
    plain = name.partition("(")[0] if kind in ("function", "procedure") else name
    words = {
        "materialized view": "view", "procedure": "function", "type": "enum",
        "virtual table": "virtual_table",
    }  # fmt: skip
    word = words.get(kind, kind)
    return word, plain.lower(), named(table).lower() if word == "trigger" else ""
