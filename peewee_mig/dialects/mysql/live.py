"""Steps that look up what InnoDB named or made, and what a column has besides its type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect, LiveStep, Query
from peewee_mig.dialects.guards import INTEGER_BITS
from peewee_mig.dialects.mysql.catalog import folded
from peewee_mig.dialects.mysql.kept import Kept, Target, present
from peewee_mig.dialects.mysql.render import modify
from peewee_mig.dialects.mysql.types import conversion, text_literal
from peewee_mig.errors import RefusedError
from peewee_mig.schema.names import split
from peewee_mig.schema.objects import Column, ForeignKey
from peewee_mig.schema.types import ColumnType


@dataclass(frozen=True, slots=True)
class Change:
    """What a column becomes, at one step of its way from one declaration to another.

    ``was``: the declaration that it has so far; ``final``: the type at the end of the way;
    ``early``: whether the database has it by this name before the migration; ``without``:
    the check in its definition that goes, in the catalog's words.
    """

    column: Column
    was: Column
    final: ColumnType
    early: bool
    without: str = ""


@dataclass(frozen=True, slots=True)
class ModifyColumns(LiveStep):
    """Change columns, and leave them what somebody gave them by hand: defaults, comments, ..."""

    operations: tuple[int, ...]
    dialect: Dialect
    table: str
    changes: tuple[Change, ...]
    #: What the same ALTER TABLE does first.
    first: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that it changes."""
        return (self.table,)

    @property
    def note(self) -> str:
        """Say nothing: on a database without drift there is nothing to leave."""
        return ""

    def check(self, query: Query) -> None:
        """Refuse what could not be left or held, where the columns have their names already."""
        for change in self.changes:
            if change.early:
                self._kept(query, change)
                self._refuse_negative(query, change)
                self._refuse_large(query, change)

    def _refuse_negative(self, query: Query, change: Change) -> None:
        """Refuse to take the sign off a column with negative numbers."""
        if _is_unsigned(change.was) or not _is_unsigned(change.column):
            return
        self._refuse_numbers(query, change, "< 0", "a negative number", "becomes UNSIGNED")

    def _refuse_large(self, query: Query, change: Change) -> None:
        """Refuse numbers that a column cannot hold once it has a sign, or fewer bytes."""
        was, most = _most(change.was, change.was.type), _most(change.column, change.final)
        if was is None or most is None or was <= most:
            return
        self._refuse_numbers(
            query, change, f"> {most}", f"a number over {most}", "cannot hold it any more"
        )

    def _refuse_numbers(
        self, query: Query, change: Change, wrong: str, number: str, reason: str
    ) -> None:
        name, place = self.dialect.quote(change.column.name), self.dialect.quote_table(self.table)
        ((count,),) = query(f"SELECT count(*) FROM {place} WHERE {name} {wrong}")
        if count:
            raise RefusedError(
                f"{count} row{'s have' if count > 1 else ' has'} {number} in"
                f" {self.table}.{change.column.name}, which {reason}",
                hint="change these rows first, or leave the column its type",
            )

    def preview(self) -> tuple[str, ...]:
        """Return the statement for columns that are as their models say."""
        return self._statements([Kept() for _ in self.changes])

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statement for the columns in the catalog."""
        return self._statements([self._kept(query, change) for change in self.changes])

    def _statements(self, kept: list[Kept]) -> tuple[str, ...]:
        pairs = zip(self.changes, kept, strict=True)
        actions = (modify(self.dialect, change.column, each) for change, each in pairs)
        return (ddl.alter(self.dialect, self.table, *self.first, *actions),)

    def _kept(self, query: Query, change: Change) -> Kept:
        column = change.column
        found = present(query, self.table, column.name)
        if found is None:
            raise RefusedError(
                f"the database has no column {self.table}.{column.name}",
                hint="somebody changed the database; print the SQL that puts the column back:"
                " peewee-mig diff --plan",
            )
        words = self.dialect.type_sql(column.type)
        fits = partial(self._fits, query, change)
        return found.kept(Target(column, change.was, words, fits, change.without))

    def _fits(self, query: Query, change: Change, default: str, constant: bool) -> bool:  # noqa: FBT001 (called by place)
        old, new = change.was.type.plain, change.final.plain
        if self.dialect.type_sql(old) == self.dialect.type_sql(new):
            return True
        if conversion(default, old, new) is not None:  # rows get their values by an UPDATE
            return False
        bad = self.dialect.bad_value(default, old, new)
        if not constant or bad in {"", "TRUE"}:
            return bad != "TRUE"
        return not query(f"SELECT {bad}")[0][0]


def _most(column: Column, type_: ColumnType) -> int | None:
    """Return the highest number that a column of whole numbers holds."""
    bits = INTEGER_BITS.get(type_.plain.name)
    return None if bits is None else 2 ** (bits if _is_unsigned(column) else bits - 1) - 1


def _is_unsigned(column: Column) -> bool:
    """Whether a column holds no negative numbers; zeros before them leave none either."""
    said = {"UNSIGNED", "ZEROFILL"} & set(column.options)
    return bool(said) or " unsigned" in f" {column.type}"


@dataclass(frozen=True, slots=True)
class DropForeignKey(LiveStep):
    """Drop a foreign key, and the index that InnoDB made for it if no other served it."""

    operations: tuple[int, ...]
    dialect: Dialect
    table: str
    key: ForeignKey
    #: The name that InnoDB gives by default, unless the user chose one.
    assumed: str
    with_index: bool = False

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that it changes."""
        return (self.table,)

    @property
    def note(self) -> str:
        """Say which name is assumed."""
        index = f" and its index {self.key.columns[0]}" if self.with_index else ""
        return f"assumes that the {self._what} is named {self.assumed}{index}"

    def preview(self) -> tuple[str, ...]:
        """Return the statements for the names that InnoDB gives by default."""
        index = self.key.name or self.key.columns[0]
        return self._statements(self.assumed, index if self.with_index else "")

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statements for the names in the catalog."""
        names = self._names(query)
        if not names:
            raise RefusedError(
                f"the database has no {self._what}",
                hint="somebody changed the database; print the SQL that puts the key back:"
                " peewee-mig diff --plan",
            )
        if len(names) > 1:
            raise RefusedError(
                f"the database has the {self._what} twice: {', '.join(names)}",
                hint="drop the superfluous one, then migrate again",
            )
        return self._statements(names[0], self._index(query, names[0]) if self.with_index else "")

    @property
    def _what(self) -> str:
        return f"foreign key of {self.table} ({', '.join(self.key.columns)})"

    def _statements(self, name: str, index: str) -> tuple[str, ...]:
        actions = [f"DROP FOREIGN KEY {self.dialect.quote(name)}"]
        actions += [f"DROP INDEX {self.dialect.quote(index)}"] if index else []
        return (ddl.alter(self.dialect, self.table, *actions),)

    def _names(self, query: Query) -> list[str]:
        """Return the names of the keys with these columns; table names may be lower case."""
        rows = query(
            "SELECT constraint_name, column_name, referenced_table_name, referenced_column_name "
            f"FROM information_schema.key_column_usage WHERE {is_table(self.table)} "
            f"AND referenced_table_name IS NOT NULL AND referenced_table_schema = {self._there} "
            "ORDER BY constraint_name, ordinal_position"
        )
        found: dict[str, list[tuple[str, str, str]]] = {}
        for name, column, table, referred in rows:
            parts = folded(column), table.casefold(), folded(referred)
            found.setdefault(name, []).append(parts)
        table = split(self.key.referred_table)[1].casefold()
        wanted = [
            (folded(column), table, folded(referred))
            for column, referred in zip(self.key.columns, self.key.referred_columns, strict=True)
        ]
        return [name for name, parts in found.items() if parts == wanted]

    @property
    def _there(self) -> str:
        """Spell the database of the table that the key refers to."""
        schema = split(self.key.referred_table)[0]
        return "database()" if schema is None else text_literal(schema)

    def _index(self, query: Query, name: str) -> str:
        return made_index(query, self.table, self.key, name)


@dataclass(frozen=True, slots=True)
class RenameColumn(LiveStep):
    """Rename the first column of a foreign key, and the index that InnoDB named as it.

    Else nobody could tell later on that the index came with the key.
    """

    operations: tuple[int, ...]
    dialect: Dialect
    table: str
    #: Those of the key, so far.
    columns: tuple[str, ...]
    new: str

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that it changes."""
        return (self.table,)

    @property
    def note(self) -> str:
        """Say which name is assumed."""
        return f"assumes that the index of the foreign key is named {self.columns[0]}"

    def preview(self) -> tuple[str, ...]:
        """Return the statement for the name that InnoDB gives by default."""
        return self._statements(with_index=True)

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statement for the index in the catalog."""
        same = map(folded, own_indexes(query, self.table, self.columns))
        return self._statements(with_index=folded(self.columns[0]) in same)

    def _statements(self, *, with_index: bool) -> tuple[str, ...]:
        words = f"{self.dialect.quote(self.columns[0])} TO {self.dialect.quote(self.new)}"
        kinds = ("COLUMN", "INDEX") if with_index else ("COLUMN",)
        actions = [f"RENAME {kind} {words}" for kind in kinds]
        return (ddl.alter(self.dialect, self.table, *actions),)


def made_index(query: Query, table: str, key: ForeignKey, name: str) -> str:
    """Return the index that InnoDB made for a key, or nothing: one by another name is not ours.

    ``name``: of the key. Where its name was taken, a number follows.
    """
    names = map(re.escape, (name, key.columns[0]))
    made = [re.compile(f"{each}(_[0-9]+)?", re.IGNORECASE) for each in names]
    same = sorted(own_indexes(query, table, key.columns), key=len)
    return next((index for one in made for index in same if one.fullmatch(index)), "")


def own_indexes(
    query: Query, table: str, columns: tuple[str, ...], *, unique: bool = False
) -> list[str]:
    """Return the names of the indexes over just these columns, unique or not."""
    rows = query(
        "SELECT index_name, column_name FROM information_schema.statistics "
        f"WHERE {is_table(table)} AND non_unique = {int(not unique)}"
        " ORDER BY index_name, seq_in_index"
    )
    found: dict[str, list[str]] = {}
    for index, column in rows:
        found.setdefault(index, []).append(folded(column))
    wanted = [folded(column) for column in columns]
    return [index for index, parts in found.items() if parts == wanted]


def is_table(name: str) -> str:
    """Spell the condition that a row of information_schema is about a table."""
    schema, own = split(name)
    here = "database()" if schema is None else text_literal(schema)
    return f"table_schema = {here} AND table_name = {text_literal(own)}"
