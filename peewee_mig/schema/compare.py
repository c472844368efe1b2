"""How two schemas differ, in words: for findings, never for migrations (that is `diff`)."""

from __future__ import annotations

from collections.abc import Iterator

from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Schema, Table


def difference(expected: Schema, found: Schema) -> list[str]:
    """Say what ``found`` has otherwise than expected: one line each, by table; [] if equal."""
    lines: list[str] = []
    for name in sorted(expected.names | found.names):
        one, other = expected.find_table(name), found.find_table(name)
        if one is None:
            lines.append(f"table {name} is not expected")
        elif other is None:
            lines.append(f"table {name} is missing")
        elif one is not other and one != other:  # most are the same object
            lines += _table_difference(one, other)
    return lines


def _table_difference(expected: Table, found: Table) -> Iterator[str]:
    one, other = _parts(expected), _parts(found)
    for label in [*one, *(label for label in other if label not in one)]:
        if label not in other:
            yield f"{label} is missing"
        elif label not in one:
            yield f"{label} is not expected"
        elif one[label] != other[label]:
            yield f"{label} is {other[label]}, expected {one[label]}"


def _parts(table: Table) -> dict[str, str]:
    """Map the label of each object of the table to its definition in words."""
    parts = {f"column {table.name}.{each.name}": _column(each) for each in table.columns}
    if table.primary_key is not None:
        parts[f"the primary key of {table.name}"] = _primary_key(table.primary_key)
    for index in sorted(table.indexes, key=lambda index: index.name):
        parts[f"index {index.name} of {table.name}"] = _index(index)
    for key in sorted(table.foreign_keys, key=lambda key: key.columns):
        label = f"the foreign key of {table.name} on ({', '.join(key.columns)})"
        parts[label] = _foreign_key(key)
    return parts


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
