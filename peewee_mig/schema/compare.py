"""How two schemas differ, in words: for findings, never for migrations (that is `diff`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from peewee_mig.schema.codec import canonical, row_to_json, to_json
from peewee_mig.schema.objects import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.rows import Row, Value
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import Standalone, View, identity
from peewee_mig.schema.words import (
    column_words,
    index_words,
    options_words,
    primary_key_words,
    unique_words,
)

#: An object of a table.
Part = Column | PrimaryKey | Index | ForeignKey | Check | Unique | Exclusion | Options


@dataclass(frozen=True, slots=True)
class Difference:
    """An object on both sides; ``None`` where it is not there.

    ``table``: the one that it is, or belongs to; the name of what stands beside the tables.
    """

    table: str
    expected: Table | Part | Row | Standalone | None
    found: Table | Part | Row | Standalone | None
    words: str

    @property
    def exact(self) -> str:
        """The words, with the definition of what is not expected: a change of it shows."""
        if self.expected is not None or self.found is None:
            return self.words
        return f"{self.words}: {_definition(self.found)}"


def difference(expected: Schema, found: Schema) -> list[str]:
    """Say what ``found`` has otherwise than expected: one line each, by table; [] if equal."""
    return [each.words for each in differences(expected, found)]


def differences(expected: Schema, found: Schema) -> list[Difference]:
    """Return what ``found`` has otherwise than expected, by table, then beside the tables."""
    differing: list[Difference] = []
    for name in sorted(expected.names | found.names):
        one, other = expected.find_table(name), found.find_table(name)
        if one is None:
            differing.append(Difference(name, None, other, f"table {name} is not expected"))
        elif other is None:
            differing.append(Difference(name, one, None, f"table {name} is missing"))
        elif one is not other and one != other:  # most are the same object
            differing += _table_differences(one, other)
    return differing + list(_object_differences(expected, found))


def _table_differences(expected: Table, found: Table) -> Iterator[Difference]:
    one, other = _parts(expected), _parts(found)
    for label in [*one, *(label for label in other if label not in one)]:
        old, new = one.get(label), other.get(label)
        if old != new:
            yield Difference(expected.name, old, new, _words(label, old, new))
    yield from _row_differences(expected, found)


def _row_differences(expected: Table, found: Table) -> Iterator[Difference]:
    """Compare reference rows by the key that is expected, or else the one that was found."""
    known = expected.rows or found.rows
    if known is None or expected.rows == found.rows:
        return
    one, other = (
        {row.part(known.key): row for row in rows.rows} if rows else {}
        for rows in (expected.rows, found.rows)
    )
    for key in [*one, *(key for key in other if key not in one)]:
        old, new = one.get(key), other.get(key)
        if old != new:
            label = f"the reference row ({key}) of {expected.name}"
            yield Difference(expected.name, old, new, _row_words(label, old, new))
    keys = [rows.key for rows in (expected.rows, found.rows) if rows]
    if len({*keys}) > 1:
        words = f"the key of the reference rows of {expected.name} is {', '.join(keys[1])}"
        yield Difference(expected.name, None, None, f"{words}, expected {', '.join(keys[0])}")


def _row_words(label: str, expected: Row | None, found: Row | None) -> str:
    if expected is None or found is None:
        return _words(label, expected, found)
    old, new = dict(expected.values), dict(found.values)
    differing = [
        n for n in sorted({*old, *new}) if old.get(n) != new.get(n) or (n in old) != (n in new)
    ]
    said = ", ".join(f"{name} {_shown(name, new)}" for name in differing)
    return f"{label} has {said}, expected {', '.join(_shown(name, old) for name in differing)}"


def _shown(name: str, values: Mapping[str, Value]) -> str:
    return str(Row(((name, values[name]),))) if name in values else "undeclared"


def _object_differences(expected: Schema, found: Schema) -> Iterator[Difference]:
    one = {identity(each): each for each in expected.objects}
    other = {identity(each): each for each in found.objects}
    for key in sorted(one.keys() | other.keys()):
        old, new = one.get(key), other.get(key)
        if old != new:
            kind, table, name = key
            label = f"{kind.replace('_', ' ')} {name}{f' on {table}' if table else ''}"
            yield Difference(table or name, old, new, _words(label, old, new))


def _words(
    label: str, expected: Part | Row | Standalone | None, found: Part | Row | Standalone | None
) -> str:
    if found is None:
        return f"{label} is missing"
    if expected is None:
        return f"{label} is not expected"
    return f"{label} is {_definition(found)}, expected {_definition(expected)}"


def _parts(table: Table) -> dict[str, Part]:
    """Map the label of each object of the table to it."""
    parts: dict[str, Part] = {f"column {table.name}.{each.name}": each for each in table.columns}
    if table.primary_key is not None:
        parts[f"the primary key of {table.name}"] = table.primary_key
    for index in sorted(table.indexes, key=lambda index: index.name):
        parts[f"index {index.name} of {table.name}"] = index
    for key in sorted(table.foreign_keys, key=lambda key: key.columns):
        parts[f"the foreign key of {table.name} on ({_listed(key.columns)})"] = key
    for unique in sorted(table.uniques, key=lambda each: each.columns):
        parts[f"the unique constraint of {table.name} on ({_listed(unique.columns)})"] = unique
    constraints: list[Check | Exclusion] = [*table.checks, *table.exclusions]
    for each in sorted(constraints, key=lambda each: each.name or each.expression.text):
        kind = "check" if isinstance(each, Check) else "exclusion"
        parts[f"{kind} {each.name or f'({each.expression})'} of {table.name}"] = each
    parts[f"the options of {table.name}"] = table.options
    return parts


def _listed(columns: tuple[str, ...]) -> str:
    """List columns so that no other ones read the same."""
    return ", ".join(f'"{name}"' if "," in name or '"' in name else name for name in columns)


def _definition(thing: Table | Part | Row | Standalone) -> str:
    match thing:
        case Table():
            parts = {label: each for label, each in _parts(thing).items() if each != Options()}
            return ", ".join(f"{label} {_definition(each)}" for label, each in parts.items())
        case Column():
            return column_words(thing)
        case PrimaryKey():
            return primary_key_words(thing)
        case Index():
            return _index(thing)
        case ForeignKey():
            return _foreign_key(thing)
        case _:
            return _other(thing)


def _other(thing: Check | Unique | Exclusion | Options | Row | Standalone) -> str:
    match thing:
        case Row():
            return canonical(row_to_json(thing))
        case Check() | Exclusion():
            return str(thing.expression)
        case Unique():
            return unique_words(thing) + _named(thing.name)
        case Options():
            return options_words(thing)
        case View():
            needs = f" (needs {', '.join(thing.needs)})" if thing.needs else ""
            return f"{'materialized ' if thing.materialized else ''}{thing.select}{needs}"
        case _:
            return canonical(to_json(thing))


def _index(index: Index) -> str:
    words = f"{'unique ' if index.unique else ''}{index_words(index)}"
    return f"{words} with a name of the user's" if index.named else words


def _foreign_key(key: ForeignKey) -> str:
    words = f"to {key.referred_table} ({', '.join(key.referred_columns)})"
    words += f" ON DELETE {key.on_delete}" if key.on_delete else ""
    words += f" ON UPDATE {key.on_update}" if key.on_update else ""
    words += f" DEFERRABLE {key.deferrable}" if key.deferrable else ""
    return words + _named(key.name)


def _named(name: str | None) -> str:
    return f" named {name}" if name else ""
