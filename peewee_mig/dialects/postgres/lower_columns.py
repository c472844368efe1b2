"""Operations on columns -> steps on PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import reduce

from peewee_mig.dialects import ddl
from peewee_mig.dialects.fills import is_constant
from peewee_mig.dialects.guards import INTEGER_BITS
from peewee_mig.dialects.lowering import Lowering, in_primary_key
from peewee_mig.dialects.postgres import render
from peewee_mig.dialects.postgres.casts import cast_sql
from peewee_mig.dialects.postgres.live import AddSequence, OnSequence
from peewee_mig.dialects.postgres.objects import enum_of
from peewee_mig.dialects.postgres.partitions import refuse_retyped_key
from peewee_mig.dialects.postgres.types import (
    has_empty,
    normal_type,
    numbering,
    plain_type,
    text_literal,
    type_sql,
)
from peewee_mig.diff.passing import TEMPORARY
from peewee_mig.operations.parts import without_part
from peewee_mig.operations.verbs import Add, Alter, Constant, Fill, Generated
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import (
    Check,
    Column,
    Exclusion,
    Index,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.types import ColumnType

#: What is dropped and made again around a change of a column.
Part = Column | PrimaryKey | Unique | Index | Check | Exclusion


@dataclass(frozen=True, slots=True)
class Aside:
    """What makes way for a change of a column, and comes back after it.

    ``dropped``: by statements of their own; ``lost``: with the columns among them.
    """

    dropped: tuple[Part, ...] = ()
    lost: tuple[Part, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that make way."""
        return tuple(each.name for each in self.dropped if isinstance(each, Column))

    @property
    def back(self) -> list[Part]:
        """All parts in the order in which they come back."""
        return sorted((*self.dropped, *self.lost), key=lambda each: _ORDER.index(type(each)))


_ORDER: list[type[Part]] = [Column, PrimaryKey, Unique, Index, Check, Exclusion]


class ColumnLowering(Lowering):
    """The part of the walk that is about columns."""

    def add_column(self, operation: Add, column: Column) -> None:
        """Add a column; a default that only fills existing rows does not stay."""
        table = operation.table
        fill = self._known_fill(column, operation.fill)
        own = render.default_sql(self.dialect, column)
        if fill is None or column.null:
            self._emit_column(table, column)
        elif is_constant(fill):
            self._emit_column(table, column, default=self.dialect.fill_sql(fill, column.type))
            self._set_default(table, column.name, own)
        else:
            self._emit_column(table, replace(column, default=None, sequence=None), null=True)
            self.fill(table, column, fill)
            self._alter_column(table, column.name, "SET NOT NULL")
            if own:
                self._set_default(table, column.name, own)
        if column.comment:
            self._comment(table, column)

    def alter_column(self, operation: Alter, old: Column, new: Column) -> None:
        """Change a column; one that becomes generated, or is virtual, is dropped and added."""
        table = self.schema.table(operation.table)
        if is_exchanged(old, new):
            self._exchange(operation, table, old, new)
            return
        if old.computed and not new.computed:
            self._alter_column(table.name, old.name, "DROP EXPRESSION")
            old = replace(old, computed=None)
        self._change(operation, table, old, new)

    def update(self, table: str, change: str) -> None:
        """Append an UPDATE; a deferred key would forbid further changes of the table."""
        super().update(table, change)
        known = self.schema.find_table(table)
        deferrals = [key.deferrable for _, key in self.schema.referring(table)]
        if known is not None:
            deferrals += [key.deferrable for key in known.foreign_keys]
            deferrals += [key.deferrable for key in known.uniques]
        if "INITIALLY DEFERRED" in deferrals:
            self.emit("SET CONSTRAINTS ALL IMMEDIATE", tables=(table,), rows=True)

    # A column that is dropped and added.

    def _exchange(self, operation: Alter, table: Table, old: Column, new: Column) -> None:
        refuse_retyped_key(table, old, new)
        self.detach(self.keys_touching(table, [old.name]))
        aside = Aside(lost=tuple(_users(table, {old.name})))
        for column in aside.lost:
            if isinstance(column, Column):
                self.detach(self.keys_touching(table, [column.name]))
                self._drop_column(table.name, column.name)
        if new.computed is None:
            plain = self._keep_values(table.name, old)
            bare = reduce(without_part, aside.lost, table)
            self._change(operation, bare, plain, new)
        else:
            self._drop_column(table.name, old.name)
            self.add_column(Add(table.name, new, operation.fill), new)
        self.bring_back(table, aside)

    def _keep_values(self, table: str, old: Column) -> Column:
        """Put a column that holds its values in place of a virtual one, and return it.

        PostgreSQL drops only the expression of a stored one.
        """
        plain = replace(old, null=True, computed=None, comment=None)
        holder = replace(plain, name=f"{TEMPORARY}{old.name}")
        name, held = self.dialect.quote(old.name), self.dialect.quote(holder.name)
        self._emit_column(table, holder)
        self.update(table, f"{held} = {name}")
        self._drop_column(table, old.name)
        self.alter(table, f"RENAME COLUMN {held} TO {name}")
        return plain

    def _drop_column(self, table: str, name: str) -> None:
        self.alter(table, f"DROP COLUMN {self.dialect.quote(name)}")

    # A column that changes in place: what hinders the new type goes first, NOT NULL comes last.

    def _change(self, operation: Alter, table: Table, old: Column, new: Column) -> None:
        retyped = is_retyped(old, new) or bool(operation.using)
        if retyped:
            refuse_retyped_key(table, old, new)
        if operation.using or not _comparable(old.type, new.type):
            self.detach(self.keys_touching(table, [old.name]))
        aside = aside_of(table, [old.name]) if retyped else Aside()
        self.set_aside(table, aside)
        self._stop_numbering(table.name, old, new)
        was, default = (render.default_sql(self.dialect, each) for each in (old, new))
        if was and (retyped or not default):
            self._alter_column(table.name, new.name, "DROP DEFAULT")
        if new.null and not old.null and not in_primary_key(table, new):
            self._alter_column(table.name, new.name, "DROP NOT NULL")
        if retyped:
            self._change_type(table.name, old, new, operation.value(table.column_names))
        if default and (retyped or default != was):
            self._set_default(table.name, new.name, default)
        self._fill_nulls(operation, table.name, old, new)
        self._start_numbering(table.name, old, new)
        if (new.comment or None) != (old.comment or None):
            self._comment(table.name, new)
        self.bring_back(table, aside)

    def _fill_nulls(self, operation: Alter, table: str, old: Column, new: Column) -> None:
        """Give rows with NULL the fill, else the default, where NOT NULL comes."""
        fill = self._known_fill(new, operation.fill)
        default = render.default_sql(self.dialect, new)
        becomes = old.null and not new.null
        if fill is not None:
            self.fill(table, new, fill)
        elif becomes and default:
            name = self.dialect.quote(new.name)
            self.update(table, f"{name} = {default} WHERE {name} IS NULL")
        if becomes:
            self._alter_column(table, new.name, "SET NOT NULL")

    def _known_fill(self, column: Column, fill: Fill | None) -> Fill | None:
        """Return a fill; of a type whose empty value nobody knows there is none."""
        if fill != Generated("empty"):
            return fill
        enum = None if column.type.dimensions else enum_of(column.type, self.schema)
        if enum is not None:
            return Constant(enum.values[0])
        return fill if has_empty(column.type) else None

    def _change_type(self, table: str, old: Column, new: Column, value: Expression | None) -> None:
        plain = replace(new, type=plain_type(new.type))
        words = f"TYPE {render.typed(self.dialect, plain)}"
        using = ""
        if value is not None:
            using = f"({self.dialect.expression_sql(value)})"
        elif normal_type(plain_type(old.type)) != normal_type(plain_type(new.type)):
            using = cast_sql(self.dialect.quote(old.name), old.type, new.type)
        self._alter_column(table, new.name, f"{words} USING {using}" if using else words)

    # What makes way.

    def set_aside(self, table: Table, aside: Aside) -> None:
        """Drop what makes way."""
        self.detach(self.keys_touching(table, aside.columns) if aside.columns else [])
        for part in aside.dropped:
            match part:
                case Column():
                    self._drop_column(table.name, part.name)
                case Index():
                    self.drop_index(table, part)
                case Check() | Exclusion():
                    self.drop_constraint(table, part)
                case _:  # those that go with a column only
                    raise AssertionError(part)

    def bring_back(self, table: Table, aside: Aside) -> None:
        """Make again what made way."""
        for part in aside.back:
            match part:
                case Column():
                    self.add_column(Add(table.name, part), part)
                case PrimaryKey():
                    self.add_primary_key(table, part)
                case Index():
                    sql = self.dialect.create_index(table.name, part)
                    self.emit(sql, tables=(table.name,))
                case Check() | Exclusion() | Unique():
                    self.alter(table.name, f"ADD {ddl.constraint(self.dialect, part)}")

    # Numbers that the database gives.

    def _stop_numbering(self, table: str, old: Column, new: Column) -> None:
        was, becomes = numbering(old.type), numbering(new.type)
        if was == "SERIAL" and becomes != "SERIAL":
            step = OnSequence((self.position,), self.dialect, table, old.name)
            self.emit_step(step, table)
        elif was not in ("", "SERIAL") and becomes in ("", "SERIAL"):
            self._alter_column(table, old.name, "DROP IDENTITY")

    def _start_numbering(self, table: str, old: Column, new: Column) -> None:
        was, becomes = numbering(old.type), numbering(new.type)
        if becomes == "SERIAL" and was == "SERIAL":
            self._retype_sequence(table, old, new)
        elif becomes == "SERIAL":
            self._add_sequence(table, new)
        elif becomes and was in ("", "SERIAL"):
            self._alter_column(table, new.name, f"ADD GENERATED {becomes} AS IDENTITY")
            self._continue_after_rows(table, new.name)
        elif becomes and was != becomes:
            self._alter_column(table, new.name, f"SET GENERATED {becomes}")
        if new.sequence and new.sequence != old.sequence:
            self._advance(table, new.name, new.sequence)

    def _retype_sequence(self, table: str, old: Column, new: Column) -> None:
        words = type_sql(plain_type(new.type))
        if words != type_sql(plain_type(old.type)):
            step = OnSequence((self.position,), self.dialect, table, new.name, words)
            self.emit_step(step, table)

    def _add_sequence(self, table: str, column: Column) -> None:
        words = type_sql(plain_type(column.type))
        step = AddSequence((self.position,), self.dialect, table, column.name, words)
        self.emit_step(step, table)
        self._continue_after_rows(table, column.name)

    def _continue_after_rows(self, table: str, column: str) -> None:
        """Let the numbering go on after the highest number that a row has."""
        quoted = self.dialect.quote_table(table)
        name = text_literal(render.stored_name(column))
        sequence = f"pg_get_serial_sequence({text_literal(quoted)}, {name})"
        highest = f"coalesce(max({self.dialect.quote(column)}), 0)"
        sql = f"SELECT setval({sequence}, greatest({highest} + 1, 1), false) FROM {quoted}"
        self.emit(sql, tables=(table,))

    def _advance(self, table: str, column: str, sequence: str) -> None:
        """Let a sequence, which others may use too, give no number that a row has."""
        name, quoted = self.dialect.quote(column), self.dialect.quote_table(sequence)
        self.emit(
            f"SELECT setval({text_literal(quoted)}, max({name}))"
            f" FROM {self.dialect.quote_table(table)}"
            f" HAVING max({name}) >= (SELECT last_value FROM {quoted})",
            tables=(table,),
        )

    # Words.

    def _emit_column(
        self, table: str, column: Column, *, null: bool | None = None, default: str = ""
    ) -> None:
        sql = render.add_column(self.dialect, table, column, null=null, default=default)
        self.emit(sql, tables=(table,))

    def _set_default(self, table: str, column: str, default: str) -> None:
        self._alter_column(table, column, f"SET DEFAULT {default}" if default else "DROP DEFAULT")

    def _comment(self, table: str, column: Column) -> None:
        self.emit(render.comment_on_column(self.dialect, table, column), tables=(table,))

    def _alter_column(self, table: str, column: str, action: str) -> None:
        self.alter(table, f"ALTER COLUMN {self.dialect.quote(column)} {action}")


def is_exchanged(old: Column, new: Column) -> bool:
    """Whether a column is dropped and added: one that is or becomes generated."""
    if new.computed is None:
        return old.computed is not None and not old.computed.stored
    return old.computed != new.computed or is_retyped(old, new)


def is_retyped(old: Column, new: Column) -> bool:
    """Whether the type of the values changes, or their collation."""
    one, other = (normal_type(plain_type(each.type)) for each in (old, new))
    return (one, old.collation) != (other, new.collation)


def aside_of(table: Table, columns: Collection[str]) -> Aside:
    """Return what makes way for other types of columns.

    PostgreSQL changes no column that a generated one needs. Other expressions it reads anew
    from its own words, which fit the old type: they may not fit the new one, and are not those
    that it would make of the declaration.
    """
    names = set(columns)
    computed = [
        each
        for each in table.columns
        if each.computed is not None and names & each.computed.expression.names
    ]
    lost = tuple(_users(table, {each.name for each in computed}))
    expressed = [each for each in _expressions(table, names) if each not in lost]
    return Aside((*expressed, *computed), lost)


def _expressions(table: Table, columns: set[str]) -> Iterator[Index | Check | Exclusion]:
    """Yield what has an expression with one of the columns in it."""
    for index in table.indexes:
        if columns & index.used and (index.parts or index.where):
            yield index
    yield from (each for each in _constraints(table) if columns & each.expression.names)


def _constraints(table: Table) -> tuple[Check | Exclusion, ...]:
    return (*table.checks, *table.exclusions)


def _users(table: Table, columns: set[str]) -> Iterator[Part]:
    """Yield what goes with columns that are dropped, but for foreign keys."""
    for column in table.columns:
        if column.computed and columns & column.computed.expression.names:
            yield column
    if table.primary_key is not None and columns & {*table.primary_key.columns}:
        yield table.primary_key
    yield from (each for each in table.uniques if columns & {*each.columns})
    yield from (each for each in table.indexes if columns & each.used)
    yield from (each for each in _constraints(table) if columns & each.expression.names)


def _comparable(old: ColumnType, new: ColumnType) -> bool:
    """Whether foreign keys may stay while a column changes its type."""
    one, other = normal_type(plain_type(old)), normal_type(plain_type(new))
    names = {one.name, other.name}
    families = [set(INTEGER_BITS), {"VARCHAR", "TEXT"}]
    same = one.dimensions == other.dimensions and len(names) == 1
    plain = not (one.dimensions or other.dimensions)
    return same or (plain and any(names <= members for members in families))
