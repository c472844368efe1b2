"""How PostgreSQL's catalog spells the expressions of declared tables.

A block of PL/pgSQL makes a temporary table, reads it back, and undoes it all: what it has read
survives in a variable. So nothing stays, inside of a transaction or outside, and an
expression that the server refuses takes nothing with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect, Query, Spellings
from peewee_mig.dialects.postgres import reading, render
from peewee_mig.dialects.postgres.types import logical_type, plain_type, text_literal
from peewee_mig.errors import MigError
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import PARTITION_BY, Check, Column, Exclusion, Index, Table

_TABLE = "pg_temp._peewee_mig_spelling"
_SETTING = "peewee_mig.spelling"

_MAY = (
    "SELECT has_language_privilege(oid, 'USAGE')"
    " AND has_database_privilege(current_database(), 'TEMPORARY')"
    " AND current_setting('transaction_read_only') = 'off'"
    " FROM pg_catalog.pg_language WHERE lanname = 'plpgsql'"
)
#: A block that tries each statement, reads the table back and undoes all of it.
_BLOCK = """DO {tag}
DECLARE
  sql text;
  found jsonb := '[]';
BEGIN
  BEGIN
    CREATE TEMPORARY TABLE _peewee_mig_spelling ();
    FOREACH sql IN ARRAY ARRAY[{statements}]::text[] LOOP
      BEGIN
        EXECUTE sql;
      EXCEPTION WHEN OTHERS THEN
        NULL;
      END;
    END LOOP;
    SELECT coalesce(jsonb_agg(jsonb_build_array(kind, name, spelled, type)), '[]')
    INTO found FROM ({read}) AS r;
    RAISE EXCEPTION 'undo' USING ERRCODE = 'PMIG0';
  EXCEPTION WHEN OTHERS THEN
    NULL;
  END;
  PERFORM set_config('{setting}', found::text, true);
END {tag}; SELECT current_setting('{setting}')"""
_READ = """
SELECT CASE a.attgenerated WHEN '' THEN 'default' ELSE 'computed' END AS kind,
  a.attname::text AS name, pg_get_expr(d.adbin, d.adrelid) AS spelled,
  format_type(a.atttypid, -1) AS type
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = {table}
UNION ALL SELECT 'type', a.attname::text, format_type(a.atttypid, a.atttypmod), ''
FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = {table} AND a.attnum > 0
UNION ALL SELECT 'constraint', k.conname::text, pg_get_constraintdef(k.oid), ''
FROM pg_catalog.pg_constraint AS k WHERE k.conrelid = {table}
UNION ALL SELECT 'index', x.relname::text, pg_get_indexdef(x.oid), ''
FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
WHERE i.indrelid = {table}
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS k WHERE k.conindid = x.oid)
UNION ALL SELECT 'partitions', '', pg_get_partkeydef(c.oid), ''
FROM pg_catalog.pg_class AS c WHERE c.oid = to_regclass('{parts}')
""".format(table="'pg_temp._peewee_mig_spelling'::regclass", parts="pg_temp._peewee_mig_parts")


def can_ask(query: Query) -> bool:
    """Whether this role can make a temporary table here, and run a block."""
    return query(_MAY) == [(True,)]


def spellings(dialect: Dialect, query: Query, tables: Iterable[Table]) -> Spellings:
    """Ask the server, one table at a time."""
    found: dict[tuple[Table, str], str] = {}
    listed = list(tables)
    if not listed or not can_ask(query):
        return found
    for table in listed:
        for words, spelled in _Asked(dialect, table).answers(query):
            if words != spelled:
                found[table, words] = spelled
    return found


@dataclass(frozen=True)
class _Asked:
    """A table whose expressions are asked about."""

    dialect: Dialect
    table: Table

    def answers(self, query: Query) -> Iterator[tuple[str, str]]:
        """Yield each expression, or native type, and how the catalog spells it."""
        for kind, name, spelled, type_ in self._rows(query):
            match kind:
                case "type":
                    declared = self._column(name).type
                    if declared.native:
                        yield str(declared), str(logical_type(spelled))
                case "default":
                    default = self._column(name).default
                    if default is not None:
                        yield default.text, reading.default_expression(spelled, type_).text
                case "computed":
                    computed = self._column(name).computed
                    if computed is not None:
                        yield self._pair(computed.expression, self._read(spelled))
                case "partitions":
                    found = reading.catalog_expression(spelled, self._names())
                    _, words = self._pair(found, found)
                    yield self.table.options.partitions, PARTITION_BY + words
                case "constraint":
                    yield from self._constraint(name, spelled)
                case _:
                    yield from self._index(self.table.indexes[int(name[1:])], name, spelled)

    def _rows(self, query: Query) -> list[list[str]]:
        statements = ", ".join(text_literal(each) for each in self._statements())
        tag = "$peewee_mig$"
        while tag in statements:
            tag = f"{tag[:-1]}_$"
        block = _BLOCK.format(tag=tag, statements=statements, read=_READ, setting=_SETTING)
        try:
            ((answer,),) = query(block)
        except MigError:  # a server that lets nobody ask
            return []
        rows: list[list[str]] = json.loads(answer)
        return rows

    def _statements(self) -> Iterator[str]:
        plain = [each for each in self.table.columns if each.computed is None]
        for column in (*plain, *(each for each in self.table.columns if each.computed)):
            yield self._add(column)
        for column in plain:
            if column.default is not None:
                words = render.default_sql(self.dialect, column)
                yield self._alter(f"ALTER COLUMN {self._quoted(column)} SET DEFAULT {words}")
        for number, constraint in enumerate(self._constraints):
            named = replace(constraint, name=f"c{number}")
            yield self._alter(f"ADD {ddl.constraint(self.dialect, named)}")
        for number, index in enumerate(self.table.indexes):
            if index.parts or index.where:
                yield render.create_index(self.dialect, _TABLE, replace(index, name=f"i{number}"))

        if self.table.options.partitions:
            yield f"CREATE TEMPORARY TABLE _peewee_mig_parts (LIKE {_TABLE})" + render.partitions(
                self.dialect, self.table.options
            )

    def _add(self, column: Column) -> str:
        bare = replace(column, type=plain_type(column.type), null=True, default=None, sequence=None)
        return render.add_column(self.dialect, _TABLE, bare)

    def _alter(self, action: str) -> str:
        return ddl.alter(self.dialect, _TABLE, action)

    def _quoted(self, column: Column) -> str:
        return self.dialect.quote(column.name)

    def _column(self, stored: str) -> Column:
        return next(each for each in self.table.columns if render.stored_name(each.name) == stored)

    def _names(self) -> dict[str, str]:
        return {render.stored_name(name): name for name in self.table.column_names}

    def _read(self, spelled: str) -> Expression:
        return reading.catalog_expression(spelled, self._names())

    @property
    def _constraints(self) -> tuple[Check | Exclusion, ...]:
        return (*self.table.checks, *self.table.exclusions)

    def _constraint(self, name: str, spelled: str) -> Iterator[tuple[str, str]]:
        if not name.startswith("c"):
            return  # NOT NULL has a name of its own from PostgreSQL 18 on
        declared = self._constraints[int(name[1:])]
        read = reading.read_check if isinstance(declared, Check) else reading.read_exclusion
        found = read(spelled, name, self._names())
        if found is not None:
            yield self._pair(declared.expression, found.expression)

    def _pair(self, declared: Expression, found: Expression) -> tuple[str, str]:
        return declared.text, found.renamed(self._names()).text

    def _index(self, declared: Index, name: str, spelled: str) -> Iterator[tuple[str, str]]:
        found = reading.read_index(spelled, name, self._names())
        if found is None:
            return
        parts = found.parts or tuple(map(_as_name, found.columns))
        if len(parts) == len(declared.parts):
            yield from map(self._pair, declared.parts, parts)
        if declared.where is not None and found.where is not None:
            yield self._pair(declared.where, found.where)


def _as_name(column: str) -> Expression:
    return Expression('"' + column.replace('"', '""') + '"')
