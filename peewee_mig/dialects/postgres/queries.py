"""The questions to PostgreSQL's catalog.

They read ``pg_catalog`` only, which shows everything to everybody; ``information_schema``
hides what belongs to others. Each value is text, bool or text[], so that every driver
returns the same. Whether an object is one of our kinds is decided by its definition: it
is, if PostgreSQL spells it exactly as it would spell ours. So whatever else an object has,
in this version or in a later one, is noticed.
"""

from __future__ import annotations

#: The schema that tables go to, NULL if there is none.
CURRENT_SCHEMA = "SELECT current_schema()::text"

_HERE = "(SELECT n.oid FROM pg_catalog.pg_namespace AS n WHERE n.nspname = current_schema())"


def _free(catalog: str, oid: str, *, of: str = "'e'") -> str:
    """Spell that no extension has the object; ``of``: types of dependency."""
    return (
        "NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e"
        f" WHERE e.classid = 'pg_catalog.{catalog}'::regclass AND e.objid = {oid}"
        f" AND e.deptype IN ({of}))"
    )


def _names(table: str, numbers: str) -> str:
    """Spell the names of columns, in order, as an array."""
    return f"ARRAY(SELECT n.attname::text {_numbered(table, numbers)} ORDER BY p.place)"


def _listed(table: str, numbers: str) -> str:
    """Spell the names of columns as PostgreSQL lists them in definitions."""
    agg = "string_agg(quote_ident(n.attname), ', ' ORDER BY p.place)"
    return f"(SELECT {agg} {_numbered(table, numbers)})"


def _numbered(table: str, numbers: str) -> str:
    return (
        f"FROM unnest({numbers}::int2[]) WITH ORDINALITY AS p (number, place)"
        f" JOIN pg_catalog.pg_attribute AS n ON n.attrelid = {table} AND n.attnum = p.number"
    )


def _nextval(sequence: str) -> str:
    """Spell the default that SERIAL gives a column, as PostgreSQL spells it."""
    quoted = f"replace({sequence}::regclass::text, '''', '''''')"
    return f"'nextval(''' || {quoted} || '''::regclass)'"


#: A table ``c`` of ours: no partition, which its parent stands for, and no extension's.
_IS_TABLE = (
    f"c.relnamespace = {_HERE} AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
    f" AND {_free('pg_class', 'c.oid')}"
)
_IS_HERE = f"c.relnamespace = {_HERE} AND NOT c.relispartition AND {_free('pg_class', 'c.oid')}"
_OF_COLUMN = (
    "pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
)
#: Whether SERIAL, or what amounts to it, made the default of column ``a``.
_IS_SERIAL = (
    "(a.atttypid IN ('int4'::regtype, 'int8'::regtype) AND EXISTS (SELECT"
    " FROM pg_catalog.pg_depend AS o JOIN pg_catalog.pg_class AS s ON s.oid = o.objid"
    " WHERE o.classid = 'pg_catalog.pg_class'::regclass AND o.refclassid = o.classid"
    " AND o.refobjid = a.attrelid AND o.refobjsubid = a.attnum AND o.deptype = 'a'"
    " AND s.relkind = 'S'"
    f" AND pg_get_expr(d.adbin, d.adrelid) = {_nextval('s.oid')}))"
)

#: name
TABLES = f"SELECT c.relname::text FROM pg_catalog.pg_class AS c WHERE {_IS_TABLE}"

#: table, column, type, takes NULL, numbering (s: SERIAL, d, a: IDENTITY)
COLUMNS = (
    "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod),"
    f" NOT a.attnotnull, CASE WHEN {_IS_SERIAL} THEN 's' ELSE a.attidentity::text END"
    f" FROM pg_catalog.pg_class AS c JOIN {_OF_COLUMN}"
    f" WHERE {_IS_TABLE} ORDER BY c.oid, a.attnum"
)

#: The definition of an index ``x`` of ours, as pg_get_indexdef spells it.
_PLAIN_INDEX = (
    "'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX '"
    " || quote_ident(x.relname) || ' ON ' || CASE x.relkind WHEN 'I' THEN 'ONLY ' ELSE '' END"
    " || quote_ident(current_schema()) || '.' || quote_ident(c.relname) || ' USING btree ('"
    f" || {_listed('i.indrelid', 'i.indkey')} || ')'"
)
_IS_PLAIN_INDEX = (
    "(i.indisvalid AND i.indisready AND x.reltablespace = 0"
    f" AND pg_get_indexdef(x.oid) = {_PLAIN_INDEX})"
)

#: table, index, unique, columns, whether it is of our kind, definition; without those that
#: constraints have
INDEXES = (
    "SELECT c.relname::text, x.relname::text, i.indisunique,"
    f" {_names('i.indrelid', 'i.indkey')}, coalesce({_IS_PLAIN_INDEX}, false),"
    " pg_get_indexdef(x.oid) || coalesce(' TABLESPACE ' || quote_ident(s.spcname), '')"
    " || CASE WHEN i.indisvalid AND i.indisready THEN '' ELSE ' (invalid)' END"
    " FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid"
    " JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid"
    " LEFT JOIN pg_catalog.pg_tablespace AS s ON s.oid = x.reltablespace"
    f" WHERE {_IS_HERE} AND c.relkind IN ('r', 'p', 'm')"
    " AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS k"
    " WHERE k.conindid = x.oid AND k.contype IN ('p', 'u', 'x'))"
    " ORDER BY c.oid, x.oid"
)


def _action(event: str, column: str) -> str:
    actions = {"r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
    cases = " ".join(f"WHEN '{key}' THEN ' ON {event} {word}'" for key, word in actions.items())
    return f"CASE {column} {cases} ELSE '' END"


_PLAIN_CONSTRAINT = (
    f"CASE k.contype WHEN 'p' THEN 'PRIMARY KEY (' || {_listed('k.conrelid', 'k.conkey')} || ')'"
    f" WHEN 'f' THEN 'FOREIGN KEY (' || {_listed('k.conrelid', 'k.conkey')}"
    f" || ') REFERENCES ' || k.confrelid::regclass::text"
    f" || '(' || {_listed('k.confrelid', 'k.confkey')} || ')'"
    f" || {_action('UPDATE', 'k.confupdtype')} || {_action('DELETE', 'k.confdeltype')} END"
)

#: table, constraint, type, columns, referred table (NULL if it is elsewhere), referred columns,
#: on delete, on update, whether it is of our kind, definition; those of our kind first
CONSTRAINTS = (
    "SELECT c.relname::text, k.conname::text, k.contype::text,"
    f" {_names('k.conrelid', 'k.conkey')}, r.relname::text, {_names('k.confrelid', 'k.confkey')},"
    " k.confdeltype::text, k.confupdtype::text, q.plain, pg_get_constraintdef(k.oid)"
    " FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid"
    " LEFT JOIN pg_catalog.pg_class AS r"
    " ON r.oid = k.confrelid AND r.relnamespace = c.relnamespace"
    " LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = k.conindid AND k.contype = 'p'"
    " LEFT JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid"
    f" CROSS JOIN LATERAL (SELECT coalesce(pg_get_constraintdef(k.oid) = {_PLAIN_CONSTRAINT}"
    f" AND (k.contype <> 'p' OR {_IS_PLAIN_INDEX}), false) AS plain) AS q"
    f" WHERE {_IS_TABLE} AND k.contype IN ('p', 'f', 'u', 'x', 'c', 'n') AND k.conparentid = 0"
    # Inherited checks come with the parent. NOT NULL has constraints from PostgreSQL 18 on.
    " AND (k.contype <> 'c' OR k.conislocal) AND (k.contype <> 'n' OR NOT k.convalidated)"
    " ORDER BY c.oid, q.plain DESC, k.oid"
)

_TABLE_OPTIONS = (
    "SELECT o.kind, c.relname::text, o.detail, c.relname::text FROM pg_catalog.pg_class AS c"
    " LEFT JOIN pg_catalog.pg_tablespace AS s ON s.oid = c.reltablespace"
    " LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam AND m.amname <> 'heap'"
    " LEFT JOIN pg_catalog.pg_class AS t ON t.oid = c.reltoastrelid"
    " CROSS JOIN LATERAL (VALUES"
    " ('table option', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' END),"
    " ('table option', 'WITH (' || array_to_string(c.reloptions, ', ') || ')'),"
    " ('table option', 'WITH (toast.' || array_to_string(t.reloptions, ', toast.') || ')'),"
    " ('table option', 'TABLESPACE ' || quote_ident(s.spcname)),"
    " ('table option', 'USING ' || quote_ident(m.amname)),"
    " ('table option', 'OF ' || nullif(c.reloftype, 0)::regtype::text),"
    " ('table option', 'REPLICA IDENTITY ' || CASE c.relreplident WHEN 'f' THEN 'FULL'"
    " WHEN 'n' THEN 'NOTHING' WHEN 'i' THEN 'USING INDEX ' || (SELECT i.indexrelid::regclass::text"
    " FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid AND i.indisreplident) END),"
    " ('table option', 'CLUSTER ON ' || (SELECT i.indexrelid::regclass::text"
    " FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid AND i.indisclustered)),"
    " ('row-level security', CASE WHEN c.relrowsecurity THEN 'ENABLED' END),"
    " ('row-level security', CASE WHEN c.relforcerowsecurity THEN 'FORCED' END),"
    " ('inheritance', 'INHERITS (' || (SELECT string_agg(h.inhparent::regclass::text, ', '"
    " ORDER BY h.inhseqno) FROM pg_catalog.pg_inherits AS h WHERE h.inhrelid = c.oid) || ')'),"
    " ('partitioned table', 'PARTITION BY ' || pg_get_partkeydef(c.oid)),"
    " ('comment', obj_description(c.oid, 'pg_class'))"
    f") AS o (kind, detail) WHERE {_IS_TABLE} AND o.detail IS NOT NULL"
)
_COLUMN_OPTIONS = (
    "SELECT o.kind, c.relname || '.' || a.attname, o.detail, c.relname::text"
    f" FROM pg_catalog.pg_class AS c JOIN {_OF_COLUMN}"
    " JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid CROSS JOIN LATERAL (VALUES"
    f" ('default', CASE WHEN a.attgenerated = '' AND NOT {_IS_SERIAL}"
    " THEN pg_get_expr(d.adbin, d.adrelid) END),"
    " ('generated column', CASE a.attgenerated WHEN '' THEN NULL WHEN 's' THEN 'STORED '"
    " ELSE 'VIRTUAL ' END || pg_get_expr(d.adbin, d.adrelid)),"
    " ('collation', CASE WHEN a.attcollation <> t.typcollation"
    " THEN a.attcollation::regcollation::text END),"
    " ('column option', 'STORAGE ' || CASE WHEN a.attstorage <> t.typstorage THEN"
    " CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'"
    " ELSE 'EXTENDED' END END),"
    " ('column option', 'STATISTICS ' || nullif(a.attstattarget, -1)),"
    # Through JSON, since PostgreSQL 13 has no such attribute.
    " ('column option', 'COMPRESSION '"
    " || CASE to_jsonb(a) ->> 'attcompression' WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END),"
    # Only what ALTER COLUMN ... SET takes: some builds keep marks of their own here.
    " ('column option', 'SET (' || (SELECT string_agg(u, ', ') FROM unnest(a.attoptions) AS u"
    " WHERE u LIKE 'n\\_distinct%') || ')'),"
    " ('comment', col_description(c.oid, a.attnum))"
    f") AS o (kind, detail) WHERE {_IS_TABLE} AND o.detail IS NOT NULL"
)
_PARTITIONS = (
    "SELECT 'partition', c.relname::text, pg_get_expr(c.relpartbound, c.oid), p.relname::text"
    " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = c.oid"
    " JOIN pg_catalog.pg_class AS p ON p.oid = h.inhparent"
    f" WHERE c.relnamespace = {_HERE} AND c.relispartition AND c.relkind IN ('r', 'p', 'f')"
)


def _state(column: str) -> str:
    """Spell when a trigger or rule fires, if that is not as usual."""
    return (
        f"CASE {column} WHEN 'D' THEN ' (disabled)' WHEN 'R' THEN ' (on replicas only)'"
        " WHEN 'A' THEN ' (always)' ELSE '' END"
    )


_TRIGGERS = (
    "SELECT 'trigger', t.tgname::text, pg_get_triggerdef(t.oid)"
    f" || {_state('t.tgenabled')}, c.relname::text FROM pg_catalog.pg_trigger AS t"
    f" JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid WHERE {_IS_HERE}"
    f" AND NOT t.tgisinternal AND {_free('pg_trigger', 't.oid')}"
)
#: Keys whose triggers are disabled: they are not enforced.
_DISABLED_KEYS = (
    f"SELECT DISTINCT 'foreign key', k.conname::text, 'its triggers'"
    f" || {_state('t.tgenabled')}, c.relname::text FROM pg_catalog.pg_trigger AS t"
    " JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid"
    " JOIN pg_catalog.pg_constraint AS k ON k.oid = t.tgconstraint"
    f" WHERE {_IS_HERE} AND t.tgisinternal AND t.tgenabled <> 'O'"
)
_RULES = (
    "SELECT 'rule', r.rulename::text, pg_get_ruledef(r.oid)"
    f" || {_state('r.ev_enabled')}, c.relname::text FROM pg_catalog.pg_rewrite AS r"
    " JOIN pg_catalog.pg_class AS c ON c.oid = r.ev_class"
    f" WHERE {_IS_HERE} AND r.rulename <> '_RETURN'"
)
_POLICIES = (
    "SELECT 'policy', p.polname::text, concat_ws(' ',"
    " CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,"
    " 'FOR ' || CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT'"
    " WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,"
    " 'TO ' || (SELECT string_agg(CASE u WHEN 0 THEN 'public' ELSE u::regrole::text END, ', '"
    " ORDER BY u) FROM unnest(p.polroles) AS u),"
    " 'USING ' || pg_get_expr(p.polqual, p.polrelid),"
    " 'WITH CHECK ' || pg_get_expr(p.polwithcheck, p.polrelid)), c.relname::text"
    " FROM pg_catalog.pg_policy AS p JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid"
    f" WHERE {_IS_HERE}"
)
_STATISTICS = (
    "SELECT 'statistics', s.stxname::text, pg_get_statisticsobjdef(s.oid), c.relname::text"
    " FROM pg_catalog.pg_statistic_ext AS s JOIN pg_catalog.pg_class AS c ON c.oid = s.stxrelid"
    f" WHERE {_IS_HERE}"
)
#: Sequences, but for those that SERIAL and IDENTITY make: one that numbers its column from 1
#: to the end of the type.
_SEQUENCES = (
    "SELECT 'sequence', c.relname::text, concat_ws(' ', 'AS', format_type(q.seqtypid, NULL),"
    " 'INCREMENT', q.seqincrement, 'MINVALUE', q.seqmin, 'MAXVALUE', q.seqmax,"
    " 'START', q.seqstart, 'CACHE', q.seqcache, CASE WHEN q.seqcycle THEN 'CYCLE' END,"
    " 'OWNED BY ' || quote_ident(t.relname) || '.' || quote_ident(a.attname)),"
    " coalesce(t.relname::text, '')"
    " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_sequence AS q ON q.seqrelid = c.oid"
    " LEFT JOIN pg_catalog.pg_depend AS o ON o.classid = 'pg_catalog.pg_class'::regclass"
    " AND o.objid = c.oid AND o.refclassid = o.classid AND o.refobjsubid > 0"
    " AND o.deptype IN ('a', 'i')"
    " LEFT JOIN pg_catalog.pg_class AS t"
    " ON t.oid = o.refobjid AND t.relnamespace = c.relnamespace"
    " LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = o.refobjsubid"
    " LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
    f" WHERE {_IS_HERE} AND c.relkind = 'S' AND t.relispartition IS NOT TRUE AND NOT coalesce("
    f" (o.deptype = 'i' OR pg_get_expr(d.adbin, d.adrelid) = {_nextval('c.oid')})"
    " AND q.seqtypid = a.atttypid AND (q.seqstart, q.seqincrement, q.seqmin, q.seqcache)"
    " = (1, 1, 1, 1) AND NOT q.seqcycle AND q.seqmax = CASE q.seqtypid"
    " WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647"
    " ELSE 9223372036854775807 END, false)"
)

_VIEWS = (
    "SELECT CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, c.relname::text,"
    " coalesce('WITH (' || array_to_string(c.reloptions, ', ') || ') ', '')"
    " || pg_get_viewdef(c.oid), '' FROM pg_catalog.pg_class AS c"
    f" WHERE {_IS_HERE} AND c.relkind IN ('v', 'm')"
)


def _columns_of(relation: str) -> str:
    return (
        "(SELECT '(' || coalesce(string_agg(quote_ident(n.attname) || ' '"
        " || format_type(n.atttypid, n.atttypmod), ', ' ORDER BY n.attnum), '') || ')'"
        f" FROM pg_catalog.pg_attribute AS n WHERE n.attrelid = {relation} AND n.attnum > 0"
        " AND NOT n.attisdropped)"
    )


_FOREIGN_TABLES = (
    f"SELECT 'foreign table', c.relname::text, {_columns_of('c.oid')} || ' SERVER '"
    " || quote_ident(s.srvname)"
    " || coalesce(' OPTIONS (' || array_to_string(f.ftoptions, ', ') || ')', ''), ''"
    " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_foreign_table AS f ON f.ftrelid = c.oid"
    " JOIN pg_catalog.pg_foreign_server AS s ON s.oid = f.ftserver"
    f" WHERE {_IS_HERE}"
)
#: Types, but for those that tables, ranges and arrays bring along.
_TYPES = (
    "SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, t.typname::text,"
    " CASE t.typtype WHEN 'e' THEN 'AS ENUM (' || coalesce((SELECT"
    " string_agg(quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder)"
    " FROM pg_catalog.pg_enum AS l WHERE l.enumtypid = t.oid), '') || ')'"
    f" WHEN 'c' THEN 'AS ' || {_columns_of('t.typrelid')}"
    " WHEN 'r' THEN 'AS RANGE (' || (SELECT format_type(r.rngsubtype, NULL)"
    " FROM pg_catalog.pg_range AS r WHERE r.rngtypid = t.oid) || ')'"
    " WHEN 'd' THEN concat_ws(' ', 'AS', format_type(t.typbasetype, t.typtypmod),"
    " CASE WHEN t.typnotnull THEN 'NOT NULL' END, 'DEFAULT ' || t.typdefault,"
    " (SELECT string_agg(pg_get_constraintdef(k.oid), ' ' ORDER BY k.conname)"
    " FROM pg_catalog.pg_constraint AS k WHERE k.contypid = t.oid AND k.contype = 'c'))"
    " ELSE '' END, ''"
    " FROM pg_catalog.pg_type AS t LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid"
    f" WHERE t.typnamespace = {_HERE} AND {_free('pg_type', 't.oid')}"
    " AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c' OR (t.typtype = 'b' AND NOT EXISTS"
    " (SELECT FROM pg_catalog.pg_type AS e WHERE e.typarray = t.oid)))"
)
#: Functions, but for those that types bring along. Their texts are long: a hash shows changes.
_FUNCTIONS = (
    "SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate'"
    " ELSE 'function' END, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',"
    " concat_ws(' ', 'RETURNS ' || pg_get_function_result(p.oid),"
    " 'LANGUAGE ' || quote_ident(l.lanname), 'MD5 ' || md5(CASE p.prokind WHEN 'a' THEN (SELECT"
    " g::text FROM pg_catalog.pg_aggregate AS g WHERE g.aggfnoid = p.oid)"
    " ELSE pg_get_functiondef(p.oid) END)), ''"
    " FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang"
    f" WHERE p.pronamespace = {_HERE} AND " + _free("pg_proc", "p.oid", of="'e', 'i'")
)
_EXTENSIONS = (
    "SELECT 'extension', x.extname::text, x.extversion, '' FROM pg_catalog.pg_extension AS x"
    f" WHERE x.extnamespace = {_HERE}"
)


def _rare(catalog: str, prefix: str) -> str:
    """Spell the objects of a catalog that few schemas have anything in."""
    return (
        f"SELECT i.type, o.{prefix}name::text, i.identity, '' FROM pg_catalog.{catalog} AS o"
        f" CROSS JOIN LATERAL pg_identify_object('pg_catalog.{catalog}'::regclass, o.oid, 0) AS i"
        f" WHERE o.{prefix}namespace = {_HERE} AND " + _free(catalog, "o.oid")
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
