"""The questions to PostgreSQL's catalog about what is beyond our kinds, and beside the tables."""

from __future__ import annotations

from peewee_mig.dialects.postgres.queries import (
    IS_HERE,
    IS_TABLE,
    OF_COLUMN,
    TABLE,
    free,
    is_here,
    named,
    nextval,
)

_TABLE_OPTIONS = (
    f"SELECT o.kind, {TABLE}, o.detail, {TABLE} FROM pg_catalog.pg_class AS c"
    " CROSS JOIN LATERAL (VALUES"
    " ('table option', 'OF ' || nullif(c.reloftype, 0)::regtype::text),"
    " ('table option', 'REPLICA IDENTITY ' || CASE c.relreplident WHEN 'f' THEN 'FULL'"
    " WHEN 'n' THEN 'NOTHING' WHEN 'i' THEN 'USING INDEX ' || (SELECT i.indexrelid::regclass::text"
    " FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid AND i.indisreplident) END),"
    " ('table option', 'CLUSTER ON ' || (SELECT i.indexrelid::regclass::text"
    " FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid AND i.indisclustered)),"
    " ('row-level security', CASE WHEN c.relrowsecurity THEN 'ENABLED' END),"
    " ('row-level security', CASE WHEN c.relforcerowsecurity THEN 'FORCED' END),"
    " ('inheritance', 'INHERITS (' || (SELECT string_agg(h.inhparent::regclass::text, ', '"
    " ORDER BY h.inhseqno) FROM pg_catalog.pg_inherits AS h WHERE h.inhrelid = c.oid) || ')')"
    f") AS o (kind, detail) WHERE {IS_TABLE} AND o.detail IS NOT NULL"
)
_COLUMN_OPTIONS = (
    f"SELECT o.kind, {TABLE} || '.' || a.attname, o.detail, {TABLE}"
    f" FROM pg_catalog.pg_class AS c JOIN {OF_COLUMN}"
    " JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid CROSS JOIN LATERAL (VALUES"
    " ('column option', 'STORAGE ' || CASE WHEN a.attstorage <> t.typstorage THEN"
    " CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'"
    " ELSE 'EXTENDED' END END),"
    " ('column option', 'STATISTICS ' || nullif(a.attstattarget, -1)),"
    # Through JSON, since PostgreSQL 13 has no such attribute.
    " ('column option', 'COMPRESSION '"
    " || CASE to_jsonb(a) ->> 'attcompression' WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END),"
    # Only what ALTER COLUMN ... SET takes: some builds keep marks of their own here.
    " ('column option', 'SET (' || (SELECT string_agg(u, ', ') FROM unnest(a.attoptions) AS u"
    " WHERE u LIKE 'n\\_distinct%') || ')')"
    f") AS o (kind, detail) WHERE {IS_TABLE} AND o.detail IS NOT NULL"
)
#: Partitions, and those of partitions, as parts of the table that is no partition.
_PARTITIONS = (
    f"SELECT 'partition', {TABLE}, pg_get_expr(c.relpartbound, c.oid),"
    f" {named('p.relnamespace', 'p.relname')}"
    " FROM pg_catalog.pg_class AS c"
    " JOIN pg_catalog.pg_class AS p ON p.oid = pg_partition_root(c.oid)"
    f" WHERE {is_here('c.relnamespace')} AND c.relispartition AND c.relkind IN ('r', 'p', 'f')"
)


def _state(column: str) -> str:
    """Spell when a trigger or rule fires, if that is not as usual."""
    return (
        f"CASE {column} WHEN 'D' THEN ' (disabled)' WHEN 'R' THEN ' (on replicas only)'"
        " WHEN 'A' THEN ' (always)' ELSE '' END"
    )


_TRIGGERS = (
    "SELECT 'trigger', t.tgname::text, pg_get_triggerdef(t.oid)"
    f" || {_state('t.tgenabled')}, {TABLE} FROM pg_catalog.pg_trigger AS t"
    f" JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid WHERE {IS_HERE}"
    f" AND NOT t.tgisinternal AND {free('pg_trigger', 't.oid')}"
)
#: Keys whose triggers are disabled: they are not enforced.
_DISABLED_KEYS = (
    f"SELECT DISTINCT 'foreign key', k.conname::text, 'its triggers'"
    f" || {_state('t.tgenabled')}, {TABLE} FROM pg_catalog.pg_trigger AS t"
    " JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid"
    " JOIN pg_catalog.pg_constraint AS k ON k.oid = t.tgconstraint"
    f" WHERE {IS_HERE} AND t.tgisinternal AND t.tgenabled <> 'O'"
)
_RULES = (
    "SELECT 'rule', r.rulename::text, pg_get_ruledef(r.oid)"
    f" || {_state('r.ev_enabled')}, {TABLE} FROM pg_catalog.pg_rewrite AS r"
    " JOIN pg_catalog.pg_class AS c ON c.oid = r.ev_class"
    f" WHERE {IS_HERE} AND r.rulename <> '_RETURN'"
)
_POLICIES = (
    "SELECT 'policy', p.polname::text, concat_ws(' ',"
    " CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,"
    " 'FOR ' || CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT'"
    " WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,"
    " 'TO ' || (SELECT string_agg(CASE u WHEN 0 THEN 'public' ELSE u::regrole::text END, ', '"
    " ORDER BY u) FROM unnest(p.polroles) AS u),"
    " 'USING ' || pg_get_expr(p.polqual, p.polrelid),"
    f" 'WITH CHECK ' || pg_get_expr(p.polwithcheck, p.polrelid)), {TABLE}"
    " FROM pg_catalog.pg_policy AS p JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid"
    f" WHERE {IS_HERE}"
)
_STATISTICS = (
    f"SELECT 'statistics', s.stxname::text, pg_get_statisticsobjdef(s.oid), {TABLE}"
    " FROM pg_catalog.pg_statistic_ext AS s JOIN pg_catalog.pg_class AS c ON c.oid = s.stxrelid"
    f" WHERE {IS_HERE}"
)
#: Sequences, but for those that SERIAL and IDENTITY make: one that numbers its column from 1
#: to the end of the type. No field of Peewee's is a SMALLSERIAL, so its sequence is one by name.
_SEQUENCES = (
    f"SELECT 'sequence', {TABLE}, concat_ws(' ', 'AS', format_type(q.seqtypid, NULL),"
    " 'INCREMENT', q.seqincrement, 'MINVALUE', q.seqmin, 'MAXVALUE', q.seqmax,"
    " 'START', q.seqstart, 'CACHE', q.seqcache, CASE WHEN q.seqcycle THEN 'CYCLE' END,"
    " 'OWNED BY ' || quote_ident(t.relname) || '.' || quote_ident(a.attname)),"
    f" coalesce({named('t.relnamespace', 't.relname')}, '')"
    " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_sequence AS q ON q.seqrelid = c.oid"
    " LEFT JOIN pg_catalog.pg_depend AS o ON o.classid = 'pg_catalog.pg_class'::regclass"
    " AND o.objid = c.oid AND o.refclassid = o.classid AND o.refobjsubid > 0"
    " AND o.deptype IN ('a', 'i')"
    " LEFT JOIN pg_catalog.pg_class AS t"
    " ON t.oid = o.refobjid AND t.relnamespace = c.relnamespace"
    " LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = o.refobjsubid"
    " LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
    f" WHERE {IS_HERE} AND c.relkind = 'S' AND t.relispartition IS NOT TRUE AND NOT coalesce("
    f" (o.deptype = 'i' OR a.atttypid <> 'int2'::regtype"
    f" AND pg_get_expr(d.adbin, d.adrelid) = {nextval('c.oid')})"
    " AND q.seqtypid = a.atttypid AND (q.seqstart, q.seqincrement, q.seqmin, q.seqcache)"
    " = (1, 1, 1, 1) AND NOT q.seqcycle AND q.seqmax = CASE q.seqtypid"
    " WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647"
    " ELSE 9223372036854775807 END, false)"
)

_VIEWS = (
    f"SELECT CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, {TABLE},"
    " coalesce('WITH (' || array_to_string(c.reloptions, ', ') || ') ', '')"
    " || pg_get_viewdef(c.oid), '' FROM pg_catalog.pg_class AS c"
    f" WHERE {IS_HERE} AND c.relkind IN ('v', 'm')"
)


def columns_of(relation: str) -> str:
    """Spell the columns of a table or type, with their types, in parentheses."""
    return (
        "(SELECT '(' || coalesce(string_agg(quote_ident(n.attname) || ' '"
        " || format_type(n.atttypid, n.atttypmod), ', ' ORDER BY n.attnum), '') || ')'"
        f" FROM pg_catalog.pg_attribute AS n WHERE n.attrelid = {relation} AND n.attnum > 0"
        " AND NOT n.attisdropped)"
    )


_FOREIGN_TABLES = (
    f"SELECT 'foreign table', {TABLE}, {columns_of('c.oid')} || ' SERVER '"
    " || quote_ident(s.srvname)"
    " || coalesce(' OPTIONS (' || array_to_string(f.ftoptions, ', ') || ')', ''), ''"
    " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_foreign_table AS f ON f.ftrelid = c.oid"
    " JOIN pg_catalog.pg_foreign_server AS s ON s.oid = f.ftserver"
    f" WHERE {IS_HERE}"
)
#: Types, but for those that tables, ranges and arrays bring along.
_TYPES = (
    "SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END,"
    f" {named('t.typnamespace', 't.typname')},"
    " CASE t.typtype WHEN 'e' THEN 'AS ENUM (' || coalesce((SELECT"
    " string_agg(quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder)"
    " FROM pg_catalog.pg_enum AS l WHERE l.enumtypid = t.oid), '') || ')'"
    f" WHEN 'c' THEN 'AS ' || {columns_of('t.typrelid')}"
    " WHEN 'r' THEN 'AS RANGE (' || (SELECT format_type(r.rngsubtype, NULL)"
    " FROM pg_catalog.pg_range AS r WHERE r.rngtypid = t.oid) || ')'"
    " WHEN 'd' THEN concat_ws(' ', 'AS', format_type(t.typbasetype, t.typtypmod),"
    " CASE WHEN t.typnotnull THEN 'NOT NULL' END, 'DEFAULT ' || t.typdefault,"
    " (SELECT string_agg(pg_get_constraintdef(k.oid), ' ' ORDER BY k.conname)"
    " FROM pg_catalog.pg_constraint AS k WHERE k.contypid = t.oid AND k.contype = 'c'))"
    " ELSE '' END, ''"
    " FROM pg_catalog.pg_type AS t LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid"
    f" WHERE {is_here('t.typnamespace')} AND {free('pg_type', 't.oid')}"
    " AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c' OR (t.typtype = 'b' AND NOT EXISTS"
    " (SELECT FROM pg_catalog.pg_type AS e WHERE e.typarray = t.oid)))"
)
#: Functions, but for those that types bring along. Their texts are long: a hash shows changes.
_FUNCTIONS = (
    "SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate'"
    f" ELSE 'function' END, {named('p.pronamespace', 'p.proname')} "
    " || '(' || pg_get_function_identity_arguments(p.oid) || ')',"
    " concat_ws(' ', 'RETURNS ' || pg_get_function_result(p.oid),"
    " 'LANGUAGE ' || quote_ident(l.lanname), 'MD5 ' || md5(CASE p.prokind WHEN 'a' THEN (SELECT"
    " g::text FROM pg_catalog.pg_aggregate AS g WHERE g.aggfnoid = p.oid)"
    " ELSE pg_get_functiondef(p.oid) END)), ''"
    " FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang"
    f" WHERE {is_here('p.pronamespace')} AND " + free("pg_proc", "p.oid", of="'e', 'i'")
)
_EXTENSIONS = (
    "SELECT 'extension', x.extname::text, x.extversion, '' FROM pg_catalog.pg_extension AS x"
    " WHERE x.extnamespace <> 'pg_catalog'::regnamespace"
)


def _rare(catalog: str, prefix: str) -> str:
    """Spell the objects of a catalog that few schemas have anything in."""
    return (
        f"SELECT i.type, o.{prefix}name::text, i.identity, '' FROM pg_catalog.{catalog} AS o"
        f" CROSS JOIN LATERAL pg_identify_object('pg_catalog.{catalog}'::regclass, o.oid, 0) AS i"
        f" WHERE {is_here(f'o.{prefix}namespace')} AND " + free(catalog, "o.oid")
    )


def _all(*selects: str) -> str:
    return " UNION ALL ".join(selects)


#: kind, name, detail, table: what hangs on tables, and sequences.
ATTACHED = _all(
    _TABLE_OPTIONS,
    _COLUMN_OPTIONS,
    _PARTITIONS,
    _TRIGGERS,
    _DISABLED_KEYS,
    _RULES,
    _POLICIES,
    _STATISTICS,
    _SEQUENCES,
)
#: kind, name, detail, no table: what stands alone.
APART = _all(
    _VIEWS,
    _FOREIGN_TABLES,
    _TYPES,
    _FUNCTIONS,
    _EXTENSIONS,
    _rare("pg_collation", "coll"),
    _rare("pg_conversion", "con"),
    _rare("pg_operator", "opr"),
    _rare("pg_opclass", "opc"),
    _rare("pg_opfamily", "opf"),
    _rare("pg_ts_config", "cfg"),
    _rare("pg_ts_dict", "dict"),
    _rare("pg_ts_parser", "prs"),
    _rare("pg_ts_template", "tmpl"),
)
