"""The questions to PostgreSQL's catalog about tables.

They read ``pg_catalog`` only, which shows everything to everybody; ``information_schema``
hides what belongs to others. Each value is text, bool or text[], so that every driver
returns the same. Names of tables have their schema if it is not the current one. Whether a key
is of our kind is decided by its definition: it is, if PostgreSQL spells it exactly as it would
spell ours; ``reading`` does the same for all else. So whatever else an object has, in this
version or in a later one, is noticed.
"""

from __future__ import annotations

from collections.abc import Collection

from peewee_mig.dialects.base import Query
from peewee_mig.dialects.postgres.types import text_literal

#: Stands for the names of further schemas.
_FURTHER = "/*further schemas*/NULL"


#: The schemas that are asked about; a question of its own knows what they are called.
_HERE = (
    "ANY (ARRAY(SELECT z.oid FROM pg_catalog.pg_namespace AS z"
    f" WHERE z.nspname = current_schema() OR z.nspname IN ({_FURTHER})))"
)

#: The same by their numbers.
_NUMBERS = (
    "SELECT z.oid::text FROM pg_catalog.pg_namespace AS z"
    f" WHERE z.nspname = current_schema() OR z.nspname IN ({_FURTHER}) ORDER BY z.oid"
)


def asker(query: Query, schemas: Collection[str]) -> Query:
    """Return what asks questions about the current schema and further ones.

    The server gets their numbers, so it knows that they are few of many: where a database has
    hundreds of schemas, it would else go through the objects of all of them.
    """
    numbers = [number for (number,) in query(of_schemas(_NUMBERS, schemas))]
    here = (
        f"'{numbers[0]}'::oid" if len(numbers) == 1 else f"ANY ('{{{','.join(numbers)}}}'::oid[])"
    )
    return lambda sql: query(of_schemas(sql.replace(_HERE, here), schemas))


def of_schemas(sql: str, schemas: Collection[str]) -> str:
    """Let a question be about further schemas, too."""
    return sql.replace(_FURTHER, ", ".join(map(text_literal, sorted(schemas))) or "NULL")


def is_here(namespace: str) -> str:
    """Spell that a namespace is one of those that are asked about."""
    return f"{namespace} = {_HERE}"


def named(namespace: str, name: str) -> str:
    """Spell a name with its schema, if that is not the current one, as ``schema.names`` says."""
    schema = f"CASE WHEN z.nspname = current_schema() THEN '' ELSE {_part('z.nspname')} || '.' END"
    return (
        f"(SELECT {schema} || {_part(name)} FROM pg_catalog.pg_namespace AS z"
        f" WHERE z.oid = {namespace})"
    )


def _part(name: str) -> str:
    quoted = f"""'"' || replace({name}::text, '"', '""') || '"'"""
    return (
        f"""CASE WHEN strpos({name}::text, '.') > 0 OR left({name}::text, 1) = '"'"""
        f" THEN {quoted} ELSE {name}::text END"
    )


def free(catalog: str, oid: str, *, of: str = "'e'") -> str:
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


def nextval(sequence: str) -> str:
    """Spell the default that SERIAL gives a column, as PostgreSQL spells it."""
    quoted = f"replace({sequence}::regclass::text, '''', '''''')"
    return f"'nextval(''' || {quoted} || '''::regclass)'"


#: The name of table ``c``.
TABLE = named("c.relnamespace", "c.relname")
#: A table ``c`` of ours: no partition, which its parent stands for, and no extension's.
IS_TABLE = (
    f"{is_here('c.relnamespace')} AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
    f" AND {free('pg_class', 'c.oid')}"
)
IS_HERE = f"{is_here('c.relnamespace')} AND NOT c.relispartition AND {free('pg_class', 'c.oid')}"
OF_COLUMN = (
    "pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
)
_DEFAULT = "pg_get_expr(d.adbin, d.adrelid)"
#: Whether SERIAL, or what amounts to it, made the default of column ``a``.
_IS_SERIAL = (
    "(a.atttypid IN ('int4'::regtype, 'int8'::regtype) AND EXISTS (SELECT"
    " FROM pg_catalog.pg_depend AS o JOIN pg_catalog.pg_class AS s ON s.oid = o.objid"
    " WHERE o.classid = 'pg_catalog.pg_class'::regclass AND o.refclassid = o.classid"
    " AND o.refobjid = a.attrelid AND o.refobjsubid = a.attnum AND o.deptype = 'a'"
    f" AND s.relkind = 'S' AND {_DEFAULT} = {nextval('s.oid')}))"
)
#: The sequence whose next value is the default of column ``a``.
_SEQUENCE = (
    f"(SELECT {named('s.relnamespace', 's.relname')} FROM pg_catalog.pg_depend AS o"
    " JOIN pg_catalog.pg_class AS s ON s.oid = o.refobjid AND s.relkind = 'S'"
    " WHERE o.classid = 'pg_catalog.pg_attrdef'::regclass AND o.objid = d.oid"
    " AND o.refclassid = 'pg_catalog.pg_class'::regclass"
    f" AND {_DEFAULT} = {nextval('s.oid')} LIMIT 1)"
)
#: The collation of column ``a``, if that is not the one of its type.
_COLLATION = (
    "(SELECT CASE WHEN pg_collation_is_visible(l.oid) THEN l.collname::text"
    f" ELSE {named('l.collnamespace', 'l.collname')} END FROM pg_catalog.pg_collation AS l"
    " JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid"
    " WHERE l.oid = a.attcollation AND a.attcollation <> t.typcollation)"
)

#: name, storage parameters, those of its TOAST table, tablespace, access method (the last two
#: NULL if they are the usual ones), whether it is unlogged, how it is partitioned, comment
TABLES = (
    f"SELECT {TABLE}, coalesce(c.reloptions, '{{}}'), coalesce(t.reloptions, '{{}}'),"
    " s.spcname::text, m.amname::text, c.relpersistence = 'u', pg_get_partkeydef(c.oid),"
    " obj_description(c.oid, 'pg_class')"
    " FROM pg_catalog.pg_class AS c"
    " LEFT JOIN pg_catalog.pg_tablespace AS s ON s.oid = c.reltablespace"
    " LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam AND m.amname <> 'heap'"
    " LEFT JOIN pg_catalog.pg_class AS t ON t.oid = c.reltoastrelid"
    f" WHERE {IS_TABLE}"
)

#: table, column, type, the same without modifiers, takes NULL, numbering (s: SERIAL, d, a:
#: IDENTITY), generated (s: stored, v: virtual), default or what it is generated from, sequence
#: that the default is the next value of, collation, comment
COLUMNS = (
    f"SELECT {TABLE}, a.attname::text, format_type(a.atttypid, a.atttypmod),"
    f" format_type(a.atttypid, -1), NOT a.attnotnull, q.numbering, a.attgenerated::text,"
    f" CASE q.numbering WHEN 's' THEN NULL ELSE {_DEFAULT} END,"
    f" CASE q.numbering WHEN 's' THEN NULL ELSE {_SEQUENCE} END, {_COLLATION},"
    " col_description(c.oid, a.attnum)"
    f" FROM pg_catalog.pg_class AS c JOIN {OF_COLUMN} CROSS JOIN LATERAL"
    f" (SELECT CASE WHEN {_IS_SERIAL} THEN 's' ELSE a.attidentity::text END AS numbering) AS q"
    f" WHERE {IS_TABLE} ORDER BY c.oid, a.attnum"
)

#: table, index, whether it is valid, its definition, its tablespace (NULL if it is the usual
#: one), what is unusual about it; without those that constraints have
INDEXES = (
    f"SELECT {TABLE}, x.relname::text, i.indisvalid AND i.indisready,"
    " pg_get_indexdef(x.oid), s.spcname::text,"
    " coalesce(' TABLESPACE ' || quote_ident(s.spcname), '')"
    " || CASE WHEN i.indisvalid AND i.indisready THEN '' ELSE ' (invalid)' END"
    " FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid"
    " JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid"
    " LEFT JOIN pg_catalog.pg_tablespace AS s ON s.oid = x.reltablespace"
    f" WHERE {IS_HERE} AND c.relkind IN ('r', 'p', 'm')"
    " AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS k"
    " WHERE k.conindid = x.oid AND k.contype IN ('p', 'u', 'x'))"
    " ORDER BY c.oid, x.oid"
)


def _action(event: str, column: str) -> str:
    actions = {"r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
    cases = " ".join(f"WHEN '{key}' THEN ' ON {event} {word}'" for key, word in actions.items())
    return f"CASE {column} {cases} ELSE '' END"


_DEFERRABLE = (
    "CASE WHEN k.condeferrable THEN ' DEFERRABLE'"
    " || CASE WHEN k.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END ELSE '' END"
)
#: The definition of a key ``k`` of ours, as pg_get_constraintdef spells it.
_PLAIN_KEY = (
    f"CASE k.contype WHEN 'p' THEN 'PRIMARY KEY (' || {_listed('k.conrelid', 'k.conkey')} || ')'"
    f" WHEN 'f' THEN 'FOREIGN KEY (' || {_listed('k.conrelid', 'k.conkey')}"
    f" || ') REFERENCES ' || k.confrelid::regclass::text"
    f" || '(' || {_listed('k.confrelid', 'k.confkey')} || ')'"
    f" || {_action('UPDATE', 'k.confupdtype')} || {_action('DELETE', 'k.confdeltype')}"
    f" || {_DEFERRABLE} END"
)

#: table, constraint, type, columns, referred table (NULL if it is elsewhere), referred columns,
#: on delete, on update, when it is checked, whether it is a key of our kind (NULL if no key),
#: whether its index is as usual, definition; keys of our kind first
CONSTRAINTS = (
    f"SELECT {TABLE}, k.conname::text, k.contype::text,"
    f" {_names('k.conrelid', 'k.conkey')}, {named('r.relnamespace', 'r.relname')},"
    f" {_names('k.confrelid', 'k.confkey')}, k.confdeltype::text, k.confupdtype::text,"
    f" {_DEFERRABLE}, q.plain, q.usual, pg_get_constraintdef(k.oid)"
    " FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid"
    " LEFT JOIN pg_catalog.pg_class AS r"
    f" ON r.oid = k.confrelid AND {is_here('r.relnamespace')}"
    " LEFT JOIN pg_catalog.pg_index AS i"
    " ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')"
    " LEFT JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid"
    f" CROSS JOIN LATERAL (SELECT pg_get_constraintdef(k.oid) = {_PLAIN_KEY} AS plain,"
    " coalesce(i.indisvalid AND i.indisready AND x.reltablespace = 0 AND x.reloptions IS NULL,"
    " true) AS usual) AS q"
    f" WHERE {IS_TABLE} AND k.contype IN ('p', 'f', 'u', 'x', 'c', 'n') AND k.conparentid = 0"
    # Inherited checks come with the parent. NOT NULL has constraints from PostgreSQL 18 on.
    " AND (k.contype <> 'c' OR k.conislocal) AND (k.contype <> 'n' OR NOT k.convalidated)"
    " ORDER BY c.oid, q.plain DESC NULLS LAST, k.oid"
)
