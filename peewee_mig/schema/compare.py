"""How two schemas differ, in words: for findings, never for migrations (that is `diff`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.schema import Schema

#: An object of a table.
Part = Column | PrimaryKey | Index | ForeignKey


@dataclass(frozen=True, slots=True)
class Difference:
    """An object of a table (or the table) on both sides; ``None`` where it is not there."""

    table: str
    expected: Table | Part | None
    found: Table | Part | None
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
    """Return what ``found`` has otherwise than expected, by table."""
    differing: list[Difference] = []
    for name in sorted(expected.names | found.names):
        one, other = expected.find_table(name), found.find_table(name)
        if one is None:
            differing.append(Difference(name, None, other, f"table {name} is not expected"))
        elif other is None:
            differing.append(Difference(name, one, None, f"table {name} is missing"))
        elif one is not other and one != other:  # most are the same object
            differing += _table_differences(one, other)
    return differing


def _table_differences(expected: Table, found: Table) -> Iterator[Difference]:
    one, other = _parts(expected), _parts(found)
    for label in [*one, *(label for label in other if label not in one)]:
        old, new = one.get(label), other.get(label)
        if old != new:
            yield Difference(expected.name, old, new, _words(label, old, new))


def _words(label: str, expected: Part | None, found: Part | None) -> str:
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
        parts[f"the foreign key of {table.name} on ({', '.join(key.columns)})"] = key
    return parts


def _definition(part: Table | Part) -> str:
    match part:
        case Table():
            parts = _parts(part).items()
            return ", ".join(f"{label} {_definition(each)}" for label, each in parts)
        case Column():
            return _column(part)
        case PrimaryKey():
            return _primary_key(part)
        case Index():
            return _index(part)
        case ForeignKey():
            return _foreign_key(part)
        case _:
            assert_never(part)


def _column(column: Column) -> str:
    return f"{column.type} {'NULL' if column.null else 'NOT NULL'}"


def _primary_key(key: PrimaryKey) -> str:
    return f"({', '.join(key.columns)})"


def _index(index: Index) -> str:
    words = f"{'unique ' if index.unique else ''}({', '.join(index.columns)})"
    return f"{words} with a name of the user's" if index.named else words


def _foreign_key(key: ForeignKey) -> str:
    words = f"to {key.referred_table} ({', '.join(key.referred_columns)})"
    words += f" ON DELETE {key.on_delete}" if key.on_delete else ""
    words += f" ON UPDATE {key.on_update}" if key.on_update else ""
    return words + (f" named {key.name}" if key.name else "")
