"""Operations as JSON: the standard words of the field, and back.

``{"op": "add_column", "table": ..., "column": ..., "definition": {...}}``: the same form in
``generate --json``, in the history table and under the checksum of a migration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, assert_never, cast, get_args

from peewee_mig.errors import SchemaError
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Alterable,
    Apart,
    BySQL,
    ChangeRows,
    Constant,
    Copy,
    Drop,
    Fill,
    Function,
    Generated,
    Object,
    Operation,
    Origin,
    Rename,
    RenameKind,
    RunPython,
    RunSQL,
    StatementsBy,
)
from peewee_mig.schema import codec
from peewee_mig.schema.codec import Json
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
from peewee_mig.schema.standalone import RawKind, Standalone, kind_of

#: Kind of object -> its word in the name of an operation.
KINDS: dict[type[Object | Options], str] = {
    Table: "table",
    Column: "column",
    PrimaryKey: "primary_key",
    Index: "index",
    ForeignKey: "foreign_key",
    Check: "check",
    Unique: "unique",
    Exclusion: "exclusion",
    Options: "options",
}
#: Words of what stands beside the tables.
STANDALONE = ("view", "virtual_table", "sequence", "enum", *get_args(RawKind))
#: What has a word of its own.
_WORDS: dict[type[Operation], str] = {
    Copy: "copy_values",
    RunSQL: "run_sql",
    RunPython: "run_python",
    Apart: "apart",
}
#: What is created, not added.
_CREATED = frozenset({"table", "index", *STANDALONE})
_KIND_OF_WORD = {word: kind for kind, word in KINDS.items()}
_ROWS = ("insert_rows", "update_rows", "delete_rows", "change_row_key")
_WAYS = ("using", "using_back")
_RENAMES_WHOLE = ("rename_table", "rename_virtual_table")


def word_of(operation: Operation) -> str:
    """Return the standard word of an operation, such as ``add_column``."""
    match operation:
        case Add():
            kind = _kind_word(operation.object)
            return f"{'create' if kind in _CREATED else 'add'}_{kind}"
        case Drop():
            return f"drop_{_kind_word(operation.object)}"
        case Alter():
            return f"alter_{_kind_word(operation.old)}"
        case Rename():
            return f"rename_{operation.kind}"
        case Copy() | RunSQL() | RunPython() | Apart():
            return _WORDS[type(operation)]
        case ChangeRows():
            return _rows_word(operation)
        case _:
            assert_never(operation)


def _rows_word(operation: ChangeRows) -> str:
    if operation.former:
        return "change_row_key"
    return "update_rows" if operation.pairs else "delete_rows" if operation.old else "insert_rows"


def _kind_word(thing: Object | Options) -> str:
    return kind_of(thing) if isinstance(thing, Standalone) else KINDS[type(thing)]


def operations_to_json(operations: Iterable[Operation]) -> list[Json]:
    """Encode operations."""
    return [operation_to_json(operation) for operation in operations]


def operations_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[Operation, ...]:
    """Decode operations; :exc:`SchemaError` for what is none."""
    return tuple(
        codec.decoding(operation_from_json, each, where=f"operation {number}")
        for number, each in enumerate(data, 1)
    )


def operation_to_json(operation: Operation) -> Json:
    """Encode an operation."""
    data: Json = {"op": word_of(operation)}
    match operation:
        case Add() | Drop():
            data |= {"table": operation.table, **_identity(operation.object)}
            data["definition"] = codec.to_json(operation.object)
        case Alter():
            data |= {"table": operation.table, **_identity(operation.old)}
            data |= {"old": codec.to_json(operation.old), "new": codec.to_json(operation.new)}
            for way in _WAYS:
                if sql := getattr(operation, way):
                    data[way] = [list(pair) for pair in sql]
        case Rename() if operation.whole:
            data |= {"old": operation.old, "new": operation.new}
        case Rename():
            data |= {"table": operation.table, "old": operation.old, "new": operation.new}
        case Copy() | RunSQL() | RunPython() | Apart():
            data |= _other_to_json(operation)
        case ChangeRows():
            data |= _rows_to_json(operation)
        case _:
            assert_never(operation)
    if isinstance(operation, Add | Alter) and operation.fill is not None:
        data["fill"] = fill_to_json(operation.fill)
    return data


def _other_to_json(operation: Copy | RunSQL | RunPython | Apart) -> Json:
    match operation:
        case Copy():
            data: Json = {"table": operation.table, "column": operation.column}
            data |= {"source": operation.source, "source_column": operation.source_column}
            return data | {"on": [list(pair) for pair in operation.on], "back": operation.back}
        case RunSQL() | RunPython():
            return _run_to_json(operation)
        case Apart():
            sides = {"schema": operation.schema, "database": operation.database}
            data = {side: operations_to_json(some) for side, some in sides.items()}
            return data | _origin_to_json(operation.origin)
        case _:
            assert_never(operation)


def _origin_to_json(origin: Origin | None) -> Json:
    if origin is None:
        return {}
    data: Json = {"class": origin.path, "call": origin.call}
    data |= {"hazards": list(origin.hazards)} if origin.hazards else {}
    return {"origin": data | ({"undone": True} if origin.undone else {})}


def _run_to_json(operation: RunSQL | RunPython) -> Json:
    """Encode what the user wrote: as one where it is for all engines, else by engine."""
    data: Json
    if isinstance(operation, RunSQL):
        forward, back = operation.forward, operation.backward
        data = {
            "forward": _statements_to_json(forward, operation.forwards),
            "backward": None if back is None else _statements_to_json(back, operation.backwards),
        }
    else:
        names, names_back = operation.forward, operation.backward
        data = {
            "forward": _functions_to_json(names),
            "backward": None if names_back is None else _functions_to_json(names_back),
        }
    if operation.touches is not None:
        data["touches"] = list(operation.touches)
    return data | ({"elidable": True} if operation.elidable else {})


def _statements_to_json(for_all: tuple[str, ...], by: StatementsBy) -> Json | list[str]:
    if not by:
        return list(for_all)
    others = {"": list(for_all)} if for_all else {}
    return others | {engine: list(some) for engine, some in by}


def _functions_to_json(by: BySQL) -> Json | str:
    return by[0][1] if [engine for engine, _ in by] == [""] else dict(by)


def operation_from_json(data: Mapping[str, Any]) -> Operation:
    """Decode an operation; :exc:`KeyError`, :exc:`TypeError` where a field is not right."""
    word = codec.text(data, "op")
    if word in _OTHERS:
        return _OTHERS[word](data)
    if word in _ROWS:
        return _rows(word, data)
    verb, _, kind = word.partition("_")
    if kind not in (*_KIND_OF_WORD, *STANDALONE, "value"):
        raise SchemaError(
            f"unknown operation {word!r}", hint="a newer peewee-mig wrote it: upgrade"
        )
    table = "" if word in _RENAMES_WHOLE else codec.text(data, "table")
    fill = fill_from_json(data["fill"]) if "fill" in data else None
    match verb:
        case "create" | "add" if (verb == "create") == (kind in _CREATED):
            return Add(table, _object(kind, data["definition"]), fill)
        case "drop":
            return Drop(table, _object(kind, data["definition"]))
        case "alter":
            altered = _alter(word, table, _part(kind, data["old"]), _part(kind, data["new"]), fill)
            using, back = (_by_engine(data.get(way, ())) for way in _WAYS)
            return replace(altered, using=using, using_back=back)
        case "rename" if kind in get_args(RenameKind):
            old, new = codec.text(data, "old"), codec.text(data, "new")
            return Rename(cast("RenameKind", kind), table or old, old, new)
        case _:
            raise SchemaError(f"unknown operation {word!r}")


def _copy(data: Mapping[str, Any]) -> Copy:
    table, column = codec.text(data, "table"), codec.text(data, "column")
    source, source_column = codec.text(data, "source"), codec.text(data, "source_column")
    pairs = tuple((str(own), str(other)) for own, other in data["on"])
    if not isinstance(data["back"], bool):
        raise TypeError("back is neither true nor false")
    return Copy(table, column, source, source_column, pairs, data["back"])


def _run_sql(data: Mapping[str, Any]) -> RunSQL:
    forward, forwards = _statements(data, "forward")
    none = data["backward"] is None
    backward, backwards = (None, ()) if none else _statements(data, "backward")
    touches, elidable = _said(data)
    return RunSQL(forward, backward, forwards, backwards, touches, elidable)


def _statements(data: Mapping[str, Any], key: str) -> tuple[tuple[str, ...], StatementsBy]:
    """Return what all engines run that are not named, and what the others run."""
    if not isinstance(data[key], Mapping):
        return codec.names(data, key), ()
    by = {str(engine): codec.names(data[key], engine) for engine in data[key]}
    return by.pop("", ()), tuple(sorted(by.items()))


def _run_python(data: Mapping[str, Any]) -> RunPython:
    backward = None if data["backward"] is None else _functions(data, "backward")
    return RunPython(_functions(data, "forward"), backward, *_said(data))


def _functions(data: Mapping[str, Any], key: str) -> BySQL:
    if isinstance(data[key], Mapping):
        return tuple(sorted((str(engine), codec.text(data[key], engine)) for engine in data[key]))
    return (("", codec.text(data, key)),)


def _said(data: Mapping[str, Any]) -> tuple[tuple[str, ...] | None, bool]:
    """Return what is told of a data operation: what it touches, and if it may be left out."""
    touches = codec.names(data, "touches") if "touches" in data else None
    if not isinstance(data.get("elidable", False), bool):
        raise TypeError("elidable is neither true nor false")
    return touches, data.get("elidable", False)


def _apart(data: Mapping[str, Any]) -> Apart:
    schema, database = (tuple(map(operation_from_json, data[e])) for e in ("schema", "database"))
    return Apart(schema, database, _origin(data["origin"]) if "origin" in data else None)


def _origin(data: Mapping[str, Any]) -> Origin:
    hazards = codec.names(data, "hazards") if "hazards" in data else ()
    undone = codec.boolean(data, "undone") if "undone" in data else False
    return Origin(codec.text(data, "class"), codec.text(data, "call"), hazards, undone)


#: Words of operations that are no verb and kind, and what decodes them.
_OTHERS: Mapping[str, Callable[[Mapping[str, Any]], Operation]] = {
    "run_sql": _run_sql,
    "run_python": _run_python,
    "copy_values": _copy,
    "apart": _apart,
}


def _rows_to_json(operation: ChangeRows) -> Json:
    data: Json = {"table": operation.table, "key": list(operation.key)}
    if operation.former:
        return {**data, "former": list(operation.former)}
    for side in ("old", "new"):
        if rows := getattr(operation, side):
            data[side] = [codec.row_to_json(row) for row in rows]
    return {**data, "over": True} if operation.over else data


def _rows(word: str, data: Mapping[str, Any]) -> ChangeRows:
    old, new = (tuple(map(codec.row_from_json, data.get(side, ()))) for side in ("old", "new"))
    former = codec.names(data, "former") if "former" in data else ()
    key, over = codec.names(data, "key"), codec.boolean(data, "over")
    found = ChangeRows(codec.text(data, "table"), key, old, new, over, former)
    if _rows_word(found) != word:
        raise SchemaError(f"{word} has the rows of {_rows_word(found)}")
    return found


def _part(kind: str, data: Mapping[str, Any]) -> Object | Options:
    if kind not in STANDALONE:
        return codec.from_json(_KIND_OF_WORD[kind], data)
    found = codec.object_from_json(data)
    if kind_of(found) != kind:
        raise SchemaError(f"{kind} has the definition of a {kind_of(found)}")
    return found


def _object(kind: str, data: Mapping[str, Any]) -> Object:
    found = _part(kind, data)
    if isinstance(found, Options):
        raise SchemaError("the options of a table are neither added nor dropped")
    return found


def _alter(
    word: str, table: str, old: Object | Options, new: Object | Options, fill: Fill | None
) -> Alter:
    if not isinstance(old, Alterable) or not isinstance(new, Alterable):
        raise SchemaError(f"unknown operation {word!r}")
    return Alter(table, old, new, fill)


def _by_engine(pairs: Iterable[Iterable[object]]) -> BySQL:
    return tuple((str(engine), str(sql)) for engine, sql in pairs)


def fill_to_json(fill: Fill) -> Json:
    """Encode a fill."""
    match fill:
        case Constant(value=bytes() as value):
            return {"hex": value.hex()}
        case Constant():
            return {"value": fill.value}
        case Generated():
            return {"function": fill.function}
        case _:
            assert_never(fill)


def fill_from_json(data: Mapping[str, Any]) -> Fill:
    """Decode a fill."""
    if "function" in data:
        if data["function"] not in get_args(Function):
            raise SchemaError(f"unknown function {data['function']!r} of a fill")
        return Generated(data["function"])
    value = bytes.fromhex(data["hex"]) if "hex" in data else data["value"]
    if not isinstance(value, str | int | float | bytes):
        raise TypeError("a fill is no text and no number")
    return Constant(value)


def _identity(thing: Object | Options) -> Json:
    """Return the fields beside ``table`` that tell which object is meant."""
    match thing:
        case Column():
            return {"column": thing.name}
        case Index():
            return {"index": thing.name}
        case PrimaryKey() | ForeignKey() | Unique():
            return {"columns": list(thing.columns)}
        case Check() | Exclusion():
            return {"name": thing.name}
        case _:  # the table of the operation is the object's own name
            return {}
