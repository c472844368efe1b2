"""Guards: what must be true of the rows before a migration runs. Pure.

A guard names objects as they are before the migration, so that it can be asked first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from peewee_mig.dialects.base import Guard, GuardKind
from peewee_mig.operations.replay import apply
from peewee_mig.operations.verbs import Add, Alter, Drop, Fill, Generated, Operation, Rename, RunSQL
from peewee_mig.plan.casts import cast, shrinks_to
from peewee_mig.plan.names import Names
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Schema


def guards(operations: Sequence[Operation], before: Schema) -> tuple[Guard, ...]:
    """Return the guards of a migration, in the order of its operations."""
    walk = _Walk(before, before, Names())
    found: list[Guard] = []
    for position, operation in enumerate(operations):
        found += walk.guards(position, operation)
        walk.advance(operation)
    return tuple(found)


def traced_back(guard: Guard, earlier: Iterable[Operation]) -> Guard | None:
    """Return the guard in the names before earlier migrations of the same run.

    ``None``: what it asks about is made or may be changed by them, so it cannot be asked yet.
    """
    operations = tuple(earlier)
    if any(isinstance(operation, RunSQL) for operation in operations):
        return None
    names = Names()
    for operation in operations:
        names.follow(operation)
    table, referred = names.table(guard.table), names.table(guard.referred_table)
    columns = [names.column(guard.table, name) for name in guard.columns]
    key = [names.column(guard.table, name) for name in guard.key]
    others = [names.column(guard.referred_table, name) for name in guard.referred_columns]
    if table is None or referred is None or None in (*columns, *others):
        return None
    if any(
        _changes(operation, {*guard.columns, *filter(None, columns)}) for operation in operations
    ):
        return None
    return replace(
        guard,
        table=table,
        columns=tuple(filter(None, columns)),
        key=tuple(filter(None, key)),
        referred_table=referred,
        referred_columns=tuple(filter(None, others)),
    )


def _changes(operation: Operation, columns: set[str]) -> bool:
    """Whether an operation may change the values of a column called so, of any table."""
    return isinstance(operation, Alter) and getattr(operation.old, "name", None) in columns


@dataclass
class _Walk:
    """The running schema, the names before, and the values of added columns."""

    before: Schema
    schema: Schema
    names: Names
    fills: dict[tuple[str, str], Fill | None] = field(
        default_factory=dict[tuple[str, str], "Fill | None"]
    )

    def advance(self, operation: Operation) -> None:
        match operation:
            case Add(object=Column(name=name), fill=fill):
                self.fills[operation.table, name] = fill
            case Rename(kind="column") if (operation.table, operation.old) in self.fills:
                fill = self.fills.pop((operation.table, operation.old))
                self.fills[operation.table, operation.new] = fill
            case _:
                pass
        self.schema = apply(operation, self.schema)
        self.names.follow(operation)

    def guards(self, position: int, operation: Operation) -> Iterator[Guard]:
        if isinstance(operation, RunSQL | Drop | Rename):
            return
        table = self.names.table(operation.table)
        if table is None or table not in self.before:  # it is made by this migration
            return
        primary = self.before.table(table).primary_key
        key = primary.columns if primary else ()
        match operation:
            case Add(object=Column() as column, fill=None):
                if not column.null and not column.type.auto:
                    yield Guard("rows", position, table, (column.name,), key)
            case Add(object=Index(unique=True, columns=columns)):
                yield from self._unique(position, operation.table, columns)
            case Add(object=PrimaryKey(columns=columns)) | Alter(new=PrimaryKey(columns=columns)):
                yield from self._unique(position, operation.table, columns)
            case Add(object=ForeignKey() as foreign_key):
                yield from self._orphans(position, operation.table, foreign_key)
            case Alter(old=Column() as old, new=Column() as new):
                yield from self._altered(position, operation, old, new)
            case _:
                return

    def _unique(self, position: int, table: str, columns: tuple[str, ...]) -> Iterator[Guard]:
        """Ask for duplicates among the columns that exist.

        Those that are added have the same value in each row, unless it is generated for
        each or left NULL.
        """
        added = [(table, name) for name in columns if (table, name) in self.fills]
        if any(self._differs(each) for each in added):
            return
        old = [self.names.column(table, name) for name in columns if (table, name) not in added]
        name = self.names.table(table) or table
        if old:
            yield Guard("duplicates", position, name, tuple(filter(None, old)))
        else:
            yield Guard("rows", position, name, columns, limit=1)

    def _differs(self, added: tuple[str, str]) -> bool:
        fill = self.fills[added]
        column = self.schema.table(added[0]).find_column(added[1])
        is_auto = column is not None and column.type.auto
        return fill is None or is_auto or fill == Generated("uuid4")

    def _orphans(self, position: int, table: str, key: ForeignKey) -> Iterator[Guard]:
        columns = [self.names.column(table, name) for name in key.columns]
        name = self.names.table(table)
        if name is None or None in columns:
            return
        known = tuple(filter(None, columns))
        referred = self.names.table(key.referred_table)
        others = [self.names.column(key.referred_table, each) for each in key.referred_columns]
        if referred is None or None in others:
            yield Guard("values", position, name, known)
            return
        found = tuple(filter(None, others))
        yield Guard(
            "orphans", position, name, known, referred_table=referred, referred_columns=found
        )

    def _altered(
        self, position: int, operation: Alter, old: Column, new: Column
    ) -> Iterator[Guard]:
        table = self.names.table(operation.table)
        column = self.names.column(operation.table, old.name)
        if table is None or column is None:
            return
        primary = self.before.table(table).primary_key
        guard = Guard("nulls", position, table, (column,), primary.columns if primary else ())
        if old.null and not new.null and operation.fill is None:
            yield guard
        how, limit = cast(old.type, new.type), shrinks_to(old.type, new.type)
        if how != "free":
            kind: GuardKind = "cast" if how == "checked" else "values"
            yield replace(guard, kind=kind, old=old.type, new=new.type)
        if limit:
            yield replace(guard, kind="too_long", limit=limit)
