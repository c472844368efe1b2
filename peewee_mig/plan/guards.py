"""Guards: what must be true of the rows before a migration runs. Pure.

A guard names objects as they are before the migration, so that it can be asked first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from peewee_mig.dialects.base import Filled, Guard, GuardKind
from peewee_mig.operations import parts
from peewee_mig.operations.replay import apply, fills_itself
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Constant,
    Drop,
    Fill,
    Generated,
    Operation,
    Rename,
    RunSQL,
)
from peewee_mig.plan.casts import cast, shrinks_to
from peewee_mig.plan.names import Names
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import Check, Column, ForeignKey, Index, PrimaryKey, Unique
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType


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
    added = {filled.column for filled in guard.filled if filled.added}
    columns = [n if n in added else names.column(guard.table, n) for n in guard.columns]
    key = [names.column(guard.table, name) for name in guard.key]
    others = [names.column(guard.referred_table, name) for name in guard.referred_columns]
    known = {name: names.column(guard.table, name) for name in guard.names}
    if table is None or referred is None or None in (*columns, *others, *known.values()):
        return None
    asked = {*guard.columns, *guard.referred_columns, *filter(None, (*columns, *others))}
    asked |= {*guard.names, *filter(None, known.values())}
    if any(_changes(operation, asked) for operation in operations):
        return None
    return replace(
        guard,
        table=table,
        columns=tuple(filter(None, columns)),
        filled=tuple(
            replace(each, column=names.column(guard.table, each.column) or each.column)
            for each in guard.filled
        ),
        key=tuple(filter(None, key)),
        referred_table=referred,
        referred_columns=tuple(filter(None, others)),
        condition=_renamed(guard.condition, known),
        parts=tuple(part for each in guard.parts if (part := _renamed(each, known))),
    )


def named_after(guard: Guard, operations: Iterable[Operation]) -> Guard:
    """Return the guard in the names that tables and columns have after its own migration.

    For people only: what the migration adds is called so already.
    """
    for operation in operations:
        match operation:
            case Rename(kind="table", old=old, new=new):
                table = new if guard.table == old else guard.table
                referred = new if guard.referred_table == old else guard.referred_table
                guard = replace(guard, table=table, referred_table=referred)
            case Rename(kind="column", table=table, old=old, new=new) if table == guard.table:
                added = {each.column for each in guard.filled if each.added}
                if guard.kind != "rows" and old not in added:
                    columns = tuple(new if each == old else each for each in guard.columns)
                    condition = _renamed(guard.condition, {old: new})
                    guard = replace(guard, columns=columns, condition=condition)
            case _:
                pass
    return guard


def _renamed(expression: Expression | None, names: Mapping[str, str | None]) -> Expression | None:
    known = {old: new for old, new in names.items() if new is not None}
    return None if expression is None else expression.renamed(known)


def _changes(operation: Operation, columns: set[str]) -> bool:
    """Whether an operation may change the values of a column called so, of any table."""
    return isinstance(operation, Alter) and getattr(operation.old, "name", None) in columns


@dataclass
class _Walk:
    """The running schema, the names before, and the values that the migration gives."""

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
            case Alter(new=Column(name=name), fill=fill) if fill is not None:
                self.fills[operation.table, name] = fill
            case Rename(kind="column") if (operation.table, operation.old) in self.fills:
                fill = self.fills.pop((operation.table, operation.old))
                self.fills[operation.table, operation.new] = fill
            case Rename(kind="table", old=old, new=new):
                self.fills = {(new if t == old else t, c): f for (t, c), f in self.fills.items()}
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
        match operation:
            case Add(object=Column() as column, fill=None):
                if not column.null and not fills_itself(column):
                    yield Guard("rows", position, table, (column.name,), self._key(table))
            case Add():
                yield from self._of_constraint(position, operation, table)
            case Alter(new=PrimaryKey(columns=columns)):
                yield from self._unique(position, operation.table, table, columns)
            case Alter(old=Column() as old, new=Column() as new):
                yield from self._altered(position, operation, table, old, new)
            case _:
                return

    def _of_constraint(self, position: int, operation: Add, table: str) -> Iterator[Guard]:
        match operation.object:
            case Index(unique=True) as index:
                yield from self._unique_index(position, operation.table, table, index)
            case Unique() as unique:
                for guard in self._unique(position, operation.table, table, unique.columns):
                    yield replace(guard, nulls_equal=not unique.nulls_distinct)
            case PrimaryKey(columns=columns):
                yield from self._unique(position, operation.table, table, columns)
            case ForeignKey() as foreign_key:
                yield from self._orphans(position, operation.table, table, foreign_key)
            case Check() as check:
                yield from self._violated(position, operation.table, table, check)
            case _:
                return

    def _key(self, table: str) -> tuple[str, ...]:
        primary = self.before.table(table).primary_key
        return primary.columns if primary else ()

    def _unique_index(self, position: int, table: str, was: str, index: Index) -> Iterator[Guard]:
        """Ask as for columns; of parts and conditions only where all columns keep their values."""
        if index.plain:
            yield from self._unique(position, table, was, index.columns)
            return
        names = self._names_before(table, index.used)
        if names is None:
            return
        before = parts.renamed_index(index, names)
        yield Guard(
            "duplicates", position, was, before.columns or tuple(sorted(before.used)),
            condition=before.where, parts=before.parts, nulls_equal=not index.nulls_distinct,
        )  # fmt: skip

    def _violated(self, position: int, table: str, was: str, check: Check) -> Iterator[Guard]:
        """Ask for rows of which a check is false, with the values that the migration gives.

        Not where it changes a type, gives a NULL, or values that nobody can tell in advance.
        """
        used = check.expression.names & {*self.schema.table(table).column_names}
        known = self._known(table, tuple(sorted(used))) if used else ((), ())
        if known is None or any(self._is_retyped(table, name) for name in used):
            return
        names, filled = known
        condition = check.expression.renamed(dict(zip(sorted(used), names, strict=True)))
        guard = Guard("violated", position, was, names, self._key(was), filled=filled)
        yield replace(guard, condition=condition)

    def _is_retyped(self, table: str, column: str) -> bool:
        before = self.names.column(table, column)
        name = self.names.table(table)
        if before is None or name is None:
            return False
        return self.before.table(name).column(before).type != self._type(table, column)

    def _type(self, table: str, column: str) -> ColumnType:
        return self.schema.table(table).column(column).type

    def _names_before(self, table: str, used: Iterable[str]) -> dict[str, str] | None:
        """Map names of columns to those before; ``None`` if any is new, refilled or retyped."""
        now = self.schema.table(table)
        names: dict[str, str] = {}
        for name in set(used) & set(now.column_names):
            before = self.names.column(table, name)
            old = before and self.before.table(self.names.table(table) or table).find_column(before)
            if not old or (table, name) in self.fills or old.type != now.column(name).type:
                return None
            names[name] = old.name
        return names

    def _unique(
        self, position: int, table: str, was: str, columns: tuple[str, ...]
    ) -> Iterator[Guard]:
        """Ask for values that occur twice, or for two rows where all get the same value."""
        known = self._known(table, columns)
        if known is None:
            return
        old, filled = known
        if all(each.added for each in filled) and len(filled) == len(columns):
            yield Guard("rows", position, was, columns, limit=1)
        else:
            yield Guard("duplicates", position, was, old, filled=filled)

    def _known(
        self, table: str, columns: tuple[str, ...]
    ) -> tuple[tuple[str, ...], tuple[Filled, ...]] | None:
        """Return columns by their names before, and those that get one value in all rows.

        ``None``: one of them gets NULL, or a value of its own in each row.
        """
        old, filled = [], []
        for column in columns:
            name = self.names.column(table, column)
            added = (table, column) in self.fills and name is None
            fill = self.fills.get((table, column)) or self._default(table, column, added=added)
            if (added and fill is None) or fill == Generated("uuid4"):
                return None
            old.append(column if name is None else name)
            if fill is not None:
                type_ = self.schema.table(table).column(column).type
                filled.append(Filled(old[-1], fill, type_, added, self._other(table, name, type_)))
        return tuple(old), tuple(filled)

    def _default(self, table: str, column: str, *, added: bool) -> Fill | None:
        """Return the default that existing rows get in a new column, if it is one value."""
        default = self.schema.table(table).column(column).default if added else None
        if default is None or len(default.tokens) > 1:
            return None
        (token,) = default.tokens
        if token.kind == "number":
            return Constant(int(token.value) if token.value.isdigit() else float(token.value))
        return Constant(token.value) if token.kind == "text" else None

    def _other(self, table: str, was: str | None, type_: ColumnType) -> ColumnType | None:
        """Return the type that a column has so far, if that is another."""
        name = self.names.table(table)
        if was is None or name is None:
            return None
        old = self.before.table(name).column(was).type.plain
        return old if old.name != type_.plain.name else None

    def _orphans(self, position: int, table: str, was: str, key: ForeignKey) -> Iterator[Guard]:
        """Ask for rows that refer to nothing; to a table or column made just now, all do."""
        known = self._known(table, key.columns)
        if known is None:
            return
        columns, filled = known
        referred = self.names.table(key.referred_table)
        others = [self.names.column(key.referred_table, each) for each in key.referred_columns]
        if referred is not None and referred in self.before and None not in others:
            found = tuple(filter(None, others))
            guard = Guard(
                "orphans", position, was, columns, filled=filled,
                referred_table=referred, referred_columns=found,
            )  # fmt: skip
            yield replace(guard, sides=self._sides(guard))
        elif any(each.added for each in filled):
            yield Guard("rows", position, was, columns)
        else:
            yield Guard("values", position, was, columns)

    def _sides(self, guard: Guard) -> tuple[tuple[ColumnType, ColumnType], ...]:
        """Return the types of the two sides of a key that differ as long as it is not altered."""
        text = ColumnType("TEXT")  # of both the values so far and the fill
        given = {each.column: text if each.old else each.type for each in guard.filled}
        table, referred = self.before.table(guard.table), self.before.table(guard.referred_table)
        own = [given.get(name) or table.column(name).type for name in guard.columns]
        others = [referred.column(name).type for name in guard.referred_columns]
        sides = tuple((a.plain, b.plain) for a, b in zip(own, others, strict=True))
        return sides if any(one != other for one, other in sides) else ()

    def _altered(
        self, position: int, operation: Alter, was: str, old: Column, new: Column
    ) -> Iterator[Guard]:
        column = self.names.column(operation.table, old.name)
        if column is None:
            return
        guard = Guard("nulls", position, was, (column,), self._key(was))
        if old.computed or new.computed:
            return
        if old.null and not new.null and operation.fill is None and new.default is None:
            yield guard
        how, limit = cast(old.type, new.type), shrinks_to(old.type, new.type)
        if how != "free":
            kind: GuardKind = "cast" if how == "checked" else "values"
            yield replace(guard, kind=kind, old=old.type, new=new.type)
        if limit:
            yield replace(guard, kind="too_long", limit=limit)
        if old.null and operation.fill is not None:
            self.fills[operation.table, old.name] = operation.fill
            ahead = replace(self, schema=apply(operation, self.schema))
            yield from ahead.of_filled(position, operation.table, was, old.name)

    def of_filled(self, position: int, name: str, was: str, column: str) -> Iterator[Guard]:
        """Ask whether the keys that a column is part of take its fill."""
        table = self.schema.table(name)
        for columns in (*(i.key for i in table.indexes), *(u.columns for u in table.uniques)):
            if column in columns:
                yield from self._unique(position, name, was, columns)
        for key in table.foreign_keys:
            if column in key.columns:
                yield from self._orphans(position, name, was, key)
