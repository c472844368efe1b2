"""Operations -> steps on MySQL and MariaDB."""

from __future__ import annotations

from dataclasses import replace

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect, LiveStep
from peewee_mig.dialects.fills import is_constant
from peewee_mig.dialects.lowering import Lowering, in_primary_key
from peewee_mig.dialects.mysql.live import Change, DropForeignKey, ModifyColumns, RenameColumn
from peewee_mig.dialects.mysql.render import modify, plain, takes_name
from peewee_mig.dialects.mysql.types import WITHOUT_DEFAULT, conversion, is_long
from peewee_mig.operations.replay import apply
from peewee_mig.operations.verbs import Add, Alter, Operation, Rename, RunSQL
from peewee_mig.schema.objects import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType

#: Zeros stay zeros while a column starts to number itself. Measured on MariaDB 10.11: else they
#: get the next number, and what refers to them is lost.
_KEEP_ZEROS = "SET sql_mode = concat(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')"
_NUMBER_ZEROS = "SET sql_mode = replace(@@sql_mode, 'NO_AUTO_VALUE_ON_ZERO', '')"


class MysqlLowering(Lowering):
    """The steps of one migration on MySQL and MariaDB."""

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
            definition = ddl.column_definition(self.dialect, plain(column))
            self.alter(table, f"ADD COLUMN {definition}")
        elif is_constant(fill) and column.type.name not in WITHOUT_DEFAULT:
            definition = ddl.column_definition(self.dialect, column)
            default = self.dialect.fill_sql(fill, column.type)
            self.alter(table, f"ADD COLUMN {definition} DEFAULT {default}")
            self.alter(table, f"ALTER COLUMN {self.dialect.quote(column.name)} DROP DEFAULT")
        else:
            definition = ddl.column_definition(self.dialect, column, null=True)
            self.alter(table, f"ADD COLUMN {definition}")
            self.fill(table, column, fill)
            self.alter(table, modify(self.dialect, column))

    def alter_column(self, operation: Alter, old: Column, new: Column) -> None:
        """Change a column: its type first, NOT NULL last."""
        table = self.schema.table(operation.table)
        if self._in_key(table, new) and is_long(self.dialect.type_sql(new.type)):
            self._lose_key(table)
        new = new if self._in_key(table, new) else plain(new)
        retyped = self.dialect.type_sql(old.type) != self.dialect.type_sql(new.type)
        self.detach(
            (owner, key)
            for owner, key in self.keys_touching(table, [old.name])
            if retyped or (old.null != new.null and _follows_rows(key))
        )
        self._convert(table.name, old, new)
        if operation.fill is not None:
            if retyped:
                nullable = Column(new.name, new.type, null=True)
                self._modify(table.name, self._change(table.name, nullable, old.type))
            self.fill(table.name, new, operation.fill)
        if retyped or old.null != new.null:
            was = old.type if operation.fill is None else new.type
            keeps = new.type.auto and not old.type.auto
            self._modify(table.name, self._change(table.name, new, was), keeps_zeros=keeps)
        self._regain_key(operation)

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
            first=f"ADD PRIMARY KEY ({self.dialect.quote_all(key.columns)})",
            keeps_zeros=any((table.name, c.name) not in self.unnumbered for c in numbered),
        )

    def drop_primary_key(self, table: Table, key: PrimaryKey) -> None:
        """Drop a primary key: then its columns cannot number themselves but can take NULL."""
        if table.name in self.keyless:
            self.keyless.remove(table.name)
            return
        self._detach_needing(table, key.columns)
        columns = [table.column(name) for name in key.columns]
        freed = [plain(column) for column in columns if column.type.auto or column.null]
        self._modify(
            table.name,
            *(self._change(table.name, column) for column in freed),
            first="DROP PRIMARY KEY",
        )

    def drop_foreign_key(self, table: Table, key: ForeignKey) -> None:
        """Drop a foreign key, and the index that InnoDB made where there was none."""
        if _is_indexed(table, key):
            self.emit_step(self.foreign_key_dropper(table, key), table.name)
        else:
            self.emit_step(self._dropper(table, key, with_index=True), table.name)

    def foreign_key_dropper(self, table: Table, key: ForeignKey) -> LiveStep | str:
        """Return the step that drops a foreign key: by name if the user chose one."""
        if key.name:
            return ddl.alter(
                self.dialect, table.name, f"DROP FOREIGN KEY {self.dialect.quote(key.name)}"
            )
        return self._dropper(table, key)

    def drop_index(self, table: Table, index: Index) -> None:
        """Drop an index, after the foreign keys that need it."""
        self._detach_needing(table, index.columns)
        name, place = self.dialect.quote(index.name), self.dialect.quote(table.name)
        self.emit(f"DROP INDEX {name} ON {place}", tables=(table.name,))

    def rename(self, operation: Rename) -> None:
        """Rename a table, column or index; an index that InnoDB named as a column goes along."""
        self._note_name(operation)
        if operation.kind == "index":
            table = self.schema.table(operation.table)
            index = next(each for each in table.indexes if each.name == operation.old)
            self._make_way(table, replace(index, name=operation.new))
        key = self._served_by_its_own(operation) if operation.kind == "column" else None
        if key is None:
            super().rename(operation)
        else:
            step = RenameColumn(
                (self.position,), self.dialect, operation.table, key.columns, operation.new
            )
            self.emit_step(step, operation.table)

    def _served_by_its_own(self, operation: Rename) -> ForeignKey | None:
        """Return the foreign key whose own index has the name of a column, if there is one."""
        table = self.schema.table(operation.table)
        if {operation.old, operation.new} & {index.name for index in table.indexes}:
            return None
        keys = [k for k in table.foreign_keys if not k.name and k.columns[0] == operation.old]
        bare = (key for key in keys if not _is_indexed(table, key))
        return next(bare, None)

    def drop_constraint(self, table: Table, thing: Check | Unique | Exclusion) -> None:
        """Drop a constraint, after the foreign keys that need it."""
        raise NotImplementedError(table, thing)

    def alter_options(self, table: Table, old: Options, new: Options) -> None:
        """Change the comment and the options of a table."""
        raise NotImplementedError(table, old, new)

    def rename_sql(self, operation: Rename) -> str:
        """Spell a rename."""
        old, new = self.dialect.quote(operation.old), self.dialect.quote(operation.new)
        match operation.kind:
            case "index":
                return ddl.alter(self.dialect, operation.table, f"RENAME INDEX {old} TO {new}")
            case "column":
                return ddl.alter(self.dialect, operation.table, f"RENAME COLUMN {old} TO {new}")
            case _:
                return f"RENAME TABLE {old} TO {new}"

    def _lower(self, operation: Operation) -> None:
        """Take note of what changes what can be told before the migration, then lower."""
        match operation:
            case RunSQL():
                self.unsure = True
            case Add(object=Index() as index):
                self._make_way(self.schema.table(operation.table), index)
            case Add(object=Table()):
                self.new_names.add((operation.table,))
            case _:
                pass
        super()._lower(operation)

    def _note_name(self, operation: Rename) -> None:
        match operation:
            case Rename(kind="table", old=old, new=new):
                self.new_names.add((new,))
                self.keyless = {new if name == old else name for name in self.keyless}
            case Rename(kind="column", table=table, new=new):
                self.new_names.add((table, new))
            case _:
                pass

    def _modify(
        self, table: str, *changes: Change, first: str = "", keeps_zeros: bool = False
    ) -> None:
        """Append an ALTER TABLE that changes columns, after something else it may do."""
        actions = (first,) if first else ()
        step = ModifyColumns((self.position,), self.dialect, table, changes, actions)
        if keeps_zeros:
            self.emit(_KEEP_ZEROS, tables=())
        self.emit_step(step if changes else ddl.alter(self.dialect, table, *actions), table)
        if keeps_zeros:
            self.emit(_NUMBER_ZEROS, tables=())

    def _change(self, table: str, column: Column, old: ColumnType | None = None) -> Change:
        """Return the change of a column, of which only the numbering changes without ``old``."""
        names = {(table,), (table, column.name)}
        early = not (self.unsure or names & self.new_names)
        return Change(column, old or column.type, column.type, early)

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

    def _make_way(self, table: Table, index: Index) -> None:
        """Drop the foreign key whose own index has the name of another, until the end.

        Then InnoDB makes it again, by a name that is free.
        """
        for key in table.foreign_keys:
            free = (table.name, key.columns) not in self.detached
            if free and takes_name(index, key) and not _is_indexed(table, key):
                self.emit_step(self._dropper(table, key, with_index=True), table.name)
                self._postpone(table, key)

    def _detach_needing(self, table: Table, columns: tuple[str, ...]) -> None:
        """Detach the foreign keys that only the index over these columns may serve."""
        keys = [(table, key) for key in table.foreign_keys if _covers(columns, key.columns)]
        keys += [
            (owner, key)
            for owner, key in self.schema.referring(table.name)
            if _covers(columns, key.referred_columns) and (owner, key) not in keys
        ]
        self.detach(keys)

    def _dropper(self, table: Table, key: ForeignKey, *, with_index: bool = False) -> LiveStep:
        unnamed = [each for each in table.foreign_keys if each.name is None]
        assumed = key.name or f"{table.name}_ibfk_{unnamed.index(key) + 1}"
        return DropForeignKey((self.position,), self.dialect, table.name, key, assumed, with_index)

    def _convert(self, table: str, old: Column, new: Column) -> None:
        """Give values the spelling that the new type has for them."""
        name = self.dialect.quote(old.name)
        found = conversion(name, old.type, new.type)
        if found is not None:
            words, value = found
            between = Column(old.name, ColumnType(words), old.null)
            change = self._change(table, between, old.type)
            self._modify(table, replace(change, new=new.type))
            self.update(table, f"{name} = {value}")


def _follows_rows(key: ForeignKey) -> bool:
    """Whether a key changes its columns by itself: then InnoDB watches whether they take NULL.

    Measured on MariaDB 10.11: 1830 and 1833 where SET NULL meets NOT NULL, and where ON
    UPDATE CASCADE would bring a NULL from a column that takes it to one that does not.
    """
    return "SET NULL" in (key.on_delete, key.on_update) or key.on_update == "CASCADE"


def _is_indexed(table: Table, key: ForeignKey) -> bool:
    return any(_covers(columns, key.columns) for columns in _indexed(table))


def _indexed(table: Table) -> list[tuple[str, ...]]:
    key = [table.primary_key.columns] if table.primary_key else []
    return [*key, *(index.columns for index in table.indexes)]


def _covers(index: tuple[str, ...], columns: tuple[str, ...]) -> bool:
    """Whether an index serves a foreign key: it begins with the key's columns."""
    return index[: len(columns)] == columns
