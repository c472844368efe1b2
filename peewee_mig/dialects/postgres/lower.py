"""Operations -> steps on PostgreSQL."""

from __future__ import annotations

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import LiveStep
from peewee_mig.dialects.fills import is_constant
from peewee_mig.dialects.guards import INTEGER_BITS
from peewee_mig.dialects.lowering import Lowering, in_primary_key
from peewee_mig.dialects.postgres.live import DropConstraint, OnSequence
from peewee_mig.dialects.postgres.render import add_column, object_name, stored_name
from peewee_mig.dialects.postgres.types import cast_sql, text_literal
from peewee_mig.operations.verbs import Add, Alter, Rename
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
from peewee_mig.schema.types import ColumnType

_SERIAL = frozenset({"AUTO", "BIGAUTO"})
_IDENTITY = {"IDENTITY": "BY DEFAULT", "IDENTITY_ALWAYS": "ALWAYS"}


class PostgresLowering(Lowering):
    """The steps of one migration on PostgreSQL."""

    def add_column(self, operation: Add, column: Column) -> None:
        """Add a column; a default that fills existing rows does not stay."""
        table, fill = operation.table, operation.fill
        if fill is None or column.null:
            self.emit(add_column(self.dialect, table, column), tables=(table,))
        elif is_constant(fill):
            default = self.dialect.fill_sql(fill, column.type)
            self.emit(add_column(self.dialect, table, column, default=default), tables=(table,))
            self._alter_column(table, column.name, "DROP DEFAULT")
        else:
            empty = Column(column.name, column.type, null=True)
            self.emit(add_column(self.dialect, table, empty), tables=(table,))
            self.fill(table, column, fill)
            self._alter_column(table, column.name, "SET NOT NULL")

    def alter_column(self, operation: Alter, old: Column, new: Column) -> None:
        """Change a column: what hinders the new type goes first, NOT NULL comes last."""
        table = self.schema.table(operation.table)
        if not _comparable(old.type, new.type):
            self.detach(self.keys_touching(table, [old.name]))
        self._stop_numbering(table.name, old, new)
        if new.null and not old.null and not in_primary_key(table, new):
            self._alter_column(table.name, new.name, "DROP NOT NULL")
        self._change_type(table.name, old, new)
        if operation.fill is not None:
            self.fill(table.name, new, operation.fill)
        if old.null and not new.null:
            self._alter_column(table.name, new.name, "SET NOT NULL")
        self._start_numbering(table.name, old, new)

    def add_primary_key(self, table: Table, key: PrimaryKey) -> None:
        """Add a primary key."""
        self.alter(table.name, f"ADD PRIMARY KEY ({self.dialect.quote_all(key.columns)})")

    def drop_primary_key(self, table: Table, key: PrimaryKey) -> None:
        """Drop a primary key, after the foreign keys that refer to it.

        Only then can its columns take NULL.
        """
        self._detach_referring(table, key.columns)
        step = DropConstraint((self.position,), self.dialect, table.name, key)
        self.emit_step(step, table.name)
        for name in key.columns:
            if table.column(name).null:
                self._alter_column(table.name, name, "DROP NOT NULL")

    def drop_foreign_key(self, table: Table, key: ForeignKey) -> None:
        """Drop a foreign key; PostgreSQL made nothing else for it."""
        self.emit_step(self.foreign_key_dropper(table, key), table.name)

    def foreign_key_dropper(self, table: Table, key: ForeignKey) -> LiveStep | str:
        """Return the step that drops a foreign key: by name if the user chose one."""
        if key.name:
            drop = f"DROP CONSTRAINT {self.dialect.quote(key.name)}"
            return ddl.alter(self.dialect, table.name, drop)
        return DropConstraint((self.position,), self.dialect, table.name, key)

    def drop_index(self, table: Table, index: Index) -> None:
        """Drop an index, after the foreign keys that refer to what it makes unique."""
        if index.unique:
            self._detach_referring(table, index.columns)
        self.emit(f"DROP INDEX {self.dialect.quote(index.name)}", tables=(table.name,))

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
                return f"ALTER INDEX {old} RENAME TO {new}"
            case "column":
                return ddl.alter(self.dialect, operation.table, f"RENAME COLUMN {old} TO {new}")
            case _:
                return ddl.alter(self.dialect, operation.old, f"RENAME TO {new}")

    def _detach_referring(self, table: Table, columns: tuple[str, ...]) -> None:
        self.detach(
            (owner, key)
            for owner, key in self.schema.referring(table.name)
            if set(key.referred_columns) == set(columns)
        )

    def _alter_column(self, table: str, column: str, action: str) -> None:
        self.alter(table, f"ALTER COLUMN {self.dialect.quote(column)} {action}")

    def _change_type(self, table: str, old: Column, new: Column) -> None:
        words = self.dialect.type_sql(new.type.plain)
        if words == self.dialect.type_sql(old.type.plain):
            return
        using = cast_sql(self.dialect.quote(old.name), old.type, new.type)
        self._alter_column(
            table, new.name, f"TYPE {words} USING {using}" if using else f"TYPE {words}"
        )

    def _stop_numbering(self, table: str, old: Column, new: Column) -> None:
        if old.type.name in _SERIAL and new.type.name not in _SERIAL:
            step = OnSequence((self.position,), self.dialect, table, old.name)
            self.emit_step(step, table)
        elif old.type.name in _IDENTITY and new.type.name not in _IDENTITY:
            self._alter_column(table, old.name, "DROP IDENTITY")

    def _start_numbering(self, table: str, old: Column, new: Column) -> None:
        if new.type.name in _SERIAL and old.type.name in _SERIAL:
            self._retype_sequence(table, old, new)
        elif new.type.name in _SERIAL:
            self._add_sequence(table, new)
        elif new.type.name in _IDENTITY:
            kind = _IDENTITY[new.type.name]
            if old.type.name in _IDENTITY:
                self._alter_column(table, new.name, f"SET GENERATED {kind}")
            else:
                self._alter_column(table, new.name, f"ADD GENERATED {kind} AS IDENTITY")
                self._continue_after_rows(table, new.name)

    def _retype_sequence(self, table: str, old: Column, new: Column) -> None:
        words = self.dialect.type_sql(new.type.plain)
        if old.type != new.type:
            step = OnSequence((self.position,), self.dialect, table, new.name, words)
            self.emit_step(step, table)

    def _add_sequence(self, table: str, column: Column) -> None:
        name = self.dialect.quote(object_name(table, (column.name,), "seq"))
        place = f"{self.dialect.quote(table)}.{self.dialect.quote(column.name)}"
        words = self.dialect.type_sql(column.type.plain)
        self.emit(f"CREATE SEQUENCE {name} AS {words} OWNED BY {place}", tables=(table,))
        self._alter_column(table, column.name, f"SET DEFAULT nextval({text_literal(name)})")
        self._continue_after_rows(table, column.name)

    def _continue_after_rows(self, table: str, column: str) -> None:
        """Let the numbering go on after the highest number that a row has."""
        quoted = self.dialect.quote(table)
        name = text_literal(stored_name(column))
        sequence = f"pg_get_serial_sequence({text_literal(quoted)}, {name})"
        highest = f"coalesce(max({self.dialect.quote(column)}), 0)"
        sql = f"SELECT setval({sequence}, greatest({highest} + 1, 1), false) FROM {quoted}"
        self.emit(sql, tables=(table,))


def _comparable(old: ColumnType, new: ColumnType) -> bool:
    """Whether foreign keys may stay while a column changes its type."""
    one, other = old.plain.name, new.plain.name
    family = [set(INTEGER_BITS), {"VARCHAR", "TEXT"}]
    return one == other or any({one, other} <= members for members in family)
