"""Full-text tables: their rows go on where one is made anew, their index follows its source.

A full-text table with a source (``content='t'``) keeps an index of the rows of another table.
SQLite tells it nothing when that table, its columns or its values change: a search then
fails, or finds what was there before. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from peewee_mig.dialects.base import Statement
from peewee_mig.dialects.sqlite.rebuild import Rebuild, is_rowid
from peewee_mig.dialects.sqlite.render import object_sql, quote, quote_table
from peewee_mig.errors import RefusedError
from peewee_mig.operations.names import Names
from peewee_mig.operations.verbs import (
    Add,
    Apart,
    Change,
    ChangeRows,
    Copy,
    Data,
    Drop,
    Operation,
    Rename,
)
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import View, VirtualTable

#: Prefix of a full-text table whose rows wait for the new one.
OLD = "_peewee_mig_old_"

#: Names under which SQLite knows the number of a row, if no column has them.
_ROWID = frozenset({"rowid", "oid", "_rowid_"})

#: A virtual table that is dropped, and the one of its name that is made in its place.
Renewed = tuple[VirtualTable, VirtualTable]


def made_anew(operations: Sequence[Operation]) -> dict[int, Renewed]:
    """Map the positions of drops and additions that make a virtual table anew to both."""
    found: dict[int, Renewed] = {}
    gone: dict[str, tuple[int, VirtualTable]] = {}
    for position, operation in enumerate(operations):
        match operation:
            case Drop(object=VirtualTable() as old):
                gone[old.name] = (position, old)
            case Add(object=VirtualTable() as new) if new.name in gone:
                start, old = gone.pop(new.name)
                found[start] = found[position] = (old, new)
            case _:
                continue
    return found


def renewal(operation: Operation, old: VirtualTable, new: VirtualTable) -> tuple[str, ...]:
    """Spell the drop, or the addition, of a virtual table that is made anew.

    The old one is there until the new one comes: triggers fill it, and no table that has
    such a trigger could be renamed meanwhile.
    """
    columns = old.copied_columns(new)
    if isinstance(operation, Drop):
        return _put_aside(old.name) if columns else ()
    if not columns:
        return (f"DROP TABLE {quote_table(old.name)}", object_sql(new))
    listed = ", ".join(["rowid", *map(quote, columns)])
    waiting = quote(OLD + bare(new.name))
    return (
        object_sql(new),
        f"INSERT INTO {quote_table(new.name)} ({listed})\nSELECT {listed} FROM {waiting}",
        f"DROP TABLE {waiting}",
    )


def _put_aside(name: str) -> tuple[str, ...]:
    """Give a table another name: without the pragma, triggers that fill it would follow it."""
    return (
        "PRAGMA legacy_alter_table = ON",
        f"ALTER TABLE {quote_table(name)} RENAME TO {quote(OLD + bare(name))}",
        "PRAGMA legacy_alter_table = OFF",
    )


@dataclass(frozen=True)
class Indexes:
    """The full-text tables with a source, around one migration."""

    operations: Sequence[Operation]
    before: Schema
    after: Schema

    def refuse_blind(self) -> None:
        """Refuse what takes from a full-text table what it reads."""
        for virtual in self._reading:
            for lost in sorted(_lacking(virtual, self.after) - _lacking(virtual, self.before)):
                raise RefusedError(
                    f"virtual table {virtual.name} reads {lost}, which is not there after this"
                    " migration: no search would work",
                    hint="in the same migration, let its model read what there is then (its"
                    " columns, and content in its Meta.options), or drop it",
                )

    def refreshed(self, rebuilds: Sequence[Rebuild]) -> Iterator[Statement]:
        """Yield the statements that read all rows again, where an index is not theirs any more."""
        for virtual in self._reading:
            table, added = _source(virtual, self.after), self._added(virtual)
            positions: tuple[int, ...] = ()
            if added is not None:
                positions = (added,) if self._may_have_rows(virtual, added) else ()
            elif table is not None and self._is_stale(virtual, table, rebuilds):
                positions = self._on(table.name)
            if positions:
                name = quote(bare(virtual.name))
                yield Statement(f"INSERT INTO {name} ({name}) VALUES ('rebuild')", positions)

    @property
    def _reading(self) -> list[VirtualTable]:
        return [each for each in self.after.virtual_tables if each.source]

    @cached_property
    def _names(self) -> Names:
        names = Names()
        for operation in self.operations:
            names.follow(operation)
        return names

    def _added(self, virtual: VirtualTable) -> int | None:
        """Return where a virtual table is made."""
        for position, operation in enumerate(self.operations):
            if isinstance(operation, Add) and operation.object == virtual:
                return position
        return None

    def _may_have_rows(self, virtual: VirtualTable, added: int) -> bool:
        """Whether the source of a new virtual table may have rows when it is made."""
        if added in made_anew(self.operations) or _is_view(virtual.source, self.after):
            return True
        table = _source(virtual, self.after)
        if table is None:
            return False
        is_old = self._names.table(table.name) is not None
        changing = (isinstance(each, Data | Apart | ChangeRows) for each in self.operations)
        return is_old or any(changing)

    def _is_stale(self, virtual: VirtualTable, table: Table, rebuilds: Sequence[Rebuild]) -> bool:
        """Whether rows of the source may have other numbers or values than the index knows."""
        read = _read(virtual, table)
        if self._names.table(table.name) != table.name or any(
            self._names.column(table.name, name) != name for name in read
        ):
            return True
        own = [self.operations[position] for position in self._on(table.name)]
        if any(_changes(each, read) for each in own):
            return True
        return any(
            self._later(each.after.name, max(each.operations)) == table.name
            and not _keeps_rows(each, virtual)
            for each in rebuilds
        )

    def _on(self, table: str) -> tuple[int, ...]:
        """Return the positions of all that is done to a table."""
        return tuple(
            position
            for position, operation in enumerate(self.operations)
            if isinstance(operation, Change | Copy)
            and self._later(_place(operation), position) == table
        )

    def _later(self, name: str, position: int) -> str:
        """Return the name that a table has at last."""
        for operation in self.operations[position + 1 :]:
            if isinstance(operation, Rename) and operation.kind == "table":
                name = operation.new if operation.old == name else name
        return name


def _changes(operation: Operation, columns: set[str]) -> bool:
    """Whether an operation changes rows of which one of some columns is read."""
    if isinstance(operation, ChangeRows):
        return operation.runs
    return isinstance(operation, Copy) and operation.column in columns


def _place(operation: Change | Copy | ChangeRows) -> str:
    match operation:
        case Rename(kind="table"):
            return operation.new
        case _:
            return operation.table


def _source(virtual: VirtualTable, schema: Schema) -> Table | None:
    """Return the table whose rows are read; SQLite compares names without case."""
    wanted = virtual.source.lower()
    return next((table for table in schema if table.name.lower() == wanted), None)


def _is_view(name: str, schema: Schema) -> bool:
    views = (each for each in schema.objects if isinstance(each, View))
    return any(each.name.lower() == name.lower() for each in views)


def _lacking(virtual: VirtualTable, schema: Schema) -> set[str]:
    """Return what a full-text table reads and the schema has not, as far as can be told."""
    table = _source(virtual, schema)
    if table is None:
        return set() if _is_view(virtual.source, schema) else {virtual.source}
    there = {name.lower() for name in table.column_names} | _ROWID
    wanted = {*virtual.text_columns, virtual.source_key}
    return {f"{table.name}.{name}" for name in wanted if name.lower() not in there}


def _read(virtual: VirtualTable, table: Table) -> set[str]:
    """Return the columns of a table that are read; all of them where none is named."""
    wanted = {name.lower() for name in (*virtual.text_columns, virtual.source_key)}
    columns = table.column_names
    return {name for name in columns if name.lower() in wanted or not virtual.text_columns}


def _keeps_rows(rebuild: Rebuild, virtual: VirtualTable) -> bool:
    """Whether a rebuild leaves the number, and the columns that are read, of each row."""
    before, after = rebuild.before, rebuild.after
    keys = (is_rowid(before), is_rowid(after))
    read = _read(virtual, after)
    if virtual.source_key.lower() not in {name.lower() for name in read} and any(keys):
        if not all(keys) or before.primary_key != after.primary_key:
            return False
        read |= {*(after.primary_key.columns if after.primary_key else ())}
    return all(dict(rebuild.copies).get(name) == quote(name) for name in read)
