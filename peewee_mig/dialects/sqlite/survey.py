"""A look ahead over the operations of a migration: which tables must be rebuilt.

It lets one rebuild serve all changes of a table, and spares one where a foreign key can be
written with the table or column that it belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from peewee_mig.dialects.base import Capabilities
from peewee_mig.dialects.sqlite.render import column_sql, is_literal
from peewee_mig.dialects.sqlite.types import cast_sql
from peewee_mig.operations.verbs import Add, Alter, Change, ChangeRows, Drop, Operation, Rename
from peewee_mig.schema.objects import Column, ForeignKey, Index, Table
from peewee_mig.schema.standalone import Standalone

#: The first version with ALTER TABLE ... DROP COLUMN (https://sqlite.org/changes.html).
DROP_COLUMN_SINCE = (3, 35)


@dataclass(frozen=True, slots=True)
class Survey:
    """``postponed``: operations that wait for a rebuild; ``keys``: keys written early."""

    postponed: frozenset[int]
    keys: Mapping[int, tuple[ForeignKey, ...]]

    def keys_of(self, position: int) -> tuple[ForeignKey, ...]:
        """Return the foreign keys that the table or column added here brings along."""
        return self.keys.get(position, ())


def survey(operations: Sequence[Operation], capabilities: Capabilities) -> Survey:
    """Look at the operations of one migration. Pure."""
    surveyor = _Surveyor(capabilities)
    for position, operation in enumerate(operations):
        surveyor.look(position, operation)
    return surveyor.result()


@dataclass
class _Surveyor:
    """Tables are known by the name they had first: renames are followed."""

    capabilities: Capabilities
    first_names: dict[str, str] = field(default_factory=dict[str, str])
    rebuilt: set[str] = field(default_factory=set[str])
    touching: dict[int, str] = field(default_factory=dict[int, str])
    created: dict[str, int] = field(default_factory=dict[str, int])
    added: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    hosts: dict[int, tuple[int, ForeignKey]] = field(
        default_factory=dict[int, tuple[int, ForeignKey]]
    )

    def look(self, position: int, operation: Operation) -> None:
        if not isinstance(operation, Change) or _is_beside(operation):
            self._forget(operation)
            return
        table = self.first_names.get(operation.table, operation.table)
        match operation:
            case Rename(kind="table"):
                self.first_names[operation.new] = table
                self._forget(operation)
                return
            case Add(object=Table()):
                table = self.first_names[operation.table] = f"{operation.table} {position}"
                self.created[table] = position
                return
            case Drop(object=Table()):
                return
            case Rename():
                self._forget(operation)
            case Add(object=ForeignKey() as key):
                host = self._host(table, key)
                if host is not None:
                    self.hosts[position] = (host, key)
                else:
                    self.rebuilt.add(table)
            case Add(object=Column(null=True, name=name, default=None)):
                self.added[table, name] = position
        self.touching[position] = table
        if not isinstance(operation, Rename) and self._needs_rebuild(operation):
            self.rebuilt.add(table)

    def result(self) -> Survey:
        """Sort out the keys whose column is postponed after all."""
        keys: dict[int, tuple[ForeignKey, ...]] = {}
        early = set()
        for position, (host, key) in self.hosts.items():
            if self.touching[position] not in self.rebuilt or host in self.created.values():
                keys[host] = (*keys.get(host, ()), key)
                early.add(position)
        postponed = {p for p, table in self.touching.items() if table in self.rebuilt}
        return Survey(frozenset(postponed - early), keys)

    def _host(self, table: str, key: ForeignKey) -> int | None:
        """Return the operation that adds the table or the only column of a key."""
        if table in self.created:
            return self.created[table]
        return self.added.get((table, key.columns[0])) if len(key.columns) == 1 else None

    def _forget(self, operation: Operation) -> None:
        """After a rename or a user's own SQL, nothing may move to before it."""
        if isinstance(operation, ChangeRows):  # foreign keys are off meanwhile
            return
        self.created.clear()
        self.added.clear()

    def _needs_rebuild(self, operation: Add | Alter | Drop) -> bool:
        """Whether SQLite has no statement of its own for an operation on a table."""
        match operation:
            case Add(object=Column() as column):
                return not _is_added_natively(column, filled=operation.fill is not None)
            case Drop(object=Column()):
                return self.capabilities.version < DROP_COLUMN_SINCE
            case Alter(old=Column() as old, new=Column() as new):
                return cast_sql("x", old.type, new.type) != "x" or _written(old) != _written(new)
            case Add(object=thing):
                return not isinstance(thing, Table | Index | ForeignKey)
            case Drop(object=thing):
                return not isinstance(thing, Table | Index)
            case Alter():
                return True


def _is_beside(operation: Add | Alter | Drop | Rename) -> bool:
    """Whether an operation is on something beside the tables."""
    match operation:
        case Add(object=thing) | Drop(object=thing) | Alter(old=thing):
            return isinstance(thing, Standalone)
        case Rename():
            return operation.kind == "virtual_table"


def _is_added_natively(column: Column, *, filled: bool) -> bool:
    """Whether ADD COLUMN takes a column on a table with rows.

    Source: https://sqlite.org/lang_altertable.html, 4: no key, no default that is an
    expression or a time, a default where NULL is not allowed, nothing stored.
    """
    if column.type.auto or filled or (column.computed and column.computed.stored):
        return False
    if column.default is not None:
        return is_literal(column.default)
    return column.null


def _written(column: Column) -> tuple[str, bool]:
    return column_sql(column), column.type.name == "AUTOINCREMENT"
