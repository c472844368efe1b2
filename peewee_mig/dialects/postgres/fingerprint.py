"""A hash of what a statement names: whether one that no transaction can hold had its effect."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from peewee_mig.dialects.base import Query
from peewee_mig.dialects.postgres.render import stored_name
from peewee_mig.dialects.postgres.types import text_literal
from peewee_mig.errors import RefusedError, same_command
from peewee_mig.schema.names import bare

_NAME = re.compile(r'"((?:[^"]|"")+)"|([\w$]+)')
_CREATES = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)*CREATE\b", re.IGNORECASE | re.DOTALL)

#: Whatever has a name and columns: as it is defined, and where its rows are, which a rewrite
#: changes. CREATE INDEX CONCURRENTLY that was interrupted leaves an index that is not valid.
_RELATIONS = """
SELECT n.nspname, c.relname, c.relkind, c.relfilenode, c.relispartition,
  coalesce(pg_get_indexdef(i.indexrelid),
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, ''),
  coalesce(i.indisvalid, true), c.relpersistence, c.reltablespace, c.reloptions,
  (SELECT o.reloptions FROM pg_class AS o WHERE o.oid = c.reltoastrelid),
  obj_description(c.oid, 'pg_class'),
  (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
      a.attidentity, a.attgenerated, a.attcollation, pg_get_expr(d.adbin, d.adrelid),
      quote_nullable(col_description(c.oid, a.attnum))), ', ' ORDER BY a.attnum)
   FROM pg_attribute AS a
   LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  (SELECT string_agg(k.conname || ' ' || pg_get_constraintdef(k.oid), ', ' ORDER BY k.conname)
   FROM pg_constraint AS k WHERE k.conrelid = c.oid),
  (SELECT string_agg(pg_get_indexdef(j.indexrelid), ', ' ORDER BY j.indexrelid)
   FROM pg_index AS j WHERE j.indrelid = c.oid AND j.indisvalid),
  (SELECT string_agg(concat_ws(' ', s.oid, format_type(q.seqtypid, NULL)), ', ' ORDER BY s.oid)
   FROM pg_depend AS o JOIN pg_class AS s ON s.oid = o.objid AND s.relkind = 'S'
   JOIN pg_sequence AS q ON q.seqrelid = s.oid
   WHERE o.classid = 'pg_class'::regclass AND o.refclassid = o.classid
   AND o.refobjid = c.oid AND o.deptype IN ('a', 'i')),
  (SELECT string_agg(pg_get_triggerdef(t.oid), ', ' ORDER BY t.tgname)
   FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND c.relname IN ({})
ORDER BY 1, 2
"""
#: What else has a name: enum types, functions, schemas, extensions.
_OTHERS = """
SELECT 'type', n.nspname, t.typname, (SELECT string_agg(quote_literal(e.enumlabel), ', '
  ORDER BY e.enumsortorder) FROM pg_enum AS e WHERE e.enumtypid = t.oid)
FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
WHERE t.typtype IN ('e', 'd') AND t.typname IN ({0})
UNION ALL SELECT 'function', n.nspname, p.proname,
  pg_get_function_identity_arguments(p.oid) || md5(p.prosrc)
FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname <> 'pg_catalog' AND p.proname IN ({0})
UNION ALL SELECT 'schema', '', nspname, '' FROM pg_namespace WHERE nspname IN ({0})
UNION ALL SELECT 'extension', '', extname, extversion FROM pg_extension WHERE extname IN ({0})
ORDER BY 1, 2, 3, 4
"""
_IS_VALID = 6


def fingerprint(query: Query, tables: Sequence[str], statement: str) -> str:
    """Return a hash of how these tables, or all that the statement names, are defined.

    :exc:`RefusedError` for an index that the statement makes, and that is there half-made.
    """
    wanted = {stored_name(bare(table)) for table in tables} or {*_names(statement)}
    names = ", ".join(sorted(map(text_literal, wanted)))
    found = query(_RELATIONS.format(names))
    if _CREATES.match(statement):
        for schema, name, *rest in found:
            if not rest[_IS_VALID - 2]:
                raise _half_made(schema, name)
    whole = [row for row in found if row[_IS_VALID]]
    others = [] if tables else query(_OTHERS.format(names))
    return hashlib.sha256(repr([*whole, *others]).encode()).hexdigest()


def _names(statement: str) -> Iterable[str]:
    for quoted, plain in _NAME.findall(statement):
        yield quoted.replace('""', '"') if quoted else plain.lower()


def _half_made(schema: str, name: str) -> RefusedError:
    return RefusedError(
        f"the index {name} is there, but it is not valid: making it was interrupted or failed",
        hint=f'DROP INDEX CONCURRENTLY "{schema}"."{name}", then: {same_command()}',
    )
