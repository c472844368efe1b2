"""Guards: what must be true of the rows before a migration runs. Pure.

A guard names objects as they are before the migration, so that it can be asked first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from peewee_mig.dialects.asked import Guard, GuardKind
from peewee_mig.errors import SchemaError
from peewee_mig.operations import parts
from peewee_mig.operations.names import Names
from peewee_mig.operations.replay import fills_itself
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Apart,
    ChangeRows,
    Copy,
    Drop,
    Generated,
    Operation,
    Rename,
    RunPython,
    RunSQL,
)
from peewee_mig.plan.apart import with_checks_apart
from peewee_mig.plan.casts import cast, shrinks_to
from peewee_mig.plan.given import Given, sources_of
from peewee_mig.plan.row_guards import row_guards
from peewee_mig.schema.expressions import Expression, column_expression
from peewee_mig.schema.objects import (
    Check,
    Column,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Unique,
)
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType

_INTEGERS = frozenset({"SMALLINT", "INT", "BIGINT"})


def guards(operations: Sequence[Operation], before: Schema) -> tuple[Guard, ...]:
    """Return the guards of a migration, in the order of its operations."""
    walk = _Walk(Given(before, before, Names()))
    found: list[Guard] = []
    behind: int | None = None
    for operation, position in zip(*with_checks_apart(operations, before), strict=True):
        asked = map(walk.with_sources, walk.guards(position, operation))
        found += (replace(each, behind=behind) for each in asked)
        walk.given.advance(operation)
        if may_clear(operation):
            walk, behind = _Walk(Given(walk.schema, walk.schema, Names())), position
    return tuple(found)


def may_clear(operation: Operation) -> bool:
    """Whether it is the user's own, so that only the rows behind it tell anything."""
    match operation:
        case RunSQL(forward=sql):
            return bool(sql)
        case RunPython(forward=called):
            return bool(called)
        case Apart(database=some):
            return any(map(may_clear, some))
        case _:
            return False


@dataclass(frozen=True)
class _Walk:
    """The place in a migration, and what its operations so far have given."""

    given: Given

    @property
    def before(self) -> Schema:
        return self.given.before

    @property
    def schema(self) -> Schema:
        return self.given.schema

    @property
    def names(self) -> Names:
        return self.given.names

    def with_sources(self, guard: Guard) -> Guard:
        """Return the guard with what its generated columns are computed from."""
        table = self.before.table(guard.table)
        sources = sources_of(table, {*guard.columns, *guard.names})
        return replace(guard, sources=tuple(sorted(sources)))

    def guards(self, position: int, operation: Operation) -> Iterator[Guard]:
        if isinstance(operation, Apart):
            yield from self._of_database(position, operation)
            return
        if isinstance(operation, RunSQL | RunPython | Drop | Rename):
            return
        if isinstance(operation, Copy):
            yield from self._left(position, operation)
            return
        if isinstance(operation, ChangeRows):
            yield from row_guards(position, operation, self.given)
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
            case _:
                yield from self._of_alter(position, operation, table)

    def _of_database(self, position: int, operation: Apart) -> Iterator[Guard]:
        """Ask what the operations on the database need, as far as we know what it has."""
        given = self.given.copy()
        for each in operation.database:
            try:
                yield from _Walk(given).guards(position, each)
                given.advance(each)
            except SchemaError:
                return

    def _of_alter(self, position: int, operation: Alter, table: str) -> Iterator[Guard]:
        match operation.old, operation.new:
            case PrimaryKey(columns=old), PrimaryKey(columns=columns) if old != columns:
                yield from self._unique(position, operation.table, table, columns)
            case Column() as old, Column() as new:
                yield from self._altered(position, operation, table, old, new)
            case Options() as old, Options() as new:
                if "STRICT" in {*new.words} - {*old.words}:
                    yield from self._strict(position, operation.table, table)
            case _:
                return

    def _left(self, position: int, operation: Copy) -> Iterator[Guard]:
        """Ask for values that no row takes."""
        source, table = self.names.table(operation.source), self.names.table(operation.table)
        names = (operation.source_column, *operation.source_columns)
        columns = [self.names.column(operation.source, each) for each in names]
        others = [self.names.column(operation.table, each) for each in operation.columns]
        if source is None or table is None or None in (*columns, *others):
            return  # the migration makes them, so there is no value
        yield from self._unfilled(position, operation, source, table, others)
        yield Guard(
            "left", position, source, tuple(filter(None, columns)), self._key(source),
            referred_table=table, referred_columns=tuple(filter(None, others)),
        )  # fmt: skip

    def _unfilled(
        self,
        position: int,
        operation: Copy,
        source: str,
        table: str,
        columns: Sequence[str | None],
    ) -> Iterator[Guard]:
        """Ask for rows that would keep a value that only stands for the one to come.

        A key says that there are none; but nobody may have looked at it (SQLite).
        """
        empty = self.given.values.get((operation.table, operation.column)) == Generated("empty")
        for key in self.before.table(table).foreign_keys if empty else ():
            if (key.columns, key.referred_table) == (tuple(columns), source):
                yield Guard(
                    "orphans", position, table, key.columns,
                    referred_table=source, referred_columns=key.referred_columns,
                )  # fmt: skip

    def _of_constraint(self, position: int, operation: Add, table: str) -> Iterator[Guard]:
        match operation.object:
            case Index(unique=True) as index:
                yield from self._unique_index(position, operation.table, table, index)
            case Unique() as unique:
                yield from self._unique_constraint(position, operation.table, table, unique)
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

    def _unique_constraint(
        self, position: int, table: str, was: str, unique: Unique
    ) -> Iterator[Guard]:
        """Ask as for an index: NULLs may be equal."""
        if unique.nulls_distinct:
            yield from self._unique(position, table, was, unique.columns)
        else:
            index = Index("", unique.columns, unique=True, nulls_distinct=False)
            yield from self._same_parts(position, table, was, index)

    def _unique_index(self, position: int, table: str, was: str, index: Index) -> Iterator[Guard]:
        """Ask for two rows that an index takes for the same."""
        if index.plain:
            yield from self._unique(position, table, was, index.columns)
        else:
            yield from self._same_parts(position, table, was, index)

    def _same_parts(self, position: int, table: str, was: str, index: Index) -> Iterator[Guard]:
        """Ask for rows with the same parts of an index, where its condition holds."""
        index = self._expanded_index(table, index)
        known = self.given.of(table, self._used(table, index.used))
        if known is None:
            return
        names, filled = known
        empty = {each.column for each in filled if each.added and each.fill is None}
        if empty & {*index.columns} and index.nulls_distinct:
            return
        renamed = dict(zip(self._used(table, index.used), names, strict=True))
        before = parts.renamed_index(index, renamed)
        yield Guard(
            "duplicates", position, was, before.columns or tuple(sorted(before.used)),
            filled=filled, condition=before.where, parts=before.parts,
            nulls_equal=not index.nulls_distinct,
        )  # fmt: skip

    def _violated(self, position: int, table: str, was: str, check: Check) -> Iterator[Guard]:
        """Ask for rows of which a check is false, with the values that the migration gives.

        Not where it gives values that nobody can tell in advance.
        """
        expression = self._expanded(table, check.expression)
        used = self._used(table, expression.names)
        known = self.given.of(table, used)
        if known is None:
            return
        names, filled = known
        condition = expression.renamed(dict(zip(used, names, strict=True)))
        guard = Guard("violated", position, was, names, self._key(was), filled=filled)
        yield replace(guard, condition=condition)

    def _expanded_index(self, table: str, index: Index) -> Index:
        """Return an index over what generated columns are computed from."""
        computed = self._computed(table)
        parts_ = index.parts
        if computed.keys() & {*index.columns}:
            parts_ = tuple(map(column_expression, index.columns))
        return replace(
            index,
            columns=() if parts_ else index.columns,
            parts=tuple(self._expanded(table, each) for each in parts_),
            where=index.where and self._expanded(table, index.where),
        )

    def _expanded(self, table: str, expression: Expression) -> Expression:
        """Return an expression with that of each generated column in its place."""
        computed = self._computed(table)
        while expression.names & computed.keys():
            expression = expression.substituted(computed)
        return expression

    def _computed(self, table: str) -> dict[str, Expression]:
        columns = self.schema.table(table).columns
        return {c.name: c.computed.expression for c in columns if c.computed}

    def _used(self, table: str, names: Iterable[str]) -> tuple[str, ...]:
        """Return those of the names that are columns."""
        return tuple(sorted(set(names) & {*self.schema.table(table).column_names}))

    def _unique(
        self, position: int, table: str, was: str, columns: tuple[str, ...]
    ) -> Iterator[Guard]:
        """Ask for values that occur twice, or for two rows where all get the same value."""
        if self._computed(table).keys() & {*columns}:
            over = Index("", (), unique=True, parts=tuple(map(column_expression, columns)))
            yield from self._same_parts(position, table, was, over)
            return
        known = self.given.in_key(table, columns)
        if known is None:
            return
        old, filled = known
        if all(each.added for each in filled) and len(filled) == len(columns):
            yield Guard("rows", position, was, columns, limit=1)
        else:
            yield Guard("duplicates", position, was, old, self._key(was), filled=filled)

    def _orphans(self, position: int, table: str, was: str, key: ForeignKey) -> Iterator[Guard]:
        """Ask for rows that refer to nothing; to a table or column made just now, all do."""
        known = self.given.in_key(table, key.columns)
        if known is None or any(each.using for each in known[1]):
            return
        columns, filled = known[0], tuple(each for each in known[1] if each.fill is not None)
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
        """Return the types of the two sides of a key."""
        text = ColumnType("TEXT")  # of both the values so far and the fill
        given = {each.column: text if each.old else each.type for each in guard.filled}
        table, referred = self.before.table(guard.table), self.before.table(guard.referred_table)
        own = [given.get(name) or table.column(name).type for name in guard.columns]
        others = [referred.column(name).type for name in guard.referred_columns]
        return tuple((a.plain, b.plain) for a, b in zip(own, others, strict=True))

    def _altered(
        self, position: int, operation: Alter, was: str, old: Column, new: Column
    ) -> Iterator[Guard]:
        column = self.names.column(operation.table, old.name)
        if column is None:
            return
        guard = Guard("nulls", position, was, (column,), self._key(was))
        if new.computed:
            yield from self._computed_anew(position, operation, was, old, new)
            return
        if not self.given.keeps_values(operation.table, old):
            return
        if operation.using:
            yield from self._of_using(position, operation, guard, old, new)
            return
        nullable = old.null or old.computed is not None
        if nullable and not new.null and operation.fill is None and new.default is None:
            yield guard
        how, limit = cast(old.type, new.type), shrinks_to(old.type, new.type)
        if how != "free" and not _is_left_to_engine(old, new):
            kind: GuardKind = "values" if how == "unknown" else "cast"
            asked = replace(guard, kind=kind, old=old.type, new=new.type)
            yield from self._of_type(asked, old.type, new.type)
        if limit:
            yield replace(guard, kind="too_long", limit=limit)
        filled = bool(nullable and not new.null and (operation.fill or new.default))
        if filled or (old.type.plain, old.collation) != (new.type.plain, new.collation):
            ahead = _Walk(self.given.after(operation))
            yield from ahead.of_changed(position, operation.table, was, new.name, filled=filled)

    def _computed_anew(
        self, position: int, operation: Alter, was: str, old: Column, new: Column
    ) -> Iterator[Guard]:
        """Ask whether what is over a column takes the values that it is computed to be."""
        if _computation(old) != _computation(new):
            ahead = _Walk(self.given.after(operation))
            yield from ahead.of_changed(position, operation.table, was, new.name, filled=True)

    def _of_type(self, guard: Guard, old: ColumnType, new: ColumnType) -> Iterator[Guard]:
        """Ask for values that an enum type does not have, if those so far may be others."""
        enum = None if new.dimensions else self.schema.find_enum(new.name)
        was = None if old.dimensions else self.before.find_enum(old.name)
        if was != (None if old.dimensions else self.schema.find_enum(old.name)):
            return  # its values are called otherwise now: the server tells
        if enum is None:
            yield guard
        elif was is None or not {*was.values} <= {*enum.values}:
            yield replace(guard, allowed=enum.values)

    def _of_using(
        self, position: int, operation: Alter, guard: Guard, old: Column, new: Column
    ) -> Iterator[Guard]:
        """Ask for rows that an expression of the user's gives no value, or one that is not free."""
        given = self.given.using(operation, old, new)
        if given.expression is not None and not new.null and given.fill is None:
            condition = Expression(f"({given.expression}) IS NOT NULL")
            yield replace(guard, kind="violated", condition=condition)
        ahead = _Walk(self.given.after(operation))
        yield from ahead.of_changed(position, operation.table, guard.table, new.name, filled=True)

    def _strict(self, position: int, table: str, was: str) -> Iterator[Guard]:
        """Ask for values that a table does not take any more when it becomes STRICT."""
        for column in self.schema.table(table).columns:
            name = self.names.column(table, column.name)
            before = name and self.before.table(was).column(name)
            if before and not (before.computed or column.computed):
                yield Guard(
                    "strict", position, was, (before.name,), self._key(was),
                    old=before.type, new=column.type,
                )  # fmt: skip

    def of_changed(
        self, position: int, name: str, was: str, column: str, *, filled: bool
    ) -> Iterator[Guard]:
        """Ask whether the keys and checks that a column is part of take its new values.

        ``filled``: NULLs get a value; else the type is another.
        """
        table = self.schema.table(name)
        uniques = [
            guard
            for index in table.indexes
            if index.unique and column in index.used
            for guard in self._unique_index(position, name, was, index)
        ]
        for unique in table.uniques:
            if column in unique.columns:
                uniques += self._unique_constraint(position, name, was, unique)
        is_new = column in self._computed(name)
        yield from (g for g in uniques if is_new or g.filled or g.kind != "duplicates")
        for key in table.foreign_keys:
            if filled and column in key.columns:
                yield from self._orphans(position, name, was, key)
        for check in table.checks:
            if column in check.expression.names:
                yield from self._violated(position, name, was, check)


def _computation(column: Column) -> tuple[Expression | None, ColumnType]:
    """Return what the values of a generated column depend on; stored or not, they are the same."""
    return column.computed.expression if column.computed else None, column.type


def _is_left_to_engine(old: Column, new: Column) -> bool:
    """Whether numbers get a type without a sign, of whose limits only its engine knows."""
    return "UNSIGNED" in new.options and {old.type.plain.name, new.type.plain.name} <= _INTEGERS
