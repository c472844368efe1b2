"""Reference rows as the text of a migration module."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from peewee_mig.history.render_own import names
from peewee_mig.layout import Group, Node, byte, call, quoted, string
from peewee_mig.operations.verbs import ChangeRows, Scalar
from peewee_mig.schema.rows import Generated, Ref, Row, Rows, Value


def changed_rows(word: str, operation: ChangeRows) -> Node:
    """Spell a change of reference rows."""
    arguments: list[Node] = [string(operation.table)]
    if operation.former:
        sides = {"old": names(operation.former), "new": names(operation.key)}
        return call(word, arguments, sides)
    if operation.pairs:
        pairs = [
            Group("(", tuple(("", _row(each, operation.key)) for each in pair), ")")
            for pair in operation.pairs
        ]
        arguments += [names(operation.key), _lines(pairs)]
    else:
        arguments += rows_of(Rows(operation.key, operation.old or operation.new))
    return call(word, arguments, {"over": "True"} if operation.over else {})


def rows_of(rows: Rows) -> list[Node]:
    """Spell the key of rows, and the rows, one a line."""
    return [names(rows.key), _lines(_row(each, rows.key) for each in rows.rows)]


def _lines(rows: Iterable[Node]) -> Node:
    """List rows, one a line."""
    return Group("[", tuple(("", each) for each in rows), "]", expanded=True)


def _row(row: Row, key: Sequence[str] = ()) -> Node:
    """Spell a row as a dictionary, its key first."""
    values = dict(row.values)
    names = [*(name for name in key if name in values), *(n for n in values if n not in key)]
    items = tuple((f"{string(name)}: ", _row_value(values[name])) for name in names)
    return Group("{", items, "}")


def _row_value(value: Value) -> Node:
    if isinstance(value, Ref):
        return call("ref", [string(value.table), string(value.column), _row(value.key)])
    if isinstance(value, Generated):
        return call(value.function, [])
    return "None" if value is None else scalar(value)


def scalar(value: Scalar) -> str:
    """Spell a value."""
    match value:
        case str():
            return string(value)
        case bytes():
            return "b" + quoted("".join(byte(each) for each in value))
        case float():
            return repr(value).replace("e+", "e")
        case _:
            return repr(value)
