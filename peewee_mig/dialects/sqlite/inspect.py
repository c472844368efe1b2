"""Reads SQLite's catalog: sqlite_master and the PRAGMA functions, a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from peewee_mig.dialects.base import Inspection, Query, Row, Unmanaged
from peewee_mig.dialects.sqlite.clauses import (
    check_of,
    collation_of,
    computed_of,
    conflict_of,
    deferral_of,
    index_of,
    is_special,
    name_of,
    names_of,
    unique_of,
    virtual_of,
)
from peewee_mig.dialects.sqlite.ddl import (
    Clause,
    ColumnText,
    TableText,
    inner,
    parse_create_table,
)
from peewee_mig.dialects.sqlite.normalize import is_number
from peewee_mig.dialects.sqlite.types import logical_type
from peewee_mig.lazy import lazy
from peewee_mig.schema.expressions import expression
from peewee_mig.schema.names import qualified
from peewee_mig.schema.objects import (
    NULL_DEFAULT,
    ON_CONFLICT,
    Check,
    Column,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import VirtualTable
from peewee_mig.schema.types import ColumnType

T = TypeVar("T")

_TABLES = (
    "SELECT l.name, l.type, m.sql FROM pragma_table_list AS l"
    " JOIN sqlite_master AS m ON m.name = l.name AND m.type IN ('table', 'view')"
    " WHERE l.schema = 'main' ORDER BY l.name"
)
#: Those without pages are virtual ones: their modules need not be there.
_REAL = "m.type = 'table' AND m.rootpage > 0"
_OF_TABLES = f"FROM sqlite_master AS m JOIN {{pragma}}(m.name) AS p WHERE {_REAL}"
_COLUMNS = (
    'SELECT m.name, p.name, p.type, p."notnull", p.dflt_value, p.pk, p.hidden '
    + _OF_TABLES.format(pragma="pragma_table_xinfo")
    + " ORDER BY m.name, p.cid"
)
_INDEXES = (
    'SELECT m.name, p.name, p."unique", p.origin, p.partial, i.cid, i.name, i."desc", i.coll'
    " FROM sqlite_master AS m JOIN pragma_index_list(m.name) AS p"
    " JOIN pragma_index_xinfo(p.name) AS i"
    f" WHERE {_REAL} AND i.key = 1 ORDER BY m.name, p.name, i.seqno"
)
_FOREIGN_KEYS = (
    'SELECT m.name, p.id, p."table", p."from", p."to", p.on_update, p.on_delete '
    + _OF_TABLES.format(pragma="pragma_foreign_key_list")
    + " ORDER BY m.name, p.id, p.seq"
)
_DEFINED = (
    "SELECT name, type, tbl_name, sql FROM sqlite_master"
    " WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY name"
)


def inspect(query: Query) -> Inspection:
    """Read the schema, and list what no kind of ours describes."""
    catalog = _Catalog(query)
    tables = [catalog.table(name) for name in catalog.names]
    return Inspection(Schema.of(tables, catalog.virtual_tables()), tuple(catalog.unmanaged()))


@dataclass
class _Catalog:
    query: Query

    @lazy
    def listed(self) -> list[Row]:
        return [row for row in self.query(_TABLES) if not row[0].startswith("sqlite_")]

    @lazy
    def names(self) -> list[str]:
        return [name for name, kind, _ in self.listed if kind == "table"]

    @lazy
    def texts(self) -> dict[str, TableText]:
        return {name: parse_create_table(sql) for name, kind, sql in self.listed if kind == "table"}

    @lazy
    def columns(self) -> dict[str, list[Row]]:
        return _grouped(self.query(_COLUMNS))

    @lazy
    def indexes(self) -> dict[str, list[Row]]:
        return _grouped(self.query(_INDEXES))

    @lazy
    def foreign_keys(self) -> dict[str, list[Row]]:
        return _grouped(self.query(_FOREIGN_KEYS))

    def table(self, name: str) -> Table:
        text = self.texts[name]
        written = {each.name: each for each in text.columns}
        names = tuple(row[0] for row in self.columns[name])
        found = Table(
            qualified(None, name),
            tuple(self._column(name, row, written.get(row[0])) for row in self.columns[name]),
            primary_key=self._primary_key(name),
            indexes=tuple(self._indexes(name, names)),
            foreign_keys=tuple(self._foreign_keys(name)),
            checks=_distinct(check_of(e, names) for e in text.clauses if _is(e, "check")),
            uniques=_distinct(self._uniques(text)),
            options=Options(tuple(each.upper() for each in text.options)),
        )
        columns = (
            replace(each, null=each.null and not is_number(each, found)) for each in found.columns
        )
        return replace(found, columns=tuple(columns))

    def _column(self, table: str, row: Row, written: ColumnText | None) -> Column:
        name, type_, notnull, default, *_ = row
        names = tuple(each[0] for each in self.columns[table])
        clauses = {c.kind: c for c in (written.clauses if written else ()) if not is_special(c)}
        computed = clauses.get("generated")
        collation = clauses.get("collate")
        return Column(
            name,
            self._type(table, name, type_),
            not notnull,
            default=None if default is None else expression(default, marks_text=True),
            collation=collation_of(collation) if collation else None,
            computed=computed_of(computed, names) if computed else None,
            options=tuple(_options(default, clauses.get("not null"))),
        )

    def _type(self, table: str, column: str, words: str) -> ColumnType:
        key = self._primary_key(table)
        if self.texts[table].autoincrement and key is not None and key.columns == (column,):
            return ColumnType("AUTOINCREMENT")
        return logical_type(words)

    def _uniques(self, text: TableText) -> Iterator[Unique]:
        for clause in text.constraints:
            if _is(clause, "unique"):
                yield unique_of(clause)
        for column in text.columns:
            for clause in column.clauses:
                if _is(clause, "unique"):
                    yield unique_of(clause, column.name)

    def _primary_key(self, name: str) -> PrimaryKey | None:
        parts = sorted((place, column) for column, _, _, _, place, _ in self.columns[name] if place)
        if not parts:
            return None
        clauses = self.texts[name].clauses if name in self.texts else ()
        columns = tuple(column for _, column in parts)
        written = (each for each in clauses if each.kind == "primary key")
        keys = (PrimaryKey(columns, name_of(each), conflict_of(each)) for each in written)
        return next(keys, PrimaryKey(columns))

    def _index_rows(self, name: str) -> dict[str, list[Row]]:
        return _grouped(self.indexes.get(name, []))

    def _indexes(self, table: str, columns: Sequence[str]) -> Iterator[Index]:
        sql = {name: text for name, kind, _, text in self.defined if kind == "index"}
        for index, parts in self._index_rows(table).items():
            unique, origin, *_ = parts[0]
            if origin == "c" and _beyond(parts):
                yield index_of(sql[index], index, unique=bool(unique), columns=columns)
            elif origin == "c":
                names = tuple(part[4] for part in parts)
                yield Index(index, names, unique=bool(unique))

    def _foreign_keys(self, name: str) -> Iterator[ForeignKey]:
        seen = set()
        for parts in _grouped(self.foreign_keys.get(name, [])).values():
            columns = tuple(part[1] for part in parts)
            if columns not in seen:
                key = self._foreign_key(columns, parts)
                yield replace(key, deferrable=self._deferral(name, columns))
            seen.add(columns)

    def _deferral(self, table: str, columns: tuple[str, ...]) -> str | None:
        """Read when a key is checked: no pragma tells."""
        for clause in self.texts[table].constraints:
            if clause.kind == "foreign key" and names_of(inner(clause.text)) == columns:
                return deferral_of(clause)
        for column in self.texts[table].columns:
            for clause in column.clauses:
                if clause.kind == "references" and columns == (column.name,):
                    return deferral_of(clause)
        return None

    def virtual_tables(self) -> Iterator[VirtualTable]:
        """Yield virtual tables: the shadow tables that belong to them are no tables."""
        for name, kind, sql in self.listed:
            if kind == "virtual":
                yield virtual_of(sql, qualified(None, name))

    def _foreign_key(self, columns: tuple[str, ...], parts: list[Row]) -> ForeignKey:
        written, _, referred, on_update, on_delete = parts[0]
        table = _as_made(written, self.columns)
        known = [row[0] for row in self.columns.get(table, ())]
        names = tuple(_as_made(part[2], known) for part in parts if part[2])
        if referred is None:
            key = self._primary_key(table) if table in self.columns else None
            names = key.columns if key and len(key.columns) == len(columns) else columns
        return ForeignKey(columns, qualified(None, table), names, on_delete, on_update)

    # What is beyond our kinds.

    @lazy
    def defined(self) -> list[Row]:
        return self.query(_DEFINED)

    def unmanaged(self) -> Iterator[Unmanaged]:
        for name, kind, sql in self.listed:
            if kind in ("view", "virtual"):
                word = "virtual table" if kind == "virtual" else kind
                yield Unmanaged(word, qualified(None, name), _line(sql))
        for name in self.names:
            yield from self._of_table(name)
        for name, kind, table, sql in self.defined:
            if kind == "trigger":
                yield Unmanaged("trigger", name, _line(sql), qualified(None, table))

    def _of_table(self, name: str) -> Iterator[Unmanaged]:
        text, table = self.texts[name], qualified(None, name)
        for clause in text.constraints:
            if is_special(clause):
                yield Unmanaged(clause.kind, table, _line(clause.text), table)
        for column in text.columns:
            for clause in column.clauses:
                if is_special(clause):
                    place = f"{table}.{column.name}"
                    yield Unmanaged(clause.kind, place, _line(clause.text), table)
        yield from self._no_rowid_alias(name, text)
        yield from self._keys_again(name)

    def _no_rowid_alias(self, name: str, text: TableText) -> Iterator[Unmanaged]:
        """Yield a key that SQLite does not number: only the very word INTEGER makes one."""
        key = self._primary_key(name)
        for column in text.columns:
            is_key = key is not None and key.columns == (column.name,)
            if is_key and column.type.upper() == "INT":
                detail = f"{column.type}, which SQLite does not number"
                table = qualified(None, name)
                yield Unmanaged("primary key", f"{table}.{column.name}", detail, table)

    def _keys_again(self, name: str) -> Iterator[Unmanaged]:
        """Yield foreign keys on columns that have one already."""
        seen, table = set(), qualified(None, name)
        for parts in _grouped(self.foreign_keys.get(name, [])).values():
            columns = tuple(part[1] for part in parts)
            if columns in seen:
                key = self._foreign_key(columns, parts)
                place = f"{table} ({', '.join(columns)})"
                detail = f"to {key.referred_table} ({', '.join(key.referred_columns)})"
                yield Unmanaged("foreign key", place, detail, table)
            seen.add(columns)


def _as_made(name: str, known: Iterable[str]) -> str:
    """Return a name as it is where it was made: references may write other letters."""
    return next((each for each in known if each.casefold() == name.casefold()), name)


def _options(default: str | None, not_null: Clause | None) -> Iterator[str]:
    if (default or "").upper() == "NULL":
        yield NULL_DEFAULT
    conflict = conflict_of(not_null) if not_null else None
    if conflict:
        yield f"{ON_CONFLICT}{conflict}"


def _grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for first, *rest in rows:
        groups[first].append(tuple(rest))
    return groups


def _beyond(parts: list[Row]) -> bool:
    """Whether an index is partial, over an expression, descending or collated."""
    return any(
        partial or place < 0 or descending or collation != "BINARY"
        for _, _, partial, place, _, descending, collation in parts
    )


def _is(clause: Clause, kind: str) -> bool:
    return clause.kind == kind and not is_special(clause)


def _distinct(found: Iterable[T]) -> tuple[T, ...]:
    """Leave out what is there twice."""
    return tuple({_identity(each): each for each in found}.values())


def _identity(constraint: object) -> object:
    if isinstance(constraint, Check):
        return constraint.name or constraint.expression
    return getattr(constraint, "columns", constraint)


def _line(sql: str) -> str:
    return " ".join(sql.split())
