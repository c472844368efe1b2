"""Operations -> steps on MySQL and MariaDB."""

from __future__ import annotations

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import LiveStep
from peewee_mig.dialects.fills import is_constant
from peewee_mig.dialects.lowering import Lowering, in_primary_key
from peewee_mig.dialects.mysql.live import DropForeignKey, RenameColumn
from peewee_mig.dialects.mysql.render import modify, plain
from peewee_mig.dialects.mysql.types import WITHOUT_DEFAULT, conversion
from peewee_mig.operations.verbs import Add, Alter, Rename
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table


class MysqlLowering(Lowering):
    """The steps of one migration on MySQL and MariaDB."""

    def add_column(self, operation: Add, column: Column) -> None:
        """Add a column; one that numbers itself starts to when it becomes the primary key."""
        table, fill = operation.table, operation.fill
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
        new = new if in_primary_key(table, new) else plain(new)
        retyped = self.dialect.type_sql(old.type) != self.dialect.type_sql(new.type)
        self.detach(
            (owner, key)
            for owner, key in self.keys_touching(table, [old.name])
            if retyped or (old.null != new.null and _follows_rows(key))
        )
        self._convert(table.name, old, new)
        if operation.fill is not None:
            if retyped:
                self.alter(table.name, modify(self.dialect, new, null=True))
            self.fill(table.name, new, operation.fill)
        if retyped or old.null != new.null:
            self.alter(table.name, modify(self.dialect, new))

    def add_primary_key(self, table: Table, key: PrimaryKey) -> None:
        """Add a primary key; its column starts to number itself if that is its type."""
        numbered = [c for name in key.columns if (c := table.column(name)).type.auto]
        self.alter(
            table.name,
            f"ADD PRIMARY KEY ({self.dialect.quote_all(key.columns)})",
            *(modify(self.dialect, column) for column in numbered),
        )

    def drop_primary_key(self, table: Table, key: PrimaryKey) -> None:
        """Drop a primary key: then its columns cannot number themselves but can take NULL."""
        self._detach_needing(table, key.columns)
        columns = [table.column(name) for name in key.columns]
        freed = [plain(column) for column in columns if column.type.auto or column.null]
        self.alter(
            table.name, "DROP PRIMARY KEY", *(modify(self.dialect, column) for column in freed)
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
        keys = [k for k in table.foreign_keys if not k.name and k.columns[0] == operation.old]
        bare = (key for key in keys if not _is_indexed(table, key))
        return next(bare, None)

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
            null = "" if old.null else " NOT NULL"
            self.alter(table, f"MODIFY {name} {words}{null}")
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
