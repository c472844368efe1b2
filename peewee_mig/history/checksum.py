"""The checksum of a migration: what it does, whatever its file looks like.

It is taken over our own canonical form: the operations as JSON, and the syntax trees of the
Python code beside them (functions of data migrations). A tree, unlike tokens, does not
change when a formatter wraps a line, moves a comma or joins strings; it is spelled by us
because ``ast.dump`` changes from one Python to the next.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

from peewee_mig.layout import parsed
from peewee_mig.operations.codec import operation_to_json
from peewee_mig.operations.verbs import Operation
from peewee_mig.schema.codec import Json, digest

#: Assignments of the file format; they count as values or not at all, never as code.
NAMES = frozenset(
    ("format", "depends_on", "operations", "atomic", "allow", "was", "replaces"),
)

#: What may be said later of an operation of the user's, and both sides of two that are apart.
_HINTS, _SIDES = ("touches", "elidable"), ("schema", "database")

#: Fields of syntax trees that hold layout, or that only some versions of Python fill.
_IGNORED = frozenset(("ctx", "kind", "type_comment", "type_ignores"))


def checksum(
    operations: Iterable[Operation], *, atomic: bool | None, source: bytes, version: int
) -> str:
    """Return the sha256 of what counts; ``source`` is a module that compiles."""
    data: dict[str, object] = {"format": version, "operations": [*map(_counted, operations)]}
    if atomic is not None:
        data["atomic"] = atomic
    code = [_tree(node) for node in parsed(source).body if _counts(node)]
    return digest({**data, "code": code} if code else data)


def _counted(operation: Operation) -> Json:
    """Encode an operation; of one of a third party what was called, not how it spells its SQL."""
    data = operation_to_json(operation)
    origin = data.get("origin")
    if origin is None:
        return _told(data)
    called = {key: value for key, value in origin.items() if key != "hazards"}
    return {"op": data["op"], "schema": data["schema"], "origin": called}


def code(statements: Iterable[ast.stmt]) -> list[Any]:
    """Spell statements of Python as JSON, without what does not count."""
    return [_tree(each) for each in statements if _counts(each)]


def _told(operation: Json) -> Json:
    """Return an operation without what others are told of it: it does the same without."""
    if operation["op"] in ("run_sql", "run_python"):
        return {key: part for key, part in operation.items() if key not in _HINTS}
    if operation["op"] == "apart":
        return operation | {side: list(map(_told, operation[side])) for side in _SIDES}
    return operation


def _counts(node: ast.stmt) -> bool:
    """Whether a statement is code, not a docstring, an import or part of the format."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom():
            return False
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name not in NAMES
        case _:
            return True


def _tree(value: Any) -> Any:  # noqa: ANN401 (whatever a syntax tree holds)
    """Spell a part of a syntax tree as JSON."""
    match value:
        case ast.Constant(value=str() as text):
            return text
        case ast.Constant(value=constant):
            return [type(constant).__name__, repr(constant)]
        case ast.AST():
            parts = {name: _field(value, name) for name in value._fields if name not in _IGNORED}
            set_ = {name: part for name, part in parts.items() if part not in (None, [])}
            return {type(value).__name__: set_}
        case list():
            return [_tree(each) for each in value]
        case _:
            return value


def _field(node: ast.AST, name: str) -> Any:  # noqa: ANN401 (as above)
    value: Any = getattr(node, name, None)
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() if name == "body":
            return _tree(value[1:] if ast.get_docstring(node, clean=False) is not None else value)
        case ast.JoinedStr() if name == "values":
            # Python 3.12 puts empty texts into f-strings where others put none.
            return [part for part in map(_tree, value) if part != ""]
        case _:
            return _tree(value)
