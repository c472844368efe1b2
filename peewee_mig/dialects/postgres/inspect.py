"""Reads PostgreSQL's catalog in seven queries, whatever the number of tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from peewee_mig.dialects.base import Inspection, Query, Row, Unmanaged
from peewee_mig.dialects.postgres import queries, queries_beyond
from peewee_mig.dialects.postgres.reading import (
    catalog_expression,
    default_expression,
    read_check,
    read_enum,
    read_exclusion,
    read_index,
    read_unique,
)
from peewee_mig.dialects.postgres.render import METHOD, key_name
from peewee_mig.dialects.postgres.search_path import ensure_schema
from peewee_mig.dialects.postgres.types import logical_type
from peewee_mig.lazy import lazy
from peewee_mig.schema.objects import (
    PARTITION_BY,
    TABLESPACE,
    Check,
    Column,
    Computed,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import EnumType, Sequence, Standalone

_ACTIONS = {"c": "CASCADE", "r": "RESTRICT", "n": "SET NULL", "d": "SET DEFAULT"}
_CONSTRAINTS = {
    "p": "primary key",
    "f": "foreign key",
    "u": "unique constraint",
    "x": "exclusion constraint",
    "c": "check",
    "n": "not null",
}

ConstraintT = TypeVar("ConstraintT", Check, Exclusion, Unique)


def inspect(query: Query, schemas: Collection[str] = ()) -> Inspection:
    """Read the tables of the current schema and of further ones, and list what else is there."""
    ensure_schema(query)
    return _Catalog(queries.asker(query, schemas)).inspection()


class _Table(NamedTuple):
    """A row of ``queries.TABLES``."""

    name: str
    storage: list[str]
    toast: list[str]
    tablespace: str | None
    method: str | None
    unlogged: bool
    partitions: str | None
    comment: str | None


class _Column(NamedTuple):
    """A row of ``queries.COLUMNS``."""

    name: str
    type: str
    type_alone: str
    null: bool
    numbering: str
    generated: str
    expression: str | None
    sequence: str | None
    collation: str | None
    comment: str | None


class _Constraint(NamedTuple):
    """A row of ``queries.CONSTRAINTS``."""

    name: str
    type: str
    columns: list[str]
    referred_table: str | None
    referred_columns: list[str]
    on_delete: str
    on_update: str
    deferrable: str
    plain: bool | None
    usual: bool
    definition: str


class _Index(NamedTuple):
    """A row of ``queries.INDEXES``."""

    name: str
    usual: bool
    definition: str
    tablespace: str | None
    unusual: str


@dataclass
class _Catalog:
    query: Query

    def inspection(self) -> Inspection:
        tables = [self._table(each) for each in self.tables if each.name in self.columns]
        rows = [tuple(row) for row in (*self.attached, *self.apart)]
        found = sorted(self._unmanaged(rows), key=lambda o: (o.table, o.kind, o.name, o.detail))
        return Inspection(Schema.of(tables, _objects(rows)), tuple(found))

    @lazy
    def tables(self) -> list[_Table]:
        return [_Table(*row) for row in self.query(queries.TABLES)]

    @lazy
    def columns(self) -> dict[str, list[_Column]]:
        groups = _grouped(self.query(queries.COLUMNS))
        return {table: [_Column(*row) for row in rows] for table, rows in groups.items()}

    @lazy
    def constraints(self) -> dict[str, list[_Constraint]]:
        groups = _grouped(self.query(queries.CONSTRAINTS))
        return {table: [_Constraint(*row) for row in rows] for table, rows in groups.items()}

    @lazy
    def indexes(self) -> dict[str, list[_Index]]:
        groups = _grouped(self.query(queries.INDEXES))
        return {table: [_Index(*row) for row in rows] for table, rows in groups.items()}

    @lazy
    def attached(self) -> list[Row]:
        return self.query(queries_beyond.ATTACHED)

    @lazy
    def apart(self) -> list[Row]:
        return self.query(queries_beyond.APART)

    def _names(self, table: str) -> list[str]:
        return [each.name for each in self.columns.get(table, [])]

    def _table(self, table: _Table) -> Table:
        name, columns = table.name, self.columns[table.name]
        return Table(
            name,
            tuple(_column(each, self._names(name)) for each in columns),
            primary_key=self._primary_key(name),
            indexes=tuple(self._indexes(name).values()),
            foreign_keys=tuple(map(_foreign_key, self._keys(name).values())),
            checks=tuple(self._checks(name).values()),
            uniques=tuple(self._uniques(name).values()),
            exclusions=tuple(self._exclusions(name).values()),
            options=_options(table, self._names(name)),
        )

    def _indexes(self, table: str) -> dict[str, Index]:
        names = self._names(table)
        read = {
            each.name: read_index(each.definition, each.name, names, each.tablespace)
            for each in self.indexes.get(table, [])
            if each.usual and names
        }
        return {name: index for name, index in read.items() if index is not None}

    def _primary_key(self, table: str) -> PrimaryKey | None:
        found = [each for each in self.constraints.get(table, []) if each.type == "p"]
        if not found:
            return None
        return PrimaryKey(tuple(found[0].columns), key_name(found[0].name))

    def _keys(self, table: str) -> dict[tuple[str, ...], _Constraint]:
        """Map columns to their foreign key: the first one, if they have several."""
        found: dict[tuple[str, ...], _Constraint] = {}
        for each in self.constraints.get(table, []):
            distinct = len(set(each.columns)) == len(each.columns)
            if each.type == "f" and each.referred_table is not None and distinct:
                found.setdefault(tuple(each.columns), each)
        return found

    def _checks(self, table: str) -> dict[str, Check]:
        return self._read(table, "c", lambda each, names: read_check(*each, names))

    def _exclusions(self, table: str) -> dict[str, Exclusion]:
        return self._read(table, "x", lambda each, names: read_exclusion(*each, names))

    def _uniques(self, table: str) -> dict[str, Unique]:
        """Map names to unique constraints: the first one, if columns have several."""
        columns = {each.name: each.columns for each in self.constraints.get(table, [])}
        read = self._read(table, "u", lambda each, _: read_unique(*each, columns[each[1]]))
        first = {unique.columns: name for name, unique in reversed(read.items())}
        return {name: unique for name, unique in read.items() if first[unique.columns] == name}

    def _read(
        self,
        table: str,
        type_: str,
        read: Callable[[tuple[str, str], list[str]], ConstraintT | None],
    ) -> dict[str, ConstraintT]:
        """Map names to the constraints of a type that our kind describes."""
        names = self._names(table)
        constraints = {
            each.name: read((each.definition, each.name), names)
            for each in self.constraints.get(table, [])
            if each.type == type_ and each.usual
        }
        return {name: each for name, each in constraints.items() if each is not None}

    # What is beyond our kinds.

    def _unmanaged(self, rows: Iterable[Row]) -> Iterator[Unmanaged]:
        for table in self.tables:
            if table.name not in self.columns:
                yield Unmanaged("table", table.name, "without columns", table.name)
            yield from self._beyond_constraints(table.name)
        for name, indexes in self.indexes.items():
            managed = self._indexes(name)
            for index in indexes:
                if index.name not in managed:
                    detail = index.definition + index.unusual
                    yield Unmanaged("index", index.name, detail, name)
        for kind, name, detail, table in rows:
            yield Unmanaged(kind, name, " ".join(detail.split()), table)

    def _beyond_constraints(self, table: str) -> Iterator[Unmanaged]:
        managed = {*self._checks(table), *self._uniques(table), *self._exclusions(table)}
        managed |= {each.name for each in self._keys(table).values() if each.plain}
        for each in self.constraints.get(table, []):
            is_key = each.type == "p" and each.plain and each.usual
            if each.name not in managed and not is_key:
                kind = _CONSTRAINTS[each.type]
                yield Unmanaged(kind, each.name, " ".join(each.definition.split()), table)


def _grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for first, *rest in rows:
        groups[first].append(tuple(rest))
    return dict(groups)


def _column(found: _Column, columns: Collection[str]) -> Column:
    text = found.expression
    if found.sequence is not None:
        text = None
    generated = text is not None and found.generated != ""
    return Column(
        found.name,
        logical_type(found.type, found.numbering),
        found.null,
        default=None if text is None or generated else default_expression(text, found.type_alone),
        collation=found.collation,
        computed=_computed(found, columns) if generated else None,
        comment=found.comment,
        sequence=found.sequence,
    )


def _computed(found: _Column, columns: Collection[str]) -> Computed:
    expression = catalog_expression(found.expression or "", columns)
    return Computed(expression, stored=found.generated == "s")


def _options(table: _Table, columns: Collection[str]) -> Options:
    words = [*table.storage, *(f"toast.{each}" for each in table.toast)]
    words += ["UNLOGGED"] if table.unlogged else []
    words += [f"{TABLESPACE}{table.tablespace}"] if table.tablespace else []
    words += [f"{METHOD}{table.method}"] if table.method else []
    if table.partitions:
        words.append(PARTITION_BY + catalog_expression(table.partitions, columns).text)
    return Options(tuple(words), table.comment)


def _foreign_key(found: _Constraint) -> ForeignKey:
    return ForeignKey(
        tuple(found.columns),
        str(found.referred_table),
        tuple(found.referred_columns),
        _ACTIONS.get(found.on_delete),
        _ACTIONS.get(found.on_update),
        found.name,
        found.deferrable or None,
    )


def _objects(rows: Iterable[Row]) -> Iterator[Standalone]:
    """Yield the objects beside the tables that have a kind of their own."""
    for kind, name, detail, _ in rows:
        values = read_enum(detail) if kind == "type" else ()
        if kind == "sequence":
            yield Sequence(name)
        elif values:
            yield EnumType(name, values)
