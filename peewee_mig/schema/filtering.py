"""Which tables and views are managed at all: the settings ``include`` and ``exclude``. Pure.

What is left out is neither made, changed, dropped nor compared. A foreign key of a managed table
to a table that is left out stays a key: so that every schema with it is whole, such tables are
*outside*: the same on both sides of a comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import (
    EnumType,
    RawObject,
    Sequence,
    Standalone,
    View,
    VirtualTable,
)

Kind = Literal["table", "view"]

#: A pattern of names (``audit_*``, ``billing.*``), or a function of the user's.
Rule = str | Callable[[Kind, str], bool]


@dataclass(frozen=True, slots=True)
class Filter:
    """``include``: what is managed, everything if empty; ``exclude`` is taken from that."""

    include: tuple[Rule, ...] = ()
    exclude: tuple[Rule, ...] = ()

    def __bool__(self) -> bool:
        """Whether it can leave anything out."""
        return bool(self.include or self.exclude)

    def leaves_out(self, kind: Kind, name: str) -> bool:
        """Whether a table or view is left out; ``name``: with its schema if it says one."""
        if self.include and not _applies(self.include, kind, name):
            return True
        return _applies(self.exclude, kind, name)

    def leaves_out_object(self, thing: Standalone) -> bool:
        """Whether an object beside the tables is left out; a trigger is with its table."""
        match thing:
            case View(name=name):
                return self.leaves_out("view", name)
            case VirtualTable(name=name):
                return self.leaves_out("table", name)
            case RawObject(table=table):
                return self.hangs_out(table)
            case _:
                return False

    def hangs_out(self, table: str) -> bool:
        """Whether what hangs on a table or view is left out; not if it hangs on nothing."""
        return bool(table) and (self.leaves_out("table", table) or self.leaves_out("view", table))

    def managed(self, schema: Schema) -> Schema:
        """Return a schema without what is left out; keys to that stay."""
        if not self:
            return schema
        return Schema.of(
            (each for each in schema if not self.leaves_out("table", each.name)),
            (each for each in schema.objects if not self.leaves_out_object(each)),
        )

    def outside(self, schema: Schema) -> Schema:
        """Return what is left out of a schema, without its keys to managed tables."""
        if not self:
            return Schema()
        tables = [each for each in schema if self.leaves_out("table", each.name)]
        names = {each.name for each in tables}
        return Schema.of(
            (_with_keys_to(names, each) for each in tables),
            (each for each in schema.objects if self.leaves_out_object(each)),
        )


#: Leaves nothing out.
EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Sides:
    """Two schemas to be compared: what is left out is the same in both.

    ``unknown``: tables that are left out, that keys of ``after`` refer to, and that nobody had
    on the side before.
    """

    before: Schema
    after: Schema
    unknown: tuple[Table, ...] = ()


def sides(before: Schema, after: Schema, without: Filter) -> Sides:
    """Return two schemas of which only the managed parts can differ.

    ``after`` may hold tables that are left out, as far as keys need them.
    """
    if not without:
        return Sides(before, after)
    known = without.outside(before)
    managed = without.managed(after)
    missing = referred(managed) - known.names
    unknown = tuple(each for each in without.outside(after) if each.name in missing)
    both = (*known, *unknown)
    held = [e for e in before.objects if managed.find_object(e) is None and _is_held(e, known)]
    return Sides(
        _joined(without.managed(before), both, known.objects),
        _joined(managed, both, (*known.objects, *held)),
        unknown,
    )


def _is_held(thing: Standalone, tables: Schema) -> bool:
    """Whether columns have a type, or a sequence."""
    columns = [column for table in tables for column in table.columns]
    if isinstance(thing, EnumType):
        return any(column.type.name.replace('"', "") == thing.name for column in columns)
    is_sequence = isinstance(thing, Sequence)
    return is_sequence and any(column.sequence == thing.name for column in columns)


def joined(schema: Schema, outside: Schema, names: Iterable[str]) -> Schema:
    """Return a schema with those tables of another one that have a name."""
    wanted = set(names)
    return _joined(schema, [e for e in outside if e.name in wanted and e.name not in schema], ())


def referred(schema: Schema) -> frozenset[str]:
    """Return the names of the tables that foreign keys refer to."""
    return frozenset(key.referred_table for table in schema for key in table.foreign_keys)


def key_table(table: Table) -> Table:
    """Return as much of a table as foreign keys to it need: what is unique, and its columns."""
    needed = {name for key in table.keys for name in key}
    return Table(
        table.name,
        tuple(each for each in table.columns if each.name in needed) or table.columns,
        table.primary_key,
        indexes=tuple(each for each in table.indexes if each.key),
        uniques=table.uniques,
    )


def _applies(rules: Iterable[Rule], kind: Kind, name: str) -> bool:
    return any(_says(rule, kind, name) for rule in rules)


def _says(rule: Rule, kind: Kind, name: str) -> bool:
    if isinstance(rule, str):
        return any(fnmatchcase(each, rule) for each in (name, bare(name)))
    return rule(kind, name)


def _with_keys_to(names: Iterable[str], table: Table) -> Table:
    known = set(names)
    kept = tuple(each for each in table.foreign_keys if each.referred_table in known)
    return replace(table, foreign_keys=kept)


def _joined(schema: Schema, tables: Iterable[Table], objects: Iterable[Standalone]) -> Schema:
    return Schema.of((*schema, *tables), (*schema.objects, *objects))
