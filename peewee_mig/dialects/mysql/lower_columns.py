"""Columns on MySQL and MariaDB: added, changed step by step, computed anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.fills import is_constant
from peewee_mig.dialects.lowering import Lowering, in_primary_key
from peewee_mig.dialects.mysql.live import Change, ModifyColumns
from peewee_mig.dialects.mysql.render import definition, modify, plain, type_words
from peewee_mig.dialects.mysql.texts import takes_constant
from peewee_mig.dialects.mysql.types import conversion, is_long
from peewee_mig.errors import RefusedError
from peewee_mig.operations.replay import apply
from peewee_mig.operations.verbs import Add, Alter
from peewee_mig.schema.objects import Check, Column, ForeignKey, Index, PrimaryKey, Table, Unique
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType

#: Zeros stay zeros while a column starts to number itself. Measured on MariaDB 10.11: else they
#: get the next number, and what refers to them is lost.
_KEEP_ZEROS = "SET sql_mode = concat(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')"
_NUMBER_ZEROS = "SET sql_mode = replace(@@sql_mode, 'NO_AUTO_VALUE_ON_ZERO', '')"

#: Prefix of a column that there is only between two statements.
_TEMPORARY = "_peewee_mig_"

#: Parts of a table that a column can be needed by, and that can be made anew.
Dependent = Check | Unique | Index | Column


class ColumnLowering(Lowering):
    """The steps that change columns and primary keys."""

    def __init__(self, dialect: Dialect, before: Schema) -> None:
        super().__init__(dialect, before)
        #: The tables that have a primary key by now, but not yet, or no more, in the database.
        self.keyless: set[str] = set()
        #: The tables and columns (table, column) whose names are of this migration.
        self.new_names: set[tuple[str, ...]] = set()
        #: The columns (table, column) that number all rows when they start to.
        self.unnumbered: set[tuple[str, str]] = set()
        #: Whether a user's own SQL came by, which may have changed anything.
        self.unsure = False

    def add_column(self, operation: Add, column: Column) -> None:
        """Add a column; one that numbers itself starts to when it becomes the primary key."""
        table, fill = operation.table, operation.fill
        self.new_names.add((table, column.name))
        if column.type.auto:
            self.unnumbered.add((table, column.name))
        if fill is None or column.null:
            self.alter(table, f"ADD COLUMN {definition(self.dialect, plain(column))}")
        elif is_constant(fill) and takes_constant(self.dialect.type_sql(column.type)):
            default = self.dialect.fill_sql(fill, column.type)
            filled = definition(self.dialect, column, default=default)
            self.alter(table, f"ADD COLUMN {filled}")
            self._leave_default(table, column)
        else:
            self.alter(table, f"ADD COLUMN {definition(self.dialect, column, null=True)}")
            self.fill(table, column, fill)
            self.alter(table, modify(self.dialect, column))

    def _leave_default(self, table: str, column: Column) -> None:
        """Take the default of the fill away, or put the declared one in its place."""
        if column.default is None:
            self.alter(table, f"ALTER COLUMN {self.dialect.quote(column.name)} DROP DEFAULT")
        else:
            self.alter(table, modify(self.dialect, column))

    def alter_column(self, operation: Alter, old: Column, new: Column) -> None:
        """Change a column: its type first, NOT NULL last."""
        table = self.schema.table(operation.table)
        if self._in_key(table, new) and is_long(self.dialect.type_sql(new.type)):
            self._lose_key(table)
        old, new = (c if self._in_key(table, c) else plain(c) for c in (old, new))
        in_key = in_primary_key(table, old) or self.keys_touching(table, [old.name])
        if operation.using and in_key:
            raise RefusedError(
                f"{operation.table}.{old.name} is part of a key: it cannot change by `using` here",
                hint="take the key away in a migration before, and make it again in one after",
            )
        is_cast = not new.computed and self._words(old) != self._words(new)
        if operation.using:
            self._change_by_expression(operation, table, old, new)
        elif _changes_kind(old, new) and not is_cast:
            self._recompute(operation, table, old, new)
        else:
            if _changes_kind(old, new):
                self._make_plain(table, old)
            self._change_column(operation, table, old, new)
        self._regain_key(operation)

    def _make_plain(self, table: Table, old: Column) -> None:
        """Keep the values of a virtual column, so that they can be cast."""
        made = replace(old, computed=None, null=True)
        self._recompute(Alter(table.name, old, made), table, old, made)

    def _change_column(self, operation: Alter, table: Table, old: Column, new: Column) -> None:
        retyped = self._words(old) != self._words(new)
        self.detach(
            (owner, key)
            for owner, key in self.keys_touching(table, [old.name])
            if retyped or (old.null != new.null and _follows_rows(key))
        )
        between = conversion("", old.type, new.type) is not None
        aside = [each for each in table.checks if between and old.name in each.expression.names]
        for check in aside:
            self.drop_constraint(table, check)
        self._convert(table.name, old, new)
        value = self._value_of_nulls(operation, old, new)
        if value and (retyped or old.computed):
            nullable = replace(new, null=True)
            self._modify(table.name, self._change(table.name, nullable, old))
            old = replace(old, type=new.type)
        if value:
            name = self.dialect.quote(new.name)
            self.update(table.name, f"{name} = {value} WHERE {name} IS NULL")
        if retyped or _stored(old) != _stored(new):
            keeps = new.type.auto and not old.type.auto
            self._modify(table.name, self._change(table.name, new, old), keeps_zeros=keeps)
        self.put_back(table.name, aside)

    def _change_by_expression(
        self, operation: Alter, table: Table, old: Column, new: Column
    ) -> None:
        """Give a column values of a new type that another one holds meanwhile."""
        value = operation.value(table.column_names)
        if value is None:
            raise AssertionError(operation)
        aside = self._expressions_of(table, old.name)
        for part in aside:
            self._drop_part(table, part)
        holder = replace(new, name=f"{_TEMPORARY}{new.name}"[:64], null=True, default=None)
        held, name = self.dialect.quote(holder.name), self.dialect.quote(new.name)
        free, emptied = replace(old, null=True, default=None), replace(new, null=True)
        self.alter(table.name, f"ADD COLUMN {definition(self.dialect, plain(holder))}")
        self.update(table.name, f"{held} = ({self.dialect.expression_sql(value)})")
        self._modify(table.name, self._change(table.name, free, old))
        self.update(table.name, f"{name} = NULL")
        self._modify(table.name, self._change(table.name, emptied, free))
        filled = self._value_of_nulls(operation, old, new)
        self.update(table.name, f"{name} = " + (f"COALESCE({held}, {filled})" if filled else held))
        if not new.null:
            self._modify(table.name, self._change(table.name, new, emptied))
        self.alter(table.name, f"DROP COLUMN {held}")
        self.put_back(table.name, aside)

    def update(self, table: str, change: str) -> None:
        """Append an UPDATE that leaves the moments of ON UPDATE columns as they are."""
        known = self.schema.find_table(table)
        for column in known.columns if known else ():
            name = self.dialect.quote(column.name)
            follows = any(word.startswith("ON UPDATE") for word in column.options)
            if follows and not change.startswith(f"{name} = "):
                change = f"{name} = {name}, {change}"
        super().update(table, change)

    def _value_of_nulls(self, operation: Alter, old: Column, new: Column) -> str:
        """Spell what rows with NULL get in a column that takes none any more."""
        if new.computed is not None:
            return ""
        if operation.fill is not None:
            return self.dialect.fill_sql(operation.fill, new.type)
        if old.null and not new.null and new.default is not None:
            return self.dialect.expression_sql(new.default)
        return ""

    def _recompute(self, operation: Alter, table: Table, old: Column, new: Column) -> None:
        """Put a column in place of another one: no ALTER makes a virtual one, or ends it.

        Source: error 1907 of MariaDB 10.11, 3106 of MySQL. Values of a virtual column stay.
        """
        aside = self._dependents(table, old.name)
        self.detach(self.keys_touching(table, [old.name]))
        for part in aside:
            self._drop_part(table, part)
        drop = f"DROP COLUMN {self.dialect.quote(old.name)}"
        if new.computed is not None:
            self.alter(table.name, drop, f"ADD COLUMN {definition(self.dialect, new)}")
        else:
            self._keep_values(operation, table.name, old, new)
        self.put_back(table.name, aside)

    def _keep_values(self, operation: Alter, table: str, old: Column, new: Column) -> None:
        """Turn a virtual column into one that holds the values."""
        holder = replace(new, name=f"{_TEMPORARY}{new.name}"[:64])
        quoted, name = self.dialect.quote(holder.name), self.dialect.quote(old.name)
        value = self._value_of_nulls(operation, old, new)
        taken = f"COALESCE({name}, {value})" if value else name
        self.alter(table, f"ADD COLUMN {definition(self.dialect, holder, null=True)}")
        self.update(table, f"{quoted} = {taken}")
        final = definition(self.dialect, new)
        self.alter(table, f"DROP COLUMN {name}", f"CHANGE {quoted} {final}")

    def _dependents(self, table: Table, column: str) -> list[Dependent]:
        """Return what needs a column, what needs that first; foreign keys are told apart."""
        found = self._expressions_of(table, column)
        found += [each for each in table.uniques if column in each.columns]
        found += [each for each in table.indexes if column in each.used]
        return list(dict.fromkeys(found))

    def _expressions_of(self, table: Table, column: str) -> list[Dependent]:
        """Return the checks and generated columns that name a column, with what needs these."""
        computed = [
            each
            for each in table.columns
            if each.computed and column in each.computed.expression.names and each.name != column
        ]
        found = [part for each in computed for part in self._dependents(table, each.name)]
        found += computed
        found += [each for each in table.checks if column in each.expression.names]
        return list(dict.fromkeys(found))

    def _drop_part(self, table: Table, part: Dependent) -> None:
        match part:
            case Column():
                self.alter(table.name, f"DROP COLUMN {self.dialect.quote(part.name)}")
            case Index():
                self.drop_index(table, part)
            case _:
                self.drop_constraint(table, part)

    def put_back(self, table: str, aside: Iterable[Dependent]) -> None:
        """Make anew what made way, what others need first."""
        for part in reversed(tuple(aside)):
            match part:
                case Column():
                    self.alter(table, f"ADD COLUMN {definition(self.dialect, part)}")
                case Index():
                    self.emit(self.dialect.create_index(table, part), tables=(table,))
                case _:
                    self.alter(table, f"ADD {ddl.constraint(self.dialect, part)}")

    def set_aside(self, table: Table, column: str) -> list[Dependent]:
        """Drop what MySQL cannot rename a column under, and return it.

        Source: its errors 3108 and 3959. MariaDB renames it there too.
        """
        aside = self._expressions_of(table, column)
        for part in aside:
            self._drop_part(table, part)
        return aside

    def add_primary_key(self, table: Table, key: PrimaryKey) -> None:
        """Add a primary key; its column starts to number itself if that is its type.

        A long text can be in none: then when a later operation has made it something else.
        """
        if self._has_long_key(table, key):
            self.keyless.add(table.name)
            return
        numbered = [c for name in key.columns if (c := table.column(name)).type.auto]
        self._modify(
            table.name,
            *(self._change(table.name, column) for column in numbered),
            first=(f"ADD PRIMARY KEY ({self.dialect.quote_all(key.columns)})",),
            keeps_zeros=any((table.name, c.name) not in self.unnumbered for c in numbered),
        )

    def drop_primary_key(self, table: Table, key: PrimaryKey) -> None:
        """Drop a primary key: then its columns cannot number themselves but can take NULL."""
        if table.name in self.keyless:
            self.keyless.remove(table.name)
            return
        self.detach_needing(table, key.columns)
        columns = [table.column(name) for name in key.columns]
        freed = [plain(column) for column in columns if column.type.auto or column.null]
        self._modify(
            table.name,
            *(self._change(table.name, column) for column in freed),
            first=("DROP PRIMARY KEY",),
        )

    def rename_primary_key(self, table: Table, old: PrimaryKey, new: PrimaryKey) -> None:
        """Do nothing: all primary keys are called PRIMARY."""

    def detach_needing(self, table: Table, columns: tuple[str, ...]) -> None:
        """Detach the foreign keys that only the index over these columns may serve."""
        keys = [(table, key) for key in table.foreign_keys if covers(columns, key.columns)]
        keys += [
            (owner, key)
            for owner, key in self.schema.referring(table.name)
            if covers(columns, key.referred_columns) and (owner, key) not in keys
        ]
        self.detach(keys)

    def _modify(
        self,
        table: str,
        *changes: Change,
        first: tuple[str, ...] = (),
        keeps_zeros: bool = False,
    ) -> None:
        """Append an ALTER TABLE that changes columns, after something else it may do."""
        step = ModifyColumns((self.position,), self.dialect, table, changes, first)
        if keeps_zeros:
            self.emit(_KEEP_ZEROS, tables=())
        self.emit_step(step if changes else ddl.alter(self.dialect, table, *first), table)
        if keeps_zeros:
            self.emit(_NUMBER_ZEROS, tables=())

    def _change(self, table: str, column: Column, was: Column | None = None) -> Change:
        """Return the change of a column, of which only the numbering changes without ``was``."""
        return Change(column, was or column, column.type, self.is_early(table, column.name))

    def is_early(self, *names: str) -> bool:
        """Whether a table, or a column of it, has its name already before the migration."""
        return not (self.unsure or {names[:1], names} & self.new_names)

    def _in_key(self, table: Table, column: Column) -> bool:
        """Whether a column is part of the primary key that the database has by now."""
        return table.name not in self.keyless and in_primary_key(table, column)

    def _has_long_key(self, table: Table, key: PrimaryKey) -> bool:
        types = (self.dialect.type_sql(table.column(name).type) for name in key.columns)
        return any(map(is_long, types))

    def _lose_key(self, table: Table) -> None:
        """Drop the primary key before its operation comes: a long text can be in none.

        Source: error 1170 of both servers. Where no operation comes, ``refuse`` says so.
        """
        if table.primary_key is not None:
            self.drop_primary_key(table, table.primary_key)
            self.keyless.add(table.name)

    def _regain_key(self, operation: Alter) -> None:
        """Add the primary key that could not be while a column was a long text."""
        table = apply(operation, self.schema).table(operation.table)
        key = table.primary_key
        if key is not None and table.name in self.keyless and not self._has_long_key(table, key):
            self.keyless.remove(table.name)
            self.add_primary_key(table, key)

    def _convert(self, table: str, old: Column, new: Column) -> None:
        """Give values the spelling that the new type has for them."""
        name = self.dialect.quote(old.name)
        found = conversion(name, old.type, new.type)
        if found is not None and not new.computed:
            words, value = found
            between = Column(old.name, ColumnType(words), old.null)
            change = self._change(table, between, old)
            self._modify(table, replace(change, final=new.type))
            self.update(table, f"{name} = {value}")

    def _words(self, column: Column) -> str:
        return type_words(self.dialect, column)

    def _plain_words(self, table: Table, column: str) -> str:
        return self._words(plain(table.column(column)))


def covers(index: tuple[str, ...], columns: tuple[str, ...]) -> bool:
    """Whether an index serves a foreign key: it begins with the key's columns."""
    return index[: len(columns)] == columns


def _changes_kind(old: Column, new: Column) -> bool:
    """Whether a column becomes virtual, or is virtual no more."""
    kinds = [each.computed is not None and not each.computed.stored for each in (old, new)]
    return kinds[0] != kinds[1]


def _stored(column: Column) -> Column:
    """Return what the server keeps of a column besides the words of its type."""
    return replace(column, type=ColumnType("INT"), null=column.null and not column.computed)


def _follows_rows(key: ForeignKey) -> bool:
    """Whether a key changes its columns by itself: then InnoDB watches whether they take NULL.

    Measured on MariaDB 10.11: 1830 and 1833 where SET NULL meets NOT NULL, and where ON
    UPDATE CASCADE would bring a NULL from a column that takes it to one that does not.
    """
    return "SET NULL" in (key.on_delete, key.on_update) or key.on_update == "CASCADE"
