"""Reference rows: which go first, and what comes once all tables are as they will be. Pure.

A row is the same on both sides if its key has the same values; a key may be called
otherwise, or have values of another type, so far.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from peewee_mig.diff.order import parents_first
from peewee_mig.errors import SchemaError
from peewee_mig.operations.rows import dependents_last
from peewee_mig.operations.verbs import ChangeRows, Constant, Fill
from peewee_mig.schema.objects import Column, ForeignKey, Table
from peewee_mig.schema.rows import Ref, Row, Rows, Value
from peewee_mig.schema.schema import Schema

#: The namer of a table by its new name: old name of a column -> the new one.
Namer = Callable[[str], Callable[[str], str]]

_NOTHING: Mapping[tuple[str, str], Fill] = {}

#: What tells a row: its values by column, in whatever type they are.
_Mark = tuple[tuple[str, object], ...]


def first(
    before: Schema, after: Schema, kept: Mapping[str, Table], namer: Namer
) -> Iterator[ChangeRows]:
    """Yield what is done with rows under the old names, before any table changes.

    Rows go that nothing refers to any more, and columns that go, or get another type, are
    no longer declared. ``kept``: old name -> new definition of each table that stays.
    """
    leaving = _Leaving(before, after, kept, namer)
    gone = leaving.rows()
    children_first = [t for t in reversed(parents_first(before)) if t.rows and t.name in gone]
    for name, key in ((table.name, table.rows.key) for table in children_first if table.rows):
        yield ChangeRows(name, key, dependents_last(gone[name], name, key)[::-1])
    for name in sorted(kept):
        rows = before.table(name).rows
        if rows is not None:
            left = [row for row in rows.rows if row not in gone.get(name, ())]
            yield from _narrowed(name, rows.key, left, leaving.columns(name))


def last(
    schema: Schema, after: Schema, filled: Mapping[tuple[str, str], Fill] = _NOTHING
) -> Iterator[ChangeRows]:
    """Yield what leads from the rows of a schema to those of another with the same tables.

    ``filled``: (table, column) -> what existing rows got in a new column. Rows that go now have
    it, too: on the way back they come before the column goes.
    """
    changes = [_Changes.of(schema.table(table.name), table) for table in after]
    changes = [each and each.giving(schema.table(each.table), filled) for each in changes]
    found = {each.table: each for each in changes if each is not None}
    order = [table.name for table in parents_first(after) if table.name in found]
    known = {(t.name, key) for t in schema if t.rows for key in t.rows.by_key}
    known -= {(name, _key(row, found[name].key)) for name in order for row in found[name].gone}
    yield from (each for name in order for each in found[name].keyed_first())
    yield from (e for n in reversed(order) if found[n].is_replaced for e in found[n].deleted())
    updates = {name: found[name].updates for name in order}
    early = {n: [p for p in some if _is_bound(p[1], known)] for n, some in updates.items()}
    yield from (found[name].updated(early[name]) for name in order if early[name])
    yield from _inserted([found[name] for name in order], known)
    for name in order:
        late = [pair for pair in updates[name] if pair not in early[name]]
        if late:
            yield found[name].updated(late)
    yield from (e for n in reversed(order) if not found[n].is_replaced for e in found[n].deleted())
    yield from (each for name in order for each in found[name].keyed_last())


def gives(table: Table, key: object) -> bool:
    """Whether reference rows of a table have values in the columns of a foreign key."""
    given = table.rows.columns if table.rows else frozenset()
    return isinstance(key, ForeignKey) and bool({*key.columns} & given)


def is_bound(table: Table, schema: Schema) -> bool:
    """Whether all that the rows of a new table refer to is there already, or among them."""
    rows = table.rows.rows if table.rows else ()
    known = {(t.name, key) for t in (*schema, table) if t.rows for key in t.rows.by_key}
    return all(_is_bound(row, known) for row in rows)


@dataclass(frozen=True)
class _Leaving:
    """Which rows, and which of their columns, go before the tables change."""

    before: Schema
    after: Schema
    kept: Mapping[str, Table]
    namer: Namer

    def rows(self) -> dict[str, list[Row]]:
        """Return the rows of each table that go first: those that no row refers to any more."""
        found = {name: self._unmatched(name) for name in self.kept}
        found = {name: rows for name, rows in found.items() if rows}
        while True:
            used = set(self._used(found))
            held = [
                (n, row) for n, rows in found.items() for row in rows if self._id(n, row) in used
            ]
            if not held:
                return {name: rows for name, rows in found.items() if rows}
            for name, row in held:
                found[name].remove(row)

    def _id(self, name: str, row: Row) -> tuple[str, Row]:
        rows = self.before.table(name).rows
        return name, _key(row, rows.key if rows else ())

    def _used(self, gone: Mapping[str, Collection[Row]]) -> Iterator[tuple[str, Row]]:
        """Yield what rows that stay so far refer to."""
        for table in self.before:
            for row in table.rows.rows if table.rows else ():
                if row not in gone.get(table.name, ()):
                    yield from ((ref.table, ref.key) for ref in row.refs)

    def _unmatched(self, name: str) -> list[Row]:
        rows, wanted = self.before.table(name).rows, self.kept[name].rows
        if rows is None or self._loses_keys(name):
            return []
        if wanted is None:
            return list(rows.rows)
        named = {row: self._renamed(self.kept[name].name, row) for row in rows.rows}
        key = tuple(map(self.namer(self.kept[name].name), rows.key))
        by = _common_key(Rows(key, tuple(named.values())), wanted)
        marks = {_mark(row, by) for row in wanted.rows} if by else set[_Mark]()
        return [row for row, new in named.items() if not by or _mark(new, by) not in marks]

    def _loses_keys(self, name: str) -> bool:
        """Whether foreign keys to a table go that would be in the way of its rows so far."""
        new = self.kept[name].name
        for table, key in self.before.referring(name):
            staying = self.kept.get(table.name)
            columns = tuple(map(self.namer(staying.name), key.columns)) if staying else ()
            found = staying.find_foreign_key(columns) if staying else None
            if found is None or found.referred_table != new:
                return True
        return False

    def _renamed(self, table: str, row: Row) -> Row:
        namer = self.namer(table)
        return row.renamed({name: namer(name) for name in row.columns}).referring(self._referring)

    def _referring(self, ref: Ref) -> Ref:
        table = self.kept.get(ref.table)
        if table is None:
            return ref
        namer = self.namer(table.name)
        names = {name: namer(name) for name in ref.key.columns}
        return Ref(table.name, namer(ref.column), ref.key.renamed(names))

    def columns(self, name: str) -> set[str]:
        """Return the columns of which rows are declared that go, or get another type."""
        old, new = self.before.table(name), self.kept[name]
        namer = self.namer(new.name)
        rows = old.rows.rows if old.rows else ()
        doomed = {
            column
            for row in rows
            for column, value in row.values
            if isinstance(value, Ref) and value.table not in self.kept
        }
        for column in old.rows.columns if old.rows else ():
            found = new.find_column(namer(column))
            if found is None or found.computed or _is_other(found, old.column(column)):
                doomed.add(column)
        return doomed


def _narrowed(
    table: str, key: tuple[str, ...], rows: list[Row], columns: set[str]
) -> Iterator[ChangeRows]:
    """Yield the operation with which columns, but those of the key, are no longer declared."""
    lost = columns - {*key}
    old = [row.part({*key, *lost}) for row in rows if lost & {*row.columns}]
    if old:
        yield ChangeRows(table, key, tuple(old), tuple(_key(row, key) for row in old))


@dataclass(frozen=True)
class _Changes:
    """What becomes of the rows of one table."""

    table: str
    old: Rows | None
    new: Rows | None
    #: The columns that tell which rows are the same; none: all are others.
    key: tuple[str, ...]
    updates: list[tuple[Row, Row]]
    added: list[Row]
    gone: list[Row]

    @classmethod
    def of(cls, before: Table, after: Table) -> _Changes | None:
        """Match the rows of a table; ``None``: nothing changes."""
        old, new = before.rows, after.rows
        if old == new:
            return None
        by = _common_key(old, new) if old and new else ()
        here = {_mark(row, by): row for row in old.rows} if old and by else {}
        there = {_mark(row, by): row for row in new.rows} if new and by else {}
        pairs = [(here[mark], row) for mark, row in there.items() if mark in here]
        gone = [row for mark, row in here.items() if mark not in there]
        added = [row for mark, row in there.items() if mark not in here]
        if not by:
            gone, added = list(old.rows if old else ()), list(new.rows if new else ())
        key = by or (new.key if new else old.key if old else ())
        updates = [_differing(one, other, key) for one, other in pairs if one != other]
        return cls(before.name, old, new, key, updates, added, gone)

    def giving(self, table: Table, filled: Mapping[tuple[str, str], Fill]) -> _Changes:
        """Return the same where rows that go last are told what they got in new columns."""
        values: dict[str, Value] = {
            column.name: fill.value if isinstance(fill, Constant) else fill
            for column in table.columns
            if (fill := filled.get((table.name, column.name))) is not None
            and column.default is None
        }
        if not values or not self.gone or self.is_replaced:
            return self
        rows = [Row.of({**values, **dict(row.values)}) for row in self.gone]
        pairs = [_differing(*pair, self.key) for pair in zip(self.gone, rows, strict=True)]
        return replace(self, updates=[*self.updates, *pairs], gone=rows)

    def keyed_first(self) -> Iterator[ChangeRows]:
        """Yield the change of the key, where rows are known by the new one from now on."""
        if self.old and self._is_known_anew and len(self.gone) < len(self.old.rows):
            yield ChangeRows(self.table, self.key, former=self.old.key)

    @property
    def _is_known_anew(self) -> bool:
        return bool(self.old and self.new) and self.old.key != self.new.key == self.key  # type: ignore[union-attr]

    @property
    def is_replaced(self) -> bool:
        """Whether all rows go, and others come that are known by another key."""
        return self._is_known_anew and len(self.gone) == len(self.old.rows if self.old else ())

    def keyed_last(self) -> Iterator[ChangeRows]:
        """Yield the same where only the rows as they will be have the new key."""
        if self.old and self.new and self.old.key == self.key != self.new.key:
            yield ChangeRows(self.table, self.new.key, former=self.key)

    def updated(self, pairs: list[tuple[Row, Row]]) -> ChangeRows:
        """Return the operation that updates rows."""
        old, new = (tuple(pair[side] for pair in pairs) for side in (0, 1))
        return ChangeRows(self.table, self.key, old, new)

    def deleted(self) -> Iterator[ChangeRows]:
        """Yield the operation that deletes rows, those that refer to others first."""
        if self.gone:
            key = self.old.key if self.old and self.is_replaced else self.key
            order = dependents_last(self.gone, self.table, key)
            yield ChangeRows(self.table, key, order[::-1])


def _inserted(changes: list[_Changes], known: set[tuple[str, Row]]) -> Iterator[ChangeRows]:
    """Yield the operations that insert rows, each behind those that it refers to."""
    waiting = {each.table: list(each.added) for each in changes if each.added}
    keys = {each.table: each.key for each in changes}
    while waiting:
        left = sum(map(len, waiting.values()))
        for table in list(waiting):
            ready, waiting[table] = _ready(table, keys[table], waiting[table], known)
            if ready:
                yield ChangeRows(table, keys[table], (), tuple(ready))
        waiting = {table: rows for table, rows in waiting.items() if rows}
        if waiting and sum(map(len, waiting.values())) == left:
            named = "; ".join(
                f"{t} ({_key(r, keys[t])})" for t, rows in waiting.items() for r in rows
            )
            raise SchemaError(
                f"reference rows refer to each other in a circle, or to no reference row: {named}",
                hint="leave the column of one of them out, and set it by op.run_sql",
            )


def _ready(
    table: str, key: tuple[str, ...], rows: list[Row], known: set[tuple[str, Row]]
) -> tuple[list[Row], list[Row]]:
    """Return the rows whose references are known, in an order, and the others.

    The former are known from then on.
    """
    found: list[Row] = []
    while new := [row for row in rows if _is_bound(row, known)]:
        found += new
        rows = [row for row in rows if not _is_bound(row, known)]
        known |= {(table, _key(row, key)) for row in new}
    return found, rows


def _is_bound(row: Row, known: Collection[tuple[str, Row]]) -> bool:
    return all((ref.table, ref.key) in known for ref in row.refs)


def _common_key(old: Rows, new: Rows) -> tuple[str, ...]:
    """Return the columns that tell the rows of both sides; none if no key of them does."""
    for key, others in ((new.key, old), (old.key, new)):
        marks = [_mark(row, key) for row in others.rows]
        whole = all(dict(row.values).get(name) is not None for row in others.rows for name in key)
        if whole and len({*marks}) == len(marks):
            return key
    return ()


def _differing(old: Row, new: Row, key: tuple[str, ...]) -> tuple[Row, Row]:
    """Return two rows as far as they differ, with their keys."""
    one, other = dict(old.values), dict(new.values)
    same = {name for name in one.keys() & other.keys() if one[name] == other[name]} - {*key}
    return old.but(same), new.but(same)


def _key(row: Row, key: tuple[str, ...]) -> Row:
    return row.part(key)


def _mark(row: Row, key: tuple[str, ...]) -> _Mark:
    """Return what tells a row: a number and its text are the same."""
    return tuple((name, _loose(value)) for name, value in row.part(key).values)


def _loose(value: object) -> object:
    if isinstance(value, Ref):
        return replace(value, key=Row(tuple((n, str(_loose(v))) for n, v in value.key.values)))
    return value if isinstance(value, bytes) else str(value)


def _is_other(one: Column, other: Column) -> bool:
    """Whether values of two columns may be stored otherwise: not of types that differ in length."""
    types = one.type.plain, other.type.plain
    return types[0].name != types[1].name or one.type.dimensions != other.type.dimensions
