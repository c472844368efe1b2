"""Which part of a database is pulled: the tables that are asked for, and what reads them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from peewee_mig.declare import Declaration, Function, RawSQL, Trigger, View
from peewee_mig.dialects.base import Unmanaged
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import ForeignKey
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import VirtualTable

#: Any name in SQL, with the marks of every engine.
_NAMES = re.compile(r'"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|\[([^]]+)\]|([^\W\d][\w$]*)')


def matches(name: str, patterns: Sequence[str]) -> bool:
    """Whether a table is asked for: by its name, with or without its schema."""
    names = (name, bare(name))
    return not patterns or any(fnmatchcase(each, one) for each in names for one in patterns)


def chosen(schema: Schema, patterns: Sequence[str]) -> Schema:
    """Return the schema with the tables that are asked for, without keys to any other."""
    kept = (e for e in schema.objects if not isinstance(e, VirtualTable) or _is_kept(e, patterns))
    tables = (each for each in schema if matches(each.name, patterns))
    return sound(schema.with_tables(tables).with_objects(kept))


def sound(schema: Schema) -> Schema:
    """Return the schema without foreign keys that refer to no key of its tables."""
    return schema.with_tables(
        replace(table, foreign_keys=tuple(e for e in table.foreign_keys if _is_sound(e, schema)))
        for table in schema
    )


def chosen_beside(
    declared: Sequence[Declaration], whole: Schema, schema: Schema, patterns: Sequence[str]
) -> list[Declaration]:
    """Return what is declared beside the tables that are asked for; of all tables, all of it.

    Their triggers with the functions that these call; the types of their columns; views that are
    asked for or read such tables, if they read nothing else.
    """
    if not patterns:
        return [*declared]
    views = _views([e for e in declared if isinstance(e, View)], whole, schema, patterns)
    triggers = [e for e in declared if isinstance(e, Trigger) and e.table in schema]
    called = {name for each in triggers for name in _named(_sql(each))}
    types = _types(schema)
    return [
        each
        for each in declared
        if each in views
        or each in triggers
        or (isinstance(each, Function) and bare(each.name) in called)
        or (isinstance(each, RawSQL) and types & {each.name, bare(each.name), _place(each)})
    ]


def is_asked(thing: Unmanaged, schema: Schema, patterns: Sequence[str]) -> bool:
    """Whether what stands alone is asked for: by its name, as a view of tables or type of columns.

    That is, of those that are asked for.
    """
    if matches(thing.name, patterns):
        return True
    if thing.kind in ("domain", "type"):
        return bool({thing.name, bare(thing.name)} & _types(schema))
    is_view = thing.kind in ("view", "materialized view")
    return is_view and bool(_named(thing.detail) & set(map(bare, schema.names)))


def _is_kept(table: VirtualTable, patterns: Sequence[str]) -> bool:
    """Whether a virtual table is asked for, or what it reads."""
    return matches(table.name, patterns) or bool(table.source and matches(table.source, patterns))


def _is_sound(key: ForeignKey, schema: Schema) -> bool:
    referred = schema.find_table(key.referred_table)
    return referred is not None and {*key.referred_columns} in map(set, referred.keys)


def _views(
    views: Sequence[View], whole: Schema, schema: Schema, patterns: Sequence[str]
) -> list[View]:
    """Return the views that can be made with what is written; they may read each other."""
    known = _bare([*whole.names, *(each.name for each in views)])
    found: list[View] = []
    made = _bare(schema.names)
    while True:
        new = [
            each
            for each in views
            if each not in found
            and (read := _named(str(each.select)) & known) <= made
            and (read or matches(each.name, patterns))
        ]
        if not new:
            return found
        found += new
        made |= _bare(each.name for each in new)


def _types(schema: Schema) -> set[str]:
    """Return the names of the types of all columns, and of what arrays hold."""
    return {column.type.element.name for table in schema for column in table.columns}


def _bare(names: Iterable[str]) -> set[str]:
    return {bare(name) for name in names}


def _named(sql: str) -> set[str]:
    """Return every name and word of a statement, without its marks."""
    return {"".join(parts) for parts in _NAMES.findall(sql)}


def _sql(trigger: Trigger) -> str:
    return trigger.create or trigger.postgres or trigger.mysql or trigger.sqlite


def _place(type_: RawSQL) -> str:
    """Return the name of a type as columns spell it."""
    return str(type_.drop).split(" ", 2)[2]
