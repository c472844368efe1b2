"""Two schemas -> the operations that lead from one to the other, in an order that runs.

The order is that of dependencies: what disappears from keys and indexes first, then
renames, columns, new tables (foreign keys that close a cycle come afterwards), indexes,
foreign keys, and at last what is dropped. Each operation is applied to a running schema at
once, so the result is proved to fit together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from operator import attrgetter

from peewee_mig.diff import constraints, indexes, moves, rows
from peewee_mig.diff.beside import beside
from peewee_mig.diff.order import (
    children_first,
    generated_first,
    is_fixed,
    is_plain,
    parents_first,
    stale_columns,
)
from peewee_mig.diff.passing import TEMPORARY, beside_table, passes
from peewee_mig.diff.renames import Renames, pairs
from peewee_mig.diff.taken import Taken, key_names
from peewee_mig.operations import parts
from peewee_mig.operations.replay import apply, fills_itself, replay
from peewee_mig.operations.verbs import Add, Alter, Drop, Fill, Generated, Operation, Rename
from peewee_mig.schema.names import bare, qualified, schema_of
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.schema import Schema

Fills = Mapping[tuple[str, str], Fill]

#: What a view sees of a column, or of one that is computed from it.
_shape = attrgetter("type", "collation", "computed")


def diff(
    before: Schema, after: Schema, renames: Renames | None = None, fills: Fills | None = None
) -> tuple[Operation, ...]:
    """Return the operations that lead from one schema to an equivalent of the other.

    ``renames``: the answers; what is not in it is dropped and added. ``fills``: values for
    existing rows, by (table, column) of ``after``, used where a column is or becomes NOT NULL.
    """
    return _Differ(before, after, renames or Renames(), fills or {}).operations()


@dataclass
class _Differ:
    """The running schema and what was done to reach it."""

    schema: Schema
    after: Schema
    renames: Renames
    fills: Fills
    done: list[Operation] = field(default_factory=list[Operation])
    before: Schema = field(init=False)
    taken: Taken = field(init=False)

    def __post_init__(self) -> None:
        self.before, self.taken = self.schema, Taken(self.after)

    def operations(self) -> tuple[Operation, ...]:
        kept = {old.name: new for old, new in pairs(self.schema, self.after, self.renames)}
        doomed = self.schema.names - kept.keys()
        created = self.after.names - {table.name for table in kept.values()}
        self._do_all(self.renames.virtual_in(self.schema))
        values = self.renames.values_in(self.schema)
        others = beside(
            replay(values, self.schema),
            self.after,
            touched=doomed | {old for old, new in kept.items() if self._is_touched(old, new)},
            kept={old: new.name for old, new in kept.items()},
        )
        self.taken.refuse(others.last)
        copies = moves.copies(self.schema, self.after, self.renames, self._namer)
        given = moves.given_wholly(self.schema, self.renames)
        self._do_all(rows.first(self.schema, self.after, kept, self._namer))
        self._do_all(others.first)
        self._do_all(constraints.dropped(self.schema, kept, self._namer))
        self._drop_keys(kept)
        if self._in_the_way(doomed, kept):
            moves.refuse_doomed(self.renames, doomed)
            self._drop_tables([self.schema.table(name) for name in doomed])
            doomed = frozenset()
        self._do_all(values)
        self._drop_blocking_columns(kept)
        self._rename_tables(kept)
        tables = tuple(kept.values())
        self._rename_columns(tables)
        self._rename_indexes(tables)
        self._do_all(others.early)
        self._alter_columns(tables, is_fixed)
        self._drop_stale_columns(tables)
        self._alter_columns(tables, is_plain)
        self._create_tables([self.after.table(name) for name in created])
        self._add_columns(tables, given)
        self._do_all(moves.reversible(each, self.schema) for each in copies)
        self._alter_columns(tables)
        self._alter_options(tables)
        self._create_indexes(tables)
        self._add_primary_keys(tables)
        self._do_all(constraints.exchanged_uniques(self.schema, tables))
        self._change_primary_keys(tables)
        keys = self._change_foreign_keys()
        self._do_all(constraints.added(self.schema, tables))
        self._drop_late(tables)
        self._drop_columns(tables)
        self._drop_tables([self.schema.table(name) for name in doomed])
        self._do_all(rows.last(self.schema, self.after, self._filled))
        self._do_all(keys)
        self._do_all(others.late)
        self._do_all(others.last)
        return tuple(self.done)

    @property
    def _filled(self) -> dict[tuple[str, str], Fill]:
        """The columns that were added, and what existing rows got in them."""
        return {
            (each.table, each.object.name): each.fill
            for each in self.done
            if isinstance(each, Add) and isinstance(each.object, Column) and each.fill is not None
        }

    def _do_all(self, operations: Iterable[Operation]) -> None:
        for operation in list(operations):
            self._do(operation)

    def _is_touched(self, old_name: str, new: Table) -> bool:
        """Whether a view cannot read a table while it becomes the other one."""
        if old_name != new.name or self.renames.columns_of(new.name):
            return True
        shapes = {each.name: _shape(each) for each in new.columns}
        old = self.schema.table(old_name)
        return any(shapes.get(each.name) != _shape(each) for each in old.columns)

    def _do(self, operation: Operation) -> None:
        self.schema = apply(operation, self.schema)
        self.done.append(operation)

    # What disappears from constraints, keys and indexes, under the old names.

    def _drop_keys(self, kept: Mapping[str, Table]) -> None:
        for old_name, new in kept.items():
            old = self.schema.table(old_name)
            wanted = {key.columns: key for key in new.foreign_keys}
            for key in old.foreign_keys:
                moved = self._renamed_key(new.name, key, kept)
                target = wanted.get(moved.columns)
                if target is None or _target(target) != _target(moved):
                    self._do(Drop(old_name, key))
        others = (self._namer, self.taken, self._is_referred)
        self._do_all(constraints.dropped_uniques(self.schema, kept, *others))
        self._do_all(constraints.nameless_keys(self.schema, kept, self.taken))
        self._drop_indexes(kept)

    def _drop_indexes(self, kept: Mapping[str, Table]) -> None:
        for old_name, new in kept.items():
            old = self.schema.table(old_name)
            renamed = {index: self._renamed_index(new.name, index) for index in old.indexes}
            staying = indexes.counterparts(renamed.values(), new.indexes)
            for index in old.indexes:
                if renamed[index] in staying:
                    continue
                if not self._is_referred(old_name, index.key):
                    self._do(Drop(old_name, index))
                elif self.taken.is_wanted(index.name, old_name, new.name):
                    self._do(indexes.making_way(old_name, index))

    def _is_referred(self, table: str, columns: tuple[str, ...]) -> bool:
        """Whether a foreign key needs unique columns until another object takes over."""
        keys = self.schema.referring(table)
        needed = moves.keys_needed(self.before, self.renames, table)
        return columns in needed or any(key.referred_columns == columns for _, key in keys)

    def _renamed_key(self, table: str, key: ForeignKey, kept: Mapping[str, Table]) -> ForeignKey:
        """Return a foreign key of the old schema in the words of the new one."""
        referred = kept.get(key.referred_table)
        if referred is None:
            return replace(key, columns=self._new_names(table, key.columns), referred_table="")
        return replace(
            key,
            columns=self._new_names(table, key.columns),
            referred_table=referred.name,
            referred_columns=self._new_names(referred.name, key.referred_columns),
        )

    def _renamed_index(self, table: str, index: Index) -> Index:
        names = self._namer(table)
        return parts.renamed_index(index, {name: names(name) for name in index.used})

    def _new_names(self, table: str, columns: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self._namer(table), columns))

    def _namer(self, table: str) -> Callable[[str], str]:
        """Return the function that gives columns of a table their new names."""
        answers = self.renames.columns_of(table)
        lost = set(answers.values())
        return lambda c: answers.get(c, f"{TEMPORARY}{c}" if c in lost else c)

    def _drop_blocking_columns(self, kept: Mapping[str, Table]) -> None:
        """Drop a column whose name another one takes, unless a key still needs it."""
        for old_name, new in kept.items():
            answers = self.renames.columns_of(new.name)
            old = self.schema.table(old_name)
            taken = {name.lower() for name in answers.values()}
            taken |= {n.lower() for n in new.column_names if old.find_column(n) is None}
            for column in old.columns:
                goes = column.name in answers.values() or new.find_column(column.name) is None
                blocks = goes and column.name.lower() in taken and column.name not in answers
                if blocks and not self._in_use(self.schema.table(old_name), column.name):
                    moves.refuse_taken(self.renames, old_name, column.name)
                    self._do(Drop(old_name, column))

    def _in_use(self, table: Table, column: str) -> bool:
        referred = {n for _, e in self.schema.referring(table.name) for n in e.referred_columns}
        return column in referred or bool(parts.users(column, table))

    # Renames; a name that is still taken is passed on through a temporary one.

    def _rename_tables(self, kept: Mapping[str, Table]) -> None:
        wanted = {old: new.name for old, new in kept.items() if old != new.name}
        for old, new in passes(wanted, beside_table):
            for one, other in pairwise(self._way(old, new)):
                rename = Rename("table", one, one, other)
                self._do_all(constraints.making_way(self.schema, rename))
                self._do(rename)

    def _way(self, old: str, new: str) -> list[str]:
        """Return the names on the way to another name: a table is renamed, then moved."""
        schema = schema_of(old)
        if schema == schema_of(new) or bare(old) == bare(new):
            return [old, new]
        between = qualified(schema, bare(new))
        if between not in self.schema:
            return [old, between, new]
        passing = f"{TEMPORARY}{bare(new)}"
        target = schema_of(new)
        return [old, qualified(schema, passing), qualified(target, passing), new]

    def _rename_columns(self, tables: Iterable[Table]) -> None:
        for table in tables:
            answers = self.renames.columns_of(table.name)
            present = self.schema.table(table.name).column_names
            moved = {
                name: f"{TEMPORARY}{name}"
                for name in answers.values()
                if name in present and name not in answers
            }
            for old, new in [*moved.items(), *passes(answers)]:
                self._do(Rename("column", table.name, old, new))

    def _rename_indexes(self, tables: Iterable[Table]) -> None:
        """Give indexes the names that Peewee makes up now.

        Only where the table or a column was renamed, or another object takes the name: a
        class renamed alone changes nothing.
        """
        found = [(self.schema.table(table.name), table) for table in tables]
        self._do_all(indexes.renamed(found, self._renames_reach))

    def _renames_reach(self, table: Table, old: Index, new: Index) -> bool:
        renamed = set(self.renames.columns_of(table.name).values()) & new.used
        is_other = old.name.lower() != new.name.lower()
        taken = is_other and self.taken.is_wanted(old.name, table.name)
        return bool(renamed) or table.name in self.renames.tables.values() or taken

    # Columns, tables, indexes and keys, under the new names.

    def _alter_columns(
        self, tables: Iterable[Table], now: Callable[[Column, Column], bool] = lambda _, __: True
    ) -> None:
        """Alter the columns whose turn it is: what others are computed from goes before them."""
        for table in tables:
            for column in table.columns:
                old = self.schema.table(table.name).find_column(column.name)
                if old is not None and now(old, column):
                    self._alter_column(table, old, column)

    def _drop_stale_columns(self, tables: Iterable[Table]) -> None:
        """Drop generated columns that cannot be computed while their sources change."""
        for table in tables:
            for column in stale_columns(self.schema.table(table.name), table):
                if not self._in_use(self.schema.table(table.name), column.name):
                    self._do(Drop(table.name, column))

    def _alter_column(self, table: Table, old: Column, column: Column) -> None:
        if old != column:
            needed = old.null and not (column.null or column.self_filling)
            fill = self.fills.get((table.name, column.name)) if needed else None
            self._do(Alter(table.name, old, column, fill))

    def _add_columns(self, tables: Iterable[Table], given: frozenset[tuple[str, str]]) -> None:
        """Add columns, the generated ones last; ``given``: those that get all values later."""
        for table in tables:
            present = self.schema.table(table.name)
            for column in sorted(table.columns, key=lambda each: each.computed is not None):
                if present.find_column(column.name) is None:
                    fill = self._fill(table, column)
                    if (table.name, column.name) in given and not (column.null or fill):
                        fill = Generated("empty")
                    self._do(Add(table.name, column, fill))

    def _fill(self, table: Table, column: Column) -> Fill | None:
        if column.null or fills_itself(column):
            return None
        return self.fills.get((table.name, column.name))

    def _alter_options(self, tables: Iterable[Table]) -> None:
        for table in tables:
            old = self.schema.table(table.name).options
            if old != table.options:
                self._do(Alter(table.name, old, table.options))

    def _add_primary_keys(self, tables: Iterable[Table]) -> None:
        for table in tables:
            if table.primary_key and self.schema.table(table.name).primary_key is None:
                self._do(Add(table.name, table.primary_key))

    def _change_primary_keys(self, tables: Iterable[Table]) -> None:
        """Drop and alter them: foreign keys may need unique constraints that are there now."""
        for table in tables:
            match self.schema.table(table.name).primary_key, table.primary_key:
                case PrimaryKey() as old, None:
                    self._do(Drop(table.name, old))
                case PrimaryKey() as old, PrimaryKey() as new if old != new:
                    self._do(Alter(table.name, old, new))

    def _create_tables(self, tables: Iterable[Table]) -> None:
        for table in parents_first(tables):
            taken = {name.lower() for each in self.schema for name in key_names(each)}
            inline = tuple(
                key
                for key in table.foreign_keys
                if self._can_refer(table, key) and (key.name or "").lower() not in taken
            )
            made = table.rows if rows.is_bound(table, self.schema) else None
            self._do(Add(table.name, replace(table, foreign_keys=inline, rows=made)))

    def _can_refer(self, table: Table, key: ForeignKey) -> bool:
        """Whether what a key refers to is there already, unique."""
        referred = self.schema.find_table(key.referred_table)
        referred = table if key.referred_table == table.name else referred
        return referred is not None and key.referred_columns in referred.keys

    def _create_indexes(self, tables: Iterable[Table]) -> None:
        for table in tables:
            present = self.schema.table(table.name).indexes
            there = set(indexes.counterparts(present, table.indexes).values())
            for index in table.indexes:
                if index not in there:
                    self._do(Add(table.name, index))

    def _change_foreign_keys(self) -> list[Add]:
        """Alter keys, then add the new ones: a name may pass from one key to another.

        Return those to add once reference rows have their values: on the way back, these still
        refer to rows that go when the key is gone.
        """
        added: list[Add] = []
        for table in self.after:
            for key in table.foreign_keys:
                old = self.schema.table(table.name).find_foreign_key(key.columns)
                if old is None:
                    added.append(Add(table.name, key))
                elif old != key:
                    self._do(Alter(table.name, old, key))
        late = [each for each in added if rows.gives(self.after.table(each.table), each.object)]
        self._do_all(each for each in added if each not in late)
        return late

    # What is dropped: last, unless it is in the way.

    def _in_the_way(self, doomed: Iterable[str], kept: Mapping[str, Table]) -> bool:
        """Whether a table that goes has a name that is needed, or refers to a changing key."""
        keys = {name.lower() for table in self.after for name in key_names(table)}
        tables = [self.schema.table(name) for name in doomed]
        return any(
            self.taken.holds_back(table)
            or any(name.lower() in keys for name in key_names(table))
            or any(self._loses_key(key, kept) for key in table.foreign_keys)
            for table in tables
        )

    def _loses_key(self, key: ForeignKey, kept: Mapping[str, Table]) -> bool:
        new = kept.get(key.referred_table)
        if new is None:
            return False
        columns = self._new_names(new.name, key.referred_columns)
        return columns not in new.keys

    def _drop_late(self, tables: Iterable[Table]) -> None:
        """Drop unique constraints and indexes that foreign keys needed so far."""
        for table in tables:
            uniques = self.schema.table(table.name).uniques
            self._do_all(Drop(table.name, each) for each in uniques if each not in table.uniques)
            present = self.schema.table(table.name).indexes
            staying = indexes.counterparts(present, table.indexes)
            for index in present:
                if index not in staying:
                    self._do(Drop(table.name, index))

    def _drop_columns(self, tables: Iterable[Table]) -> None:
        for table in tables:
            for column in generated_first(self.schema.table(table.name).columns):
                if table.find_column(column.name) is None:
                    self._do(Drop(table.name, column))

    def _drop_tables(self, tables: Iterable[Table]) -> None:
        order, cycles = children_first(tables)
        for name, key in cycles:
            self._do(Drop(name, key))
        for name in order:
            self._do(Drop(name, self.schema.table(name)))


def _target(key: ForeignKey) -> tuple[str, tuple[str, ...]]:
    return (key.referred_table, key.referred_columns)
