"""Reads PostgreSQL's catalog in seven queries, whatever the number of tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from peewee_mig.dialects.base import Inspection, Query, Row, Unmanaged
from peewee_mig.dialects.postgres import queries
from peewee_mig.dialects.postgres.types import logical_type
from peewee_mig.errors import FailedError
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.schema import Schema

_ACTIONS = {"c": "CASCADE", "r": "RESTRICT", "n": "SET NULL", "d": "SET DEFAULT"}
_CONSTRAINTS = {
    "p": "primary key",
    "f": "foreign key",
    "u": "unique constraint",
    "x": "exclusion constraint",
    "c": "check",
    "n": "not null",
}


def inspect(query: Query) -> Inspection:
    """Read the tables of the current schema, and list what else is in it."""
    if query(queries.CURRENT_SCHEMA)[0][0] is None:
        raise FailedError(
            "none of the schemas in search_path exists in this database",
            hint="create one of them, or correct search_path"
            " (?options=-csearch_path=NAME in the URL)",
        )
    return _Catalog(query).inspection()


class _Constraint(NamedTuple):
    """A row of ``queries.CONSTRAINTS``; ``plain``: our kinds describe all of it."""

    name: str
    type: str
    columns: list[str]
    referred_table: str | None
    referred_columns: list[str]
    on_delete: str
    on_update: str
    plain: bool
    definition: str


class _Index(NamedTuple):
    """A row of ``queries.INDEXES``; ``plain``: our kind describes all of it."""

    name: str
    unique: bool
    columns: list[str]
    plain: bool
    definition: str


@dataclass
class _Catalog:
    query: Query

    def inspection(self) -> Inspection:
        tables = [self._table(name) for name in self.names if name in self.columns]
        found = sorted(self._unmanaged(), key=lambda o: (o.table, o.kind, o.name, o.detail))
        return Inspection(Schema.of(tables), tuple(found))

    @cached_property
    def names(self) -> list[str]:
        return [name for (name,) in self.query(queries.TABLES)]

    @cached_property
    def columns(self) -> dict[str, list[Row]]:
        return _grouped(self.query(queries.COLUMNS))

    @cached_property
    def constraints(self) -> dict[str, list[_Constraint]]:
        groups = _grouped(self.query(queries.CONSTRAINTS))
        return {table: [_Constraint(*row) for row in rows] for table, rows in groups.items()}

    @cached_property
    def indexes(self) -> dict[str, list[_Index]]:
        groups = _grouped(self.query(queries.INDEXES))
        return {table: [_Index(*row) for row in rows] for table, rows in groups.items()}

    def _table(self, name: str) -> Table:
        return Table(
            name,
            tuple(
                Column(column, logical_type(words, numbering), null)
                for column, words, null, numbering in self.columns[name]
            ),
            primary_key=self._primary_key(name),
            indexes=tuple(
                Index(index.name, tuple(index.columns), index.unique)
                for index in self.indexes.get(name, [])
                if _is_ours(index)
            ),
            foreign_keys=tuple(map(_foreign_key, self._keys(name).values())),
        )

    def _primary_key(self, table: str) -> PrimaryKey | None:
        found = [each for each in self.constraints.get(table, []) if each.type == "p"]
        return PrimaryKey(tuple(found[0].columns)) if found else None

    def _keys(self, table: str) -> dict[tuple[str, ...], _Constraint]:
        """Map columns to their foreign key: the first one, if they have several."""
        found: dict[tuple[str, ...], _Constraint] = {}
        for each in self.constraints.get(table, []):
            distinct = len(set(each.columns)) == len(each.columns)
            if each.type == "f" and each.referred_table is not None and distinct:
                found.setdefault(tuple(each.columns), each)
        return found

    # What is beyond our kinds.

    def _unmanaged(self) -> Iterator[Unmanaged]:
        for name in self.names:
            if name not in self.columns:
                yield Unmanaged("table", name, "without columns", name)
            yield from self._beyond_constraints(name)
        for table, indexes in self.indexes.items():
            for index in indexes:
                if not _is_ours(index) or table not in self.columns:
                    yield Unmanaged("index", index.name, index.definition, table)
        for row in (*self.query(queries.ATTACHED), *self.query(queries.APART)):
            kind, name, detail, table = row
            yield Unmanaged(kind, name, " ".join(detail.split()), table)

    def _beyond_constraints(self, table: str) -> Iterator[Unmanaged]:
        keys = self._keys(table)
        for each in self.constraints.get(table, []):
            again = each.type == "f" and keys.get(tuple(each.columns)) is not each
            if again or not each.plain:
                kind = _CONSTRAINTS[each.type]
                yield Unmanaged(kind, each.name, " ".join(each.definition.split()), table)


def _grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for first, *rest in rows:
        groups[first].append(tuple(rest))
    return dict(groups)


def _is_ours(index: _Index) -> bool:
    """Whether an index is of our kind, which has no column twice."""
    return index.plain and len(set(index.columns)) == len(index.columns)


def _foreign_key(found: _Constraint) -> ForeignKey:
    return ForeignKey(
        tuple(found.columns),
        str(found.referred_table),
        tuple(found.referred_columns),
        _ACTIONS.get(found.on_delete),
        _ACTIONS.get(found.on_update),
        found.name,
    )
