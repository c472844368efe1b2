"""Snapshots: what a migration made of the schema, beside its module.

A snapshot holds the tables, and the objects beside them, that its migration changed. Now
and then one holds the whole schema (a checkpoint), so that reading costs at most twice the
schema however long the history is. Its ``schema`` hash is that of the whole schema, so no
edit goes unnoticed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from peewee_mig.errors import HistoryError, SchemaError
from peewee_mig.history.files import ON_DISK, Files
from peewee_mig.history.module import check_conflict, read_bytes
from peewee_mig.history.restoring import restore
from peewee_mig.schema import codec
from peewee_mig.schema.codec import (
    Json,
    canonical,
    digest,
    object_hash,
    object_to_json,
    table_hash,
    table_to_json,
)
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import Standalone, identity

#: The newest format of a snapshot that this version reads.
FORMAT = 1

T = TypeVar("T")
K = TypeVar("K")

#: Kind, table and name of an object beside the tables.
Identity = tuple[str, str, str]


@dataclass(frozen=True)
class Snapshot:
    """A snapshot; ``parents`` maps names to the ``schema`` hashes that it builds on."""

    schema: str
    parents: Mapping[str, str]
    complete: bool
    tables: Mapping[str, Table]
    dropped: tuple[str, ...] = ()
    objects: tuple[Standalone, ...] = ()
    #: Identities of objects beside the tables that are gone.
    dropped_objects: tuple[Identity, ...] = ()

    @cached_property
    def size(self) -> int:
        """The canonical bytes of the definitions."""
        tables = {name: table_to_json(table) for name, table in self.tables.items()}
        objects = [*map(object_to_json, self.objects), *self.dropped_objects]
        return len(canonical([tables, self.dropped, *objects]).encode())


@dataclass(frozen=True)
class State:
    """A whole schema on the way through the snapshots, with the hash of each table."""

    tables: Mapping[str, Table]
    hashes: Mapping[str, str]
    objects: Mapping[Identity, Standalone] = field(default_factory=dict[Identity, Standalone])

    @staticmethod
    def of(schema: Schema) -> State:
        """Return the state that is this schema."""
        tables = {table.name: table for table in schema}
        return EMPTY.after(Snapshot("", {}, complete=True, tables=tables, objects=schema.objects))

    @cached_property
    def schema(self) -> Schema:
        """The schema as a value."""
        return Schema.of(self.tables.values(), self.objects.values())

    @cached_property
    def hash(self) -> str:
        """The same as ``schema_hash(self.schema)``, from hashes that are known already."""
        return digest(sorted([*self.hashes.values(), *map(object_hash, self.objects.values())]))

    def after(self, snapshot: Snapshot) -> State:
        """Return the state that a snapshot makes of this one."""
        base = EMPTY if snapshot.complete else self
        dropped = dict.fromkeys(snapshot.dropped)
        hashes = {name: table_hash(table) for name, table in snapshot.tables.items()}
        return State(
            {**_without(base.tables, dropped), **snapshot.tables},
            {**_without(base.hashes, dropped), **hashes},
            {
                **_without(base.objects, dict.fromkeys(snapshot.dropped_objects)),
                **{identity(each): each for each in snapshot.objects},
            },
        )


EMPTY = State({}, {})


def make_snapshot(
    before: State,
    after: Schema,
    *,
    parents: Mapping[str, str],
    chain: Sequence[Snapshot],
    moved: bool = False,
) -> Snapshot:
    """Make the snapshot of a migration between two schemas.

    ``chain`` is what is read to know ``before``: the last checkpoint and what follows.
    ``moved``: the snapshot is written again, on another parent than it had.
    """
    tables = {table.name: table for table in after}
    changed = {name: table for name, table in tables.items() if not _is_kept(table, before)}
    dropped = tuple(sorted(before.tables.keys() - tables.keys()))
    hashes = {name: _hash(table, before) for name, table in tables.items()}
    objects = {identity(each): each for each in after.objects}
    hash_ = State(tables, hashes, objects).hash
    whole = Snapshot(hash_, parents, complete=True, tables=tables, objects=after.objects)
    part = Snapshot(
        hash_,
        parents,
        complete=False,
        tables=changed,
        dropped=dropped,
        objects=tuple(e for key, e in objects.items() if before.objects.get(key) != e),
        dropped_objects=tuple(sorted(before.objects.keys() - objects.keys())),
    )
    if moved or len(parents) != 1 or _costs_too_much([*chain, part], whole):
        return whole
    return part


def _is_kept(table: Table, before: State) -> bool:
    known = before.tables.get(table.name)
    return known is table or known == table  # most are the same object


def _hash(table: Table, before: State) -> str:
    return before.hashes[table.name] if _is_kept(table, before) else table_hash(table)


def _costs_too_much(chain: Sequence[Snapshot], whole: Snapshot) -> bool:
    """Whether the bytes since the checkpoint exceed the schema, or all of them twice it."""
    since = sum(each.size for each in chain[1:])
    return since > whole.size or chain[0].size + since > 2 * whole.size


def spell(snapshot: Snapshot) -> str:
    """Spell a snapshot as the text of its file: sorted, a line for each column or key."""
    data = {
        "format": FORMAT,
        "schema": snapshot.schema,
        "parents": dict(snapshot.parents),
        "complete": snapshot.complete,
        "tables": {name: table_to_json(table) for name, table in snapshot.tables.items()},
        "dropped": list(snapshot.dropped),
        **_objects_to_json(snapshot),
    }
    return _spell(data, "") + "\n"


def _objects_to_json(snapshot: Snapshot) -> Json:
    """Encode what stands beside the tables; nothing if there is none."""
    found: Json = {}
    if snapshot.objects:
        found["objects"] = [object_to_json(each) for each in snapshot.objects]
    if snapshot.dropped_objects:
        found["dropped_objects"] = [
            {"kind": kind, "name": name, **({"table": table} if table else {})}
            for kind, table, name in snapshot.dropped_objects
        ]
    return found


def _spell(value: object, indent: str) -> str:
    inner = indent + "  "
    if isinstance(value, dict) and _is_nested(value):
        items = sorted(value.items())
        lines = [f"{inner}{_plain(key)}: {_spell(each, inner)}" for key, each in items]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and _is_nested(value):
        lines = [f"{inner}{_spell(each, inner)}" for each in value]
        return "[\n" + ",\n".join(lines) + f"\n{indent}]"
    return _plain(value)


def _is_nested(value: object) -> bool:
    """Whether objects are inside: then it takes more than a line."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(isinstance(each, dict) or _is_nested(each) for each in items)


def _plain(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def read_snapshot(path: Path, files: Files = ON_DISK) -> Snapshot:
    """Read a snapshot file; :exc:`HistoryError` names the file, and the line if it can."""
    source = read_bytes(path, files)
    check_conflict(path, source)
    data = _parse(path, source)
    _check_format(data.get("format"), path)
    try:
        return codec.decoding(_from_json, data, where=str(path))
    except SchemaError as error:
        message = f"snapshot {path.stem}: {error.message}"
        raise HistoryError(message, where=str(path), hint=error.hint or _hint(path)) from error


def _parse(path: Path, source: bytes) -> Json:
    try:
        data = json.loads(source.decode())
    except json.JSONDecodeError as error:
        raise _damaged(path, f"is no JSON: {error.msg}", line=error.lineno) from error
    except ValueError as error:
        raise _damaged(path, "is not UTF-8") from error
    except RecursionError as error:
        raise _damaged(path, "is nested too deeply") from error
    if not isinstance(data, dict):
        raise _damaged(path, "is no JSON object")
    return data


def _check_format(version: object, path: Path) -> None:
    if type(version) is int and version > FORMAT:
        raise HistoryError(
            f"snapshot {path.stem} has format {version}, this version reads up to {FORMAT}",
            where=str(path),
            hint="upgrade: pip install --upgrade peewee-mig",
        )
    if type(version) is not int or version != FORMAT:
        raise _damaged(path, f"has the unknown format {version!r}")


def _from_json(data: Json) -> Snapshot:
    codec.known(data, "format schema parents complete tables dropped objects dropped_objects")
    tables = {name: codec.table_from_json(each) for name, each in data["tables"].items()}
    if any(name != table.name for name, table in tables.items()):
        raise SchemaError("has a table under another name")
    return Snapshot(
        schema=codec.text(data, "schema"),
        parents={name: codec.text(data["parents"], name) for name in data["parents"]},
        complete=codec.boolean(data, "complete"),
        tables=tables,
        dropped=codec.names(data, "dropped"),
        objects=tuple(map(codec.object_from_json, data.get("objects", ()))),
        dropped_objects=tuple(map(_identity, data.get("dropped_objects", ()))),
    )


def _identity(data: Json) -> Identity:
    codec.known(data, "kind table name")
    table = codec.text(data, "table") if "table" in data else ""
    return codec.text(data, "kind"), table, codec.text(data, "name")


def edited(path: Path) -> HistoryError:
    """Say that a snapshot is not what was written."""
    return HistoryError(
        f"snapshot {path.stem} was edited: its content does not match its schema hash",
        where=str(path),
        hint=f"{restore(path)};"
        f" or after a change of its migration: peewee-mig snapshot {path.stem}",
    )


def _damaged(path: Path, what: str, *, line: int | None = None) -> HistoryError:
    return HistoryError(
        f"snapshot {path.stem} {what}",
        where=f"{path}:{line}" if line else str(path),
        hint=_hint(path),
    )


def _hint(path: Path) -> str:
    return f"{restore(path)}; or: peewee-mig snapshot {path.stem}"


def _without(items: Mapping[K, T], gone: Mapping[K, None]) -> dict[K, T]:
    return {name: item for name, item in items.items() if name not in gone}
