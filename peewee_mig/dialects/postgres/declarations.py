"""Views, triggers, functions and extensions of PostgreSQL, as models would declare them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from peewee_mig.declare import Declaration, Extension, Function, RawSQL, Trigger, View
from peewee_mig.dialects.base import Query, Row
from peewee_mig.dialects.postgres.queries import IS_HERE, TABLE, free, is_here, named, of_schemas
from peewee_mig.dialects.postgres.queries_beyond import columns_of

_EXTENSIONS = (
    "SELECT x.extname::text FROM pg_catalog.pg_extension AS x"
    " WHERE x.extnamespace <> 'pg_catalog'::regnamespace ORDER BY 1"
)
#: Name, what makes it, what drops it, of domains and types of several values. Not of those that
#: need a type or function of the user's own: nothing says here that it has to be there first.
_NAME = "quote_ident(t.typname)"
_PLACE = (
    f"CASE WHEN t.typnamespace = current_schema()::regnamespace THEN {_NAME}"
    f" ELSE quote_ident(t.typnamespace::regnamespace::text) || '.' || {_NAME} END"
)
_OWN = (
    "SELECT 1 FROM pg_catalog.pg_depend AS d WHERE d.deptype = 'n' AND ("
    "d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid"
    " OR d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = t.typrelid AND t.typtype = 'c'"
    " OR d.classid = 'pg_catalog.pg_constraint'::regclass AND d.objid IN"
    " (SELECT k.oid FROM pg_catalog.pg_constraint AS k WHERE k.contypid = t.oid))"
    " AND (d.refclassid = 'pg_catalog.pg_proc'::regclass AND {}"
    " OR d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid <> t.oid AND {})"
).format(free("pg_proc", "d.refobjid"), free("pg_type", "d.refobjid"))
_TYPES = (
    f"SELECT {named('t.typnamespace', 't.typname')}, CASE t.typtype WHEN 'd' THEN"
    f" concat_ws(' ', 'CREATE DOMAIN', {_PLACE}, 'AS', format_type(t.typbasetype, t.typtypmod),"
    " (SELECT 'COLLATE ' || o.oid::regcollation FROM pg_catalog.pg_collation AS o"
    " JOIN pg_catalog.pg_type AS b ON b.oid = t.typbasetype"
    " WHERE o.oid = t.typcollation AND t.typcollation <> b.typcollation),"
    " 'DEFAULT ' || t.typdefault, CASE WHEN t.typnotnull THEN 'NOT NULL' END,"
    " (SELECT string_agg('CONSTRAINT ' || quote_ident(k.conname) || ' '"
    " || pg_get_constraintdef(k.oid), ' ' ORDER BY k.conname)"
    " FROM pg_catalog.pg_constraint AS k WHERE k.contypid = t.oid AND k.contype = 'c'))"
    f" ELSE 'CREATE TYPE ' || {_PLACE} || ' AS ' || {columns_of('t.typrelid')} END,"
    f" CASE t.typtype WHEN 'd' THEN 'DROP DOMAIN ' ELSE 'DROP TYPE ' END || {_PLACE}"
    " FROM pg_catalog.pg_type AS t LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid"
    f" WHERE {is_here('t.typnamespace')} AND {free('pg_type', 't.oid')}"
    f" AND (t.typtype = 'd' OR c.relkind = 'c') AND NOT EXISTS ({_OWN}) ORDER BY 1"
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
    for name, create, drop in query(of_schemas(_TYPES, schemas)):
        yield RawSQL(str(name), postgres=str(create), drop=str(drop))
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
