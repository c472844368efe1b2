"""What the models of a schema are called, and which foreign keys are fields: decided once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import Column, ForeignKey, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.sources.written import naming

#: A place: a table and one of its columns.
Place = tuple[str, str]

#: Options that stand in the type of a column, so that a key takes them from what it refers to.
_OF_TYPE = ("UNSIGNED", "ZEROFILL", "CHARACTER SET")


@dataclass(frozen=True, slots=True)
class Through:
    """A table that only joins two others: a many-to-many relation of the first with the second."""

    table: str
    owner: str
    other: str
    attribute: str
    backref: str


@dataclass(frozen=True, slots=True)
class Book:
    """Names for the models of a schema.

    ``relations``: the foreign keys that are fields, by their one column; ``backrefs``: what the
    other side calls them; ``ids``: names for the raw value, where the usual one is taken.
    """

    classes: Mapping[str, str]
    attributes: Mapping[Place, str]
    relations: Mapping[Place, ForeignKey]
    backrefs: Mapping[Place, str]
    ids: Mapping[Place, str]
    throughs: tuple[Through, ...] = ()
    #: (table, columns) of each primary key: what a key refers to without saying so.
    alone: frozenset[tuple[str, tuple[str, ...]]] = frozenset()

    def attribute(self, table: str, column: str) -> str:
        """Return the attribute of a column."""
        return self.attributes[table, column]


def book_of(schema: Schema, prefix: str = "") -> Book:
    """Choose all names for a schema; ``prefix``: of tables, left out of what is named for them."""
    plain = {table.name: _plain(table.name, prefix) for table in schema}
    classes = _classes(plain)
    relations = {
        (table.name, key.columns[0]): key
        for table in schema
        for key in table.foreign_keys
        if is_relation(schema, table, key)
    }
    attributes: dict[Place, str] = {}
    ids: dict[Place, str] = {}
    for table in schema:
        for column, name, own_id in _attributes(table, relations, {*classes.values()}):
            attributes[table.name, column] = name
            if own_id:
                ids[table.name, column] = own_id
    taken = _taken(schema, attributes, ids)
    backrefs = dict(_backrefs(relations, attributes, taken, plain))
    throughs = tuple(_throughs(schema, relations, taken, plain))
    alone = {(table.name, table.primary_key.columns) for table in schema if table.primary_key}
    return Book(classes, attributes, relations, backrefs, ids, throughs, frozenset(alone))


def is_relation(schema: Schema, table: Table, key: ForeignKey) -> bool:
    """Whether a foreign key can be a field: its column has the type of what it refers to."""
    referred = schema.find_table(key.referred_table)
    if referred is None or len(key.columns) > 1:
        return False
    own, other = table.column(key.columns[0]), referred.find_column(key.referred_columns[0])
    if other is None or key.referred_columns not in referred.keys or own.computed:
        return False
    if _is_endless(schema, table, key):
        return False
    return own.type == other.type.plain and options_of_type(own) == options_of_type(other)


def _is_endless(schema: Schema, table: Table, key: ForeignKey) -> bool:
    """Whether keys lead from a column back to itself: then it has no type of its own."""
    seen: set[Place] = set()
    place, found = (table.name, key.columns[0]), [key]
    while found and place not in seen:
        seen.add(place)
        place = (found[0].referred_table, found[0].referred_columns[0])
        referred = schema.find_table(place[0])
        keys = referred.foreign_keys if referred else ()
        found = [each for each in keys if each.columns == (place[1],)]
    return bool(found)


def options_of_type(column: Column) -> tuple[str, ...]:
    """Return the options that are part of the type of a column."""
    return tuple(word for word in column.options if word.startswith(_OF_TYPE))


def _classes(plain: Mapping[str, str]) -> dict[str, str]:
    wanted = [naming.class_name(name) for name in plain.values()]
    deferred = [deferred_name(each) for each in wanted]
    return dict(zip(plain, naming.distinct(wanted, deferred), strict=True))


def deferred_name(class_: str) -> str:
    """Return what stands for the class of a table that joins two, before it is made."""
    return f"{class_}Deferred"


def _plain(table: str, prefix: str) -> str:
    name = bare(table)
    left = name.removeprefix(prefix)
    return left if prefix and left.strip("_") else name


def _attributes(
    table: Table, relations: Mapping[Place, ForeignKey], classes: set[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield each column, its attribute, and the name of its raw value if it must have one.

    No attribute is called as another column, since Peewee looks for both in one place, or as a
    class, which it would hide from the lines below.
    """
    names = [column.name for column in table.columns]
    keys = {name for name in names if (table.name, name) in relations}
    plain = [naming.attribute(name) for name in names]
    used = {name for name, column in zip(plain, names, strict=True) if column not in keys}
    chosen: list[str] = []
    for column, name in zip(names, plain, strict=True):
        others = ({*names} - {column}) | classes | {*chosen}
        short = name.removesuffix("_id") if column in keys else name
        wanted = name if short in used | others or not short else naming.attribute(short)
        free = used if column in keys else used - {name}
        chosen.append(naming.free(wanted, free | others))
    for column, name in zip(names, chosen, strict=True):
        own_id = _own_id(column, name, {*chosen, *names} - {name, column}) if column in keys else ""
        yield column, name, own_id


def _own_id(column: str, chosen: str, used: set[str]) -> str:
    usual = f"{column}_id" if column == chosen else column
    if usual.isidentifier() and usual not in used and naming.attribute(usual) == usual:
        return ""
    return next(n for n in (f"{chosen}_id", naming.free(f"{chosen}_key", used)) if n not in used)


def _taken(
    schema: Schema, attributes: Mapping[Place, str], ids: Mapping[Place, str]
) -> dict[str, set[str]]:
    """Return the attributes that each model has, and those that Peewee makes of its keys."""
    taken: dict[str, set[str]] = {table.name: set() for table in schema}
    for (table, column), name in attributes.items():
        taken[table] |= {name, column, f"{name}_id", ids.get((table, column), name)}
    return taken


def _backrefs(
    relations: Mapping[Place, ForeignKey],
    attributes: Mapping[Place, str],
    taken: Mapping[str, set[str]],
    plain: Mapping[str, str],
) -> Iterator[tuple[Place, str]]:
    """Yield what the other side of each key calls it: ``posts``, or ``author_posts`` of two."""
    pairs = Counter((table, key.referred_table) for (table, _), key in relations.items())
    for (table, column), key in relations.items():
        many = _many(plain[table])
        several = pairs[table, key.referred_table] > 1 or table == key.referred_table
        wanted = f"{attributes[table, column]}_{many}" if several else many
        found = naming.free(naming.attribute(wanted), taken[key.referred_table])
        taken[key.referred_table].add(found)
        yield (table, column), found


def _throughs(
    schema: Schema,
    relations: Mapping[Place, ForeignKey],
    taken: Mapping[str, set[str]],
    plain: Mapping[str, str],
) -> Iterator[Through]:
    for table in schema:
        keys = [key for (owner, _), key in relations.items() if owner == table.name]
        if not _joins_two(table, keys):
            continue
        one, other = keys[0].referred_table, keys[1].referred_table
        name = naming.free(_many(plain[other]), taken[one])
        taken[one].add(name)
        back = naming.free(_many(plain[one]), taken[other])
        taken[other].add(back)
        yield Through(table.name, one, other, name, back)


def _many(table: str) -> str:
    """Return an attribute for many rows of a table."""
    return naming.attribute(naming.plural(naming.attribute(table)))


def _joins_two(table: Table, keys: list[ForeignKey]) -> bool:
    """Whether a table has nothing but two keys to two tables, each pair once."""
    if len(keys) != 2 or keys[0].referred_table == keys[1].referred_table:  # noqa: PLR2004 (two)
        return False
    pair = {column for key in keys for column in key.columns}
    rest = [column for column in table.columns if column.name not in pair]
    alone = not rest or (len(rest) == 1 and rest[0].type.auto)
    once = any({*key} == pair for key in table.keys)
    whole = all(key.referred_table != table.name and column_is_needed(table, key) for key in keys)
    return alone and once and whole


def column_is_needed(table: Table, key: ForeignKey) -> bool:
    """Whether the column of a key takes no NULL."""
    return not table.column(key.columns[0]).null
