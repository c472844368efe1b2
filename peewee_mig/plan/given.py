"""What the rows of before will have in a column, as far as anybody can tell. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import pairwise

from peewee_mig.dialects.asked import Filled
from peewee_mig.errors import SchemaError
from peewee_mig.operations.names import Names
from peewee_mig.operations.replay import apply
from peewee_mig.operations.verbs import Add, Alter, Apart, Copy, Fill, Generated, Operation, Rename
from peewee_mig.plan.casts import cast
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import Column, Table
from peewee_mig.schema.schema import Schema

#: Names of columns before the migration, and those whose values it gives or casts.
Known = tuple[tuple[str, ...], tuple[Filled, ...]]


@dataclass(frozen=True, slots=True)
class Using:
    """What an expression of the user's gives, over the names before; ``None``: nobody knows.

    ``fill``: for rows where it gives NULL.
    """

    expression: Expression | None
    fill: Fill | Expression | None


#: What the migration gives a column: one value for all, or each row one of its own.
Value = Fill | Expression | Copy | Using | None

#: Functions of defaults that give all rows the same value, and change nothing.
_SAME = frozenset({
    "ABS", "CAST", "COALESCE", "CONCAT", "DATE", "DATETIME", "LENGTH", "LOWER", "NULLIF", "ROUND",
    "STRFTIME", "TIME", "TRIM", "UPPER",
})  # fmt: skip
_TEXTS = frozenset({"CHAR", "VARCHAR", "TEXT"})


@dataclass
class Given:
    """The running schema, the names before, and the values that the migration gives."""

    before: Schema
    schema: Schema
    names: Names
    values: dict[tuple[str, str], Value] = field(default_factory=dict[tuple[str, str], "Value"])

    def advance(self, operation: Operation) -> None:
        """Follow an operation."""
        if isinstance(operation, Apart):
            self._advance_apart(operation)
            return
        match operation:
            case Add(object=Column() as column, fill=fill):
                self.values[operation.table, column.name] = fill or column.default
            case Alter(old=Column() as old, new=Column() as new) if operation.using:
                self.values[operation.table, new.name] = self.using(operation, old, new)
            case Alter(old=Column() as old, new=Column(computed=None) as new):
                if not self.keeps_values(operation.table, old):
                    self.values[operation.table, new.name] = Using(None, operation.fill)
                elif (old.null or old.computed) and not new.null:
                    self.values[operation.table, new.name] = operation.fill or new.default
            case Copy():
                self.values[operation.table, operation.column] = operation
            case Rename(kind="column") if (operation.table, operation.old) in self.values:
                value = self.values.pop((operation.table, operation.old))
                self.values[operation.table, operation.new] = value
            case Rename(kind="table", old=old, new=new):
                self.values = {(new if t == old else t, c): v for (t, c), v in self.values.items()}
            case _:
                pass
        self.schema = apply(operation, self.schema)
        self.names.follow(operation)

    def _advance_apart(self, operation: Apart) -> None:
        """Follow the schema: with the database, whose values nobody knows, or behind it."""
        for each in operation.schema:
            if not operation.database:
                self._was_so(each)
                continue
            self.advance(each)
            match each:
                case Add(table, Column(name=name)) | Alter(table=table, new=Column(name=name)):
                    self.values[table, name] = Using(None, None)
                case _:
                    pass

    def _was_so(self, operation: Operation) -> None:
        """Follow what the database has already."""
        self.schema = apply(operation, self.schema)
        with suppress(SchemaError):  # it is about what the migration makes
            self.before = apply(operation, self.before)

    def using(self, operation: Alter, old: Column, new: Column) -> Using:
        """Return what the expression of a change gives."""
        columns = self.schema.table(operation.table).column_names
        value = operation.value(columns) or Expression("NULL")
        used = {new.name, *(name for name in columns if name in value.names)}
        fill = operation.fill or (new.default if old.null and not new.null else None)
        if any(self._is_changed(operation.table, name) for name in used):
            return Using(None, fill)
        return Using(self.names.before(operation.table, value, columns), fill)

    def keeps_values(self, table: str, column: Column) -> bool:
        """Whether a column that becomes a plain one has the values of before.

        One that was generated all the time has, if nothing that it is computed from changed.
        """
        return column.computed is None or not self._is_changed(table, column.name)

    def _is_changed(self, table: str, name: str) -> bool:
        """Whether a column has no longer the values of before: given, cast, or computed anew."""
        before, now = self._before(table, name), self.schema.table(table).column(name)
        if (table, name) in self.values or before is None or before.type != now.type:
            return True
        columns = self.schema.table(table).column_names
        computed = now.computed and self.names.before(table, now.computed.expression, columns)
        if computed != (before.computed and before.computed.expression):
            return True
        used = sources_of(self.schema.table(table), {name})
        return any(self._is_changed(table, each) for each in used)

    def after(self, operation: Operation) -> Given:
        """Return what there is after one more operation."""
        ahead = self.copy()
        ahead.advance(operation)
        return ahead

    def copy(self) -> Given:
        """Return the same, to follow other operations."""
        return Given(self.before, self.schema, self.names.copy(), dict(self.values))

    def in_key(self, table: str, columns: Iterable[str]) -> Known | None:
        """Tell the values of a key; ``None``: one is NULL, or nobody can tell which they are."""
        known = self.of(table, columns)
        if known is None or any(each.added and each.fill is None for each in known[1]):
            return None
        names, filled = known
        return names, tuple(each for each in filled if each.fill is not None or _merges(each))

    def of(self, table: str, columns: Iterable[str]) -> Known | None:
        """Tell the values of columns; ``None``: nobody can tell what one of them will be."""
        names: list[str] = []
        filled: list[Filled] = []
        for name in columns:
            before = self._before(table, name)
            now = self.schema.table(table).column(name)
            if not _is_told(now, added=before is None):
                return None
            names.append(name if before is None else before.name)
            value = self.values.get((table, name))
            if isinstance(value, Copy) or _is_open(value):
                return None
            given = _given(before, now, value)
            filled += [given] if given else []
        return tuple(names), tuple(filled)

    def _before(self, table: str, column: str) -> Column | None:
        """Return a column as it was before the migration; ``None``: it is new."""
        was, name = self.names.table(table), self.names.column(table, column)
        return None if was is None or name is None else self.before.table(was).column(name)


def sources_of(table: Table, names: Iterable[str]) -> frozenset[str]:
    """Return the columns that generated ones of these names are computed from, near and far."""
    found, open_ = set[str](), {*names}
    while open_:
        expressions = [table.column(each).computed for each in open_ & {*table.column_names}]
        used = {name for each in expressions if each for name in each.expression.names}
        open_ = (used & {*table.column_names}) - found
        found |= open_
    return frozenset(found)


def _given(
    before: Column | None, now: Column, value: Fill | Expression | Using | None
) -> Filled | None:
    """Return what a column gets; ``None``: it keeps what it has."""
    if isinstance(value, Using):
        was = now if before is None else before
        given = Filled(was.name, value.fill, now.type, added=False, collation=now.collation)
        return replace(given, using=value.expression)
    if before is None:
        return Filled(now.name, value, now.type, added=True, collation=now.collation)
    if cast(before.type, now.type) == "unknown":  # another guard asks for any value at all
        return Filled(before.name, value, now.type, added=True, collation=now.collation)
    old, new = before.type.plain, now.type.plain
    collation = (now.collation or "") if now.collation != before.collation else None
    if value is None and old == new and collation is None:
        return None
    changed = old if old.name != new.name else None
    return Filled(before.name, value, now.type, added=False, old=changed, collation=collation)


def _is_open(value: Fill | Expression | Using | None) -> bool:
    """Whether nobody can tell in advance what rows get."""
    if isinstance(value, Using):
        return value.expression is None
    return _differs(value)


def _is_told(column: Column, *, added: bool) -> bool:
    """Whether the values of a column are those that rows or the migration have."""
    return not (column.computed or (added and column.self_filling))


def _differs(value: Fill | Expression | None) -> bool:
    """Whether each row gets a value of its own, or nobody knows."""
    if not isinstance(value, Expression):
        return value == Generated("uuid4")
    return any(
        follower.value == "(" and token.kind in ("name", "word") and not _is_same(token.value)
        for token, follower in pairwise(value.tokens)
    )


def _is_same(function: str) -> bool:
    return function.upper() in _SAME


def _merges(filled: Filled) -> bool:
    """Whether two values can become one: of texts, ``7`` and ``07``, or ``a`` and ``A``."""
    if filled.collation is not None or filled.using is not None:
        return True
    old = filled.old.name if filled.old else ""
    return old in _TEXTS and filled.type.plain.name not in _TEXTS
