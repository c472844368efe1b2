"""Reads SQLite's catalog: sqlite_master and the PRAGMA functions, a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from peewee_mig.dialects.base import Inspection, Query, Row, Unmanaged
from peewee_mig.dialects.sqlite.ddl import Clause, TableText, parse_create_table, tokens
from peewee_mig.dialects.sqlite.types import logical_type
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.schema import Schema

#: Words of a clause that no kind of ours has.
_MORE = {"DEFERRABLE", "CONFLICT", "DESC", "COLLATE"}

#: Tables of our own, which are no part of a schema.
OWN = "peewee_mig_"

_TABLES = (
    "SELECT l.name, l.type, m.sql FROM pragma_table_list AS l"
    " JOIN sqlite_master AS m ON m.name = l.name AND m.type IN ('table', 'view')"
    " WHERE l.schema = 'main' ORDER BY l.name"
)
_OF_TABLES = "FROM sqlite_master AS m JOIN {pragma}(m.name) AS p WHERE m.type = 'table'"
_COLUMNS = (
    'SELECT m.name, p.name, p.type, p."notnull", p.dflt_value, p.pk, p.hidden '
    + _OF_TABLES.format(pragma="pragma_table_xinfo")
    + " ORDER BY m.name, p.cid"
)
_INDEXES = (
    'SELECT m.name, p.name, p."unique", p.origin, p.partial, i.cid, i.name, i."desc", i.coll'
    " FROM sqlite_master AS m JOIN pragma_index_list(m.name) AS p"
    " JOIN pragma_index_xinfo(p.name) AS i"
    " WHERE m.type = 'table' AND i.key = 1 ORDER BY m.name, p.name, i.seqno"
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
    return Inspection(Schema.of(tables), tuple(catalog.unmanaged()))


@dataclass
class _Catalog:
    query: Query

    @cached_property
    def listed(self) -> list[Row]:
        return [row for row in self.query(_TABLES) if not row[0].startswith(("sqlite_", OWN))]

    @cached_property
    def names(self) -> list[str]:
        return [name for name, kind, _ in self.listed if kind == "table"]

    @cached_property
    def texts(self) -> dict[str, TableText]:
        return {name: parse_create_table(sql) for name, kind, sql in self.listed if kind == "table"}

    @cached_property
    def columns(self) -> dict[str, list[Row]]:
        return _grouped(self.query(_COLUMNS))

    @cached_property
    def indexes(self) -> dict[str, list[Row]]:
        return _grouped(self.query(_INDEXES))

    @cached_property
    def foreign_keys(self) -> dict[str, list[Row]]:
        return _grouped(self.query(_FOREIGN_KEYS))

    def table(self, name: str) -> Table:
        rows = self.columns[name]
        columns = [Column(c, logical_type(t), not notnull) for c, t, notnull, *_ in rows]
        return Table(
            name,
            tuple(columns),
            primary_key=self._primary_key(name),
            indexes=tuple(index for _, index in self._plain_indexes(name)),
            foreign_keys=tuple(self._foreign_keys(name)),
        )

    def _primary_key(self, name: str) -> PrimaryKey | None:
        parts = sorted((place, column) for column, _, _, _, place, _ in self.columns[name] if place)
        return PrimaryKey(tuple(column for _, column in parts)) if parts else None

    def _index_rows(self, name: str) -> dict[str, list[Row]]:
        return _grouped(self.indexes.get(name, []))

    def _plain_indexes(self, name: str) -> Iterator[tuple[str, Index]]:
        for index, parts in self._index_rows(name).items():
            unique, origin, *_ = parts[0]
            if origin == "c" and not _beyond(parts):
                columns = tuple(part[4] for part in parts)
                yield index, Index(index, columns, unique=bool(unique))

    def _foreign_keys(self, name: str) -> Iterator[ForeignKey]:
        seen = set()
        for parts in _grouped(self.foreign_keys.get(name, [])).values():
            columns = tuple(part[1] for part in parts)
            if columns not in seen:
                yield self._foreign_key(columns, parts)
            seen.add(columns)

    def _foreign_key(self, columns: tuple[str, ...], parts: list[Row]) -> ForeignKey:
        table, _, referred, on_update, on_delete = parts[0]
        names = tuple(part[2] for part in parts)
        if referred is None:
            key = self._primary_key(table) if table in self.columns else None
            names = key.columns if key and len(key.columns) == len(columns) else columns
        return ForeignKey(columns, table, names, on_delete, on_update)

    # What is beyond our kinds.

    @cached_property
    def defined(self) -> list[Row]:
        return self.query(_DEFINED)

    def unmanaged(self) -> Iterator[Unmanaged]:
        for name, kind, sql in self.listed:
            if kind != "table":
                yield Unmanaged(f"{kind} table" if kind != "view" else kind, name, _line(sql))
        for name in self.names:
            yield from self._of_table(name)
        for name, kind, table, sql in self.defined:
            if kind == "trigger":
                yield Unmanaged("trigger", name, _line(sql), table)

    def _of_table(self, name: str) -> Iterator[Unmanaged]:
        text = self.texts[name]
        for option in text.options:
            yield Unmanaged("table option", name, option, name)
        if text.autoincrement:
            yield Unmanaged("table option", name, "AUTOINCREMENT", name)
        for clause in text.constraints:
            if clause.kind in ("check", "unique") or _special(clause):
                yield Unmanaged(clause.kind, name, _line(clause.text), name)
        for column in text.columns:
            for clause in column.clauses:
                plain = clause.kind in ("primary key", "not null", "null", "references")
                if not plain or _special(clause):
                    place = f"{name}.{column.name}"
                    yield Unmanaged(clause.kind, place, _line(clause.text), name)
        yield from self._no_rowid_alias(name, text)
        yield from self._beyond_indexes(name)
        yield from self._keys_again(name)

    def _no_rowid_alias(self, name: str, text: TableText) -> Iterator[Unmanaged]:
        """Yield a key that SQLite does not number: only the very word INTEGER makes one."""
        key = self._primary_key(name)
        for column in text.columns:
            is_key = key is not None and key.columns == (column.name,)
            if is_key and column.type.upper() == "INT":
                detail = f"{column.type}, which SQLite does not number"
                yield Unmanaged("primary key", f"{name}.{column.name}", detail, name)

    def _beyond_indexes(self, table: str) -> Iterator[Unmanaged]:
        sql = {name: text for name, kind, _, text in self.defined if kind == "index"}
        for index, parts in self._index_rows(table).items():
            if index in sql and _beyond(parts):
                yield Unmanaged("index", index, _line(sql[index]), table)

    def _keys_again(self, table: str) -> Iterator[Unmanaged]:
        """Yield foreign keys on columns that have one already."""
        seen = set()
        for parts in _grouped(self.foreign_keys.get(table, [])).values():
            columns = tuple(part[1] for part in parts)
            if columns in seen:
                key = self._foreign_key(columns, parts)
                place = f"{table} ({', '.join(columns)})"
                detail = f"to {key.referred_table} ({', '.join(key.referred_columns)})"
                yield Unmanaged("foreign key", place, detail, table)
            seen.add(columns)


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


def _special(clause: Clause) -> bool:
    """Whether a clause of a kind of ours says more than ours do."""
    words = {token.value.upper() for token in tokens(clause.text) if token.kind == "word"}
    return bool(_MORE & words)


def _line(sql: str) -> str:
    return " ".join(sql.split())
