"""Follows names through operations: what a table or column was called before them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from peewee_mig.operations.verbs import Add, Apart, Drop, Operation, Rename
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import Column, Table


@dataclass
class Names:
    """Names as they are now -> names before; ``None`` for what did not exist before."""

    _tables: dict[str, str | None] = field(default_factory=dict[str, "str | None"])
    _columns: dict[tuple[str, str], str | None] = field(
        default_factory=dict[tuple[str, str], "str | None"]
    )

    def copy(self) -> Names:
        """Return the same names, to follow other operations."""
        return Names(dict(self._tables), dict(self._columns))

    def table(self, name: str) -> str | None:
        """Return what the table was called, if it was there."""
        return self._tables.get(name, name)

    def column(self, table: str, name: str) -> str | None:
        """Return what the column was called, if it was there."""
        if self.table(table) is None:
            return None
        return self._columns.get((table, name), name)

    def before(self, table: str, value: Expression, columns: Iterable[str]) -> Expression | None:
        """Return an expression over columns by their names before; ``None``: one is new."""
        used = {name: self.column(table, name) for name in columns if name in value.names}
        known = {name: old for name, old in used.items() if old is not None}
        return value.renamed(known) if len(known) == len(used) else None

    def follow(self, operation: Operation) -> None:
        """Take note of an operation."""
        match operation:
            case Add(object=Table()):
                self._tables[operation.table] = None
            case Add(object=Column(name=name)):
                self._columns[operation.table, name] = None
            case Drop(object=Column(name=name)):
                self._columns.pop((operation.table, name), None)
            case Rename(kind="table" | "virtual_table"):
                self._rename_table(operation.old, operation.new)
            case Rename(kind="column"):
                before = self.column(operation.table, operation.old)
                self._columns.pop((operation.table, operation.old), None)
                self._columns[operation.table, operation.new] = before
            case Apart(schema=effect, database=(_, *_)):
                for each in effect:  # what the other side does; without one, it was so before
                    self.follow(each)
            case _:
                pass

    def _rename_table(self, old: str, new: str) -> None:
        self._tables[new] = self.table(old)
        self._tables.pop(old, None)
        for table, column in [key for key in self._columns if key[0] == old]:
            self._columns[new, column] = self._columns.pop((table, column))
