"""What the user wrote, as text of a migration module: SQL and functions, by engine."""

from __future__ import annotations

from collections.abc import Sequence

from peewee_mig.layout import Group, Node, call, listed, string
from peewee_mig.operations.verbs import BySQL, RunPython, RunSQL, StatementsBy


def run_sql(operation: RunSQL, effect: Sequence[Node] = ()) -> Node:
    """Spell statements of the user's, with the operations that say their effect."""
    keywords: dict[str, Node] = {}
    if operation.backward is not None:
        keywords["backward"] = _statements(operation.backward, operation.backwards)
    if effect:
        keywords["effect"] = Group("[", tuple(("", each) for each in effect), "]")
    forward = _statements(operation.forward, operation.forwards)
    return call("run_sql", [forward], keywords | _said(operation))


def _statements(for_all: tuple[str, ...], by: StatementsBy) -> Node:
    if not by:
        return names(for_all)
    pairs = [*([("", for_all)] if for_all else []), *by]
    return Group("{", tuple((f"{string(engine)}: ", names(some)) for engine, some in pairs), "}")


def run_python(operation: RunPython) -> Node:
    """Spell the call of functions of the file."""
    keywords: dict[str, Node] = {}
    if operation.backward is not None:
        keywords["backward"] = _functions(operation.backward)
    return call("run_python", [_functions(operation.forward)], keywords | _said(operation))


def _functions(by: BySQL) -> Node:
    """Name the functions as the module knows them."""
    if [engine for engine, _ in by] == [""]:
        return by[0][1]
    items = tuple((f"{string(engine)}: ", name) for engine, name in by)
    return Group("{", items, "}") if items else "[]"


def _said(operation: RunSQL | RunPython) -> dict[str, Node]:
    touches = operation.touches
    said: dict[str, Node] = {} if touches is None else {"touches": listed(touches)}
    return said | ({"elidable": "True"} if operation.elidable else {})


def names(given: Sequence[str]) -> Node:
    """Spell one name, or a list of them."""
    return string(given[0]) if len(given) == 1 else listed(given)
