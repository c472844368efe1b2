"""Views, triggers, functions and extensions of PostgreSQL, as models would declare them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from peewee_mig.declare import Declaration, Extension, Function, Trigger, View
from peewee_mig.dialects.base import Query, Row
from peewee_mig.dialects.postgres.queries import IS_HERE, TABLE, free, is_here, named, of_schemas

_EXTENSIONS = (
    "SELECT x.extname::text FROM pg_catalog.pg_extension AS x"
    " WHERE x.extnamespace <> 'pg_catalog'::regnamespace ORDER BY 1"
)
_FUNCTIONS = (
    f"SELECT {named('p.pronamespace', 'p.proname')}, pg_get_functiondef(p.oid),"
    " CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || p.oid::regprocedure::text"
    " FROM pg_catalog.pg_proc AS p"
    f" WHERE {is_here('p.pronamespace')} AND p.prokind IN ('f', 'p') AND "
    + free("pg_proc", "p.oid", of="'e', 'i'")
    + " ORDER BY 1"
)
_VIEWS = (
    f"SELECT {TABLE}, c.relkind = 'm', pg_get_viewdef(c.oid, true) FROM pg_catalog.pg_class AS c"
    f" WHERE {IS_HERE} AND c.relkind IN ('v', 'm') AND c.reloptions IS NULL ORDER BY 1"
)
_TRIGGERS = (
    f"SELECT t.tgname::text, {TABLE}, pg_get_triggerdef(t.oid) FROM pg_catalog.pg_trigger AS t"
    f" JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid WHERE {IS_HERE} AND NOT t.tgisinternal"
    f" AND t.tgenabled = 'O' AND t.tgparentid = 0 AND {free('pg_trigger', 't.oid')} ORDER BY 2, 1"
)


def declarations(query: Query, schemas: Collection[str]) -> Iterator[Declaration]:
    """Yield those that a declaration says whole; not functions of which several have one name."""
    for (name,) in query(_EXTENSIONS):
        yield Extension(str(name))
    yield from _functions(query(of_schemas(_FUNCTIONS, schemas)))
    for name, materialized, select in query(of_schemas(_VIEWS, schemas)):
        yield View(
            str(name), str(select).strip().removesuffix(";"), materialized=bool(materialized)
        )
    for name, table, sql in query(of_schemas(_TRIGGERS, schemas)):
        yield Trigger(str(name), table=str(table), postgres=str(sql))


def _functions(rows: list[Row]) -> Iterator[Function]:
    counts = Counter(name for name, *_ in rows)
    for name, sql, signature in rows:
        if counts[name] == 1:
            yield Function(str(name), postgres=str(sql).strip(), drop=f"DROP {signature}")
