"""Operations -> steps on MySQL and MariaDB."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Capabilities, Dialect, LiveStep, Step
from peewee_mig.dialects.mysql.live import DropForeignKey, RenameColumn
from peewee_mig.dialects.mysql.live_parts import (
    DropCheck,
    DropUnique,
    MoveTable,
    ReplaceOwnIndex,
    ResetEngine,
)
from peewee_mig.dialects.mysql.lower_columns import ColumnLowering, Dependent, covers
from peewee_mig.dialects.mysql.parts import leading_columns
from peewee_mig.dialects.mysql.preflight import HasIndex, Unread, needs_of_expressions
from peewee_mig.dialects.mysql.render import add_index, numbered_in_key, takes_place
from peewee_mig.dialects.preflight import Need, checked, handled, leaving, needs_of_indexes
from peewee_mig.operations import parts
from peewee_mig.operations.verbs import (
    Add,
    Alterable,
    Apart,
    Drop,
    Operation,
    Rename,
    RunPython,
    RunSQL,
)
from peewee_mig.schema.names import bare, schema_of
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
from peewee_mig.schema.standalone import RawObject, View

#: Settings of a table that have no word for their default -> what stands for it.
_RESET = {
    "AUTO_INCREMENT": "",
    "AVG_ROW_LENGTH": "0",
    "CHECKSUM": "0",
    "DELAY_KEY_WRITE": "0",
    "ENCRYPTION": "'N'",
    "KEY_BLOCK_SIZE": "0",
    "MAX_ROWS": "0",
    "MIN_ROWS": "0",
}
_TEXTS = ("CHARSET", "COLLATE")
_TEXT = re.compile(r"(?:var)?char\b|(?:tiny|medium|long)?text\b|enum\b|set\b", re.IGNORECASE)


class MysqlLowering(ColumnLowering):
    """The steps of one migration on MySQL and MariaDB."""

    def __init__(self, dialect: Dialect, before: Schema, capabilities: Capabilities) -> None:
        super().__init__(dialect, before)
        self.mysql = dialect.called(capabilities) == "MySQL"
        #: The indexes over columns that number all rows later on.
        self.late: list[Add] = []

    def run(self, operations: Sequence[Operation]) -> tuple[Step, ...]:
        """Return the steps; those that take a name check that no view or trigger needs it."""
        before = self.schema
        steps, own = super().run(operations), handled(operations, self.dialect.name)
        needs: dict[int, list[Need]] = {
            position: [Unread(each.table, each.column, each.changes, own)]
            for position, each in leaving(operations, self.schema)
            if not each.column or each.new.casefold() != each.column.casefold()
        }
        for position, need in needs_of_expressions(operations, before, own):
            needs.setdefault(position, []).append(need)
        for position, index in needs_of_indexes(operations, before, HasIndex):
            needs.setdefault(position, []).append(index)
        return tuple(checked(steps, needs, self.dialect))

    def drop_foreign_key(self, table: Table, key: ForeignKey) -> None:
        """Drop a foreign key, and the index that InnoDB made where there was none."""
        if _is_indexed(table, key):
            self.emit_step(self.foreign_key_dropper(table, key), table.name)
        else:
            self._drop_with_index(table, key)

    def _drop_with_index(self, table: Table, key: ForeignKey) -> None:
        """Drop a foreign key with its index, after the keys that its index serves as well.

        For them InnoDB keeps none of their own. Source: error 1553 (measured, MariaDB 10.11).
        """
        served = (each for each in table.foreign_keys if covers(key.columns, each.columns))
        self.detach((table, e) for e in served if e != key and not _is_indexed(table, e))
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
        self.detach_needing(table, leading_columns(index))
        name, place = self.dialect.quote(index.name), self.dialect.quote_table(table.name)
        self.emit(f"DROP INDEX {name} ON {place}", tables=(table.name,))

    def drop_constraint(self, table: Table, thing: Check | Unique | Exclusion) -> None:
        """Drop a constraint, after the foreign keys that need it."""
        match thing:
            case Check():
                self.steps.append(DropCheck((self.position,), self.dialect, table, thing))
            case Unique(name=None):
                self.detach_needing(table, thing.columns)
                others = tuple(each.name for each in table.indexes)
                others += tuple(each.name for each in table.uniques if each.name)
                position = (self.position,)
                self.steps.append(DropUnique(position, self.dialect, table.name, thing, others))
            case Unique():
                self.drop_index(table, Index(thing.name or "", thing.columns, unique=True))
            case Exclusion():
                pass  # it was never made here
            case _:
                assert_never(thing)

    def alter_options(self, table: Table, old: Options, new: Options) -> None:
        """Change the comment and the settings of a table; its texts follow its collation."""
        actions = list(self._settings(old, new))
        texts = list(_texts(new))
        if texts != list(_texts(old)):
            actions += texts or ["DEFAULT CHARSET=DEFAULT"]
            columns = [each for each in numbered_in_key(table) if self._follows(each)]
            self.detach(self.keys_touching(table, [each.name for each in columns]))
            changes = [self._change(table.name, each) for each in columns]
            self._modify(table.name, *changes, first=tuple(actions))
        elif actions:
            self.alter(table.name, *actions)
        if _engine(old) and not _engine(new):
            self.steps.append(ResetEngine((self.position,), self.dialect, table.name))

    def _settings(self, old: Options, new: Options) -> Iterator[str]:
        said = {word.partition("=")[0] for word in new.words}
        for word in old.words:
            name = word.partition("=")[0]
            value = _RESET.get(name, "DEFAULT")
            if name not in (*said, *_TEXTS, "ENGINE") and value:
                yield f"{name}={value}"
        yield from (
            word
            for word in new.words
            if word not in old.words and word.partition("=")[0] not in _TEXTS
        )
        if old.comment != new.comment:
            yield f"COMMENT={self.dialect.text_sql(new.comment or '')}"

    def _follows(self, column: Column) -> bool:
        """Whether a column has the collation of its table."""
        own = column.collation or any(word.startswith("CHARACTER") for word in column.options)
        return not own and _TEXT.match(self.dialect.type_sql(column.type)) is not None

    def alter_object(self, old: Alterable, new: Alterable) -> None:
        """Put an object beside the tables in place of another; grants on a view stay."""
        if isinstance(new, View):
            sql = ddl.create_view(self.dialect, new).replace("CREATE", "CREATE OR REPLACE", 1)
            self.emit(sql, tables=(new.name,))
        else:
            super().alter_object(old, new)

    def rename(self, operation: Rename) -> None:
        """Rename a table, column or index; an index that InnoDB named as a column goes along."""
        self._note_name(operation)
        match operation.kind:
            case "index":
                table = self.schema.table(operation.table)
                index = next(each for each in table.indexes if each.name == operation.old)
                self._make_way(table, replace(index, name=operation.new))
                super().rename(operation)
            case "column":
                self._rename_column(operation)
            case "table":
                self._rename_table(operation)
            case "value" | "virtual_table":
                pass  # it was never made here
            case _:
                assert_never(operation.kind)

    def _rename_table(self, operation: Rename) -> None:
        old, new = operation.old, operation.new
        if schema_of(old) == schema_of(new):
            super().rename(operation)
        else:
            early = self.is_early(old)
            self.steps.append(MoveTable((self.position,), self.dialect, old, new, early))

    def _rename_column(self, operation: Rename) -> None:
        table, names = self.schema.table(operation.table), {operation.old: operation.new}
        aside = self.set_aside(table, operation.old) if self.mysql else []
        key = self._served_by_its_own(operation)
        if key is None:
            super().rename(operation)
        else:
            step = RenameColumn(
                (self.position,), self.dialect, operation.table, key.columns, operation.new
            )
            self.emit_step(step, operation.table)
        self.put_back(operation.table, _renamed(table, aside, names))

    def _served_by_its_own(self, operation: Rename) -> ForeignKey | None:
        """Return the foreign key whose own index has the name of a column, if there is one."""
        table = self.schema.table(operation.table)
        if {operation.old, operation.new} & {index.name for index in table.indexes}:
            return None
        keys = [k for k in table.foreign_keys if not k.name and k.columns[0] == operation.old]
        bare = (key for key in keys if not _is_indexed(table, key))
        return next(bare, None)

    def rename_sql(self, operation: Rename) -> str:
        """Spell a rename."""
        quote = self.dialect.quote_table if operation.kind == "table" else self.dialect.quote
        old, new = quote(operation.old), quote(operation.new)
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
            case RunSQL() | RunPython() | Apart() | Drop(object=RawObject()):
                self.unsure = True
            case Add(object=Index() as index):
                self._make_way(self.schema.table(operation.table), index)
            case Add(object=Unique() as unique):
                named = Index(unique.name or unique.columns[0], unique.columns, unique=True)
                self._make_way(self.schema.table(operation.table), named)
            case Add(object=Table()):
                self.new_names.add((operation.table,))
            case _:
                pass
        super()._lower(operation)

    def _add(self, operation: Add) -> None:
        """Add an object; an index takes the place of the one that InnoDB made for a key."""
        match operation.object:
            case Index() | Unique() as added:
                self._add_index(operation, added)
            case _:
                super()._add(operation)

    def _add_index(self, operation: Add, added: Index | Unique) -> None:
        key = self._served_anew(operation.table, added)
        if any((operation.table, name) in self.unnumbered for name in added.columns):
            self.late.append(operation)
        elif key is None:
            super()._add(operation)
        else:
            self._replace_own(operation.table, key, added)

    def add_primary_key(self, table: Table, key: PrimaryKey) -> None:
        """Add a primary key; indexes over what it numbers come then: before, all rows are equal."""
        super().add_primary_key(table, key)
        numbered = {(table.name, name) for name in key.columns}
        if numbered & self.unnumbered and table.name not in self.keyless:
            self.unnumbered -= numbered
            late, self.late = self.late, []
            for operation in late:
                self._add(operation)

    def _replace_own(self, table: str, key: ForeignKey, added: Index | Unique) -> None:
        if isinstance(added, Index):
            words, plain = add_index(self.dialect, added), self.dialect.create_index(table, added)
        else:
            words = f"ADD {ddl.constraint(self.dialect, added)}"
            plain = ddl.alter(self.dialect, table, words)
        step = ReplaceOwnIndex((self.position,), self.dialect, table, key, plain, words)
        self.emit_step(step, table)

    def _served_anew(self, name: str, added: Index | Unique) -> ForeignKey | None:
        """Return the key that is there and that an index will serve as the first one."""
        table = self.schema.table(name)
        index = added if isinstance(added, Index) else Index("", added.columns, unique=True)
        served = (key for key in table.foreign_keys if covers(leading_columns(index), key.columns))
        bare = (key for key in served if not _is_indexed(table, key))
        return next((key for key in bare if (name, key.columns) not in self.detached), None)

    def _note_name(self, operation: Rename) -> None:
        match operation:
            case Rename(kind="table", old=old, new=new):
                self.new_names.add((new,))
                self.keyless = {new if name == old else name for name in self.keyless}
            case Rename(kind="column", table=table, new=new):
                self.new_names.add((table, new))
            case _:
                pass

    def _make_way(self, table: Table, index: Index) -> None:
        """Drop the foreign key whose own index would make way for another, until the end.

        Then InnoDB makes it again, by a name that is free.
        """
        for key in table.foreign_keys:
            free = (table.name, key.columns) not in self.detached
            if free and takes_place(index, key) and not _is_indexed(table, key):
                self._drop_with_index(table, key)
                self._postpone(table, key)

    def _dropper(self, table: Table, key: ForeignKey, *, with_index: bool = False) -> LiveStep:
        unnamed = [each for each in table.foreign_keys if each.name is None]
        assumed = key.name or f"{bare(table.name)}_ibfk_{unnamed.index(key) + 1}"
        return DropForeignKey((self.position,), self.dialect, table.name, key, assumed, with_index)


def _renamed(table: Table, aside: list[Dependent], names: dict[str, str]) -> list[Dependent]:
    """Return parts of a table as they are once its columns have other names."""
    after = parts.renamed_columns(table, names)
    pairs: dict[Dependent, Dependent] = {
        **dict(zip(table.columns, after.columns, strict=True)),
        **dict(zip(table.checks, after.checks, strict=True)),
        **dict(zip(table.uniques, after.uniques, strict=True)),
        **dict(zip(table.indexes, after.indexes, strict=True)),
    }
    return [pairs[each] for each in aside]


def _texts(options: Options) -> Iterator[str]:
    """Yield the settings of the character set and the collation, in this order."""
    for name in _TEXTS:
        yield from (f"DEFAULT {word}" for word in options.words if word.startswith(f"{name}="))


def _engine(options: Options) -> bool:
    return any(word.startswith("ENGINE=") for word in options.words)


def _is_indexed(table: Table, key: ForeignKey) -> bool:
    return any(covers(columns, key.columns) for columns in _indexed(table))


def _indexed(table: Table) -> list[tuple[str, ...]]:
    key = [table.primary_key.columns] if table.primary_key else []
    uniques = [unique.columns for unique in table.uniques]
    return [*key, *uniques, *map(leading_columns, table.indexes)]
