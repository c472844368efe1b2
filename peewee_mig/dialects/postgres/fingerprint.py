"""A hash of what a statement names: whether one that no transaction can hold had its effect."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from peewee_mig.dialects.base import Query
from peewee_mig.dialects.postgres.types import text_literal
from peewee_mig.errors import RefusedError

_NAME = re.compile(r'"((?:[^"]|"")+)"|([\w$]+)')
_CREATES = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)*CREATE\b", re.IGNORECASE | re.DOTALL)

#: Whatever has a name and columns: as it is defined, and where its rows are, which a rewrite
#: changes. CREATE INDEX CONCURRENTLY that was interrupted leaves an index that is not valid.
_RELATIONS = """
SELECT n.nspname, c.relname, c.relkind, c.relfilenode, c.relispartition,
  coalesce(pg_get_indexdef(i.indexrelid), ''), coalesce(i.indisvalid, true),
  (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull),
    ', ' ORDER BY a.attnum)
   FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND c.relname IN ({})
ORDER BY 1, 2
"""
_IS_VALID = 6


def fingerprint(query: Query, tables: Sequence[str], statement: str) -> str:
    """Return a hash of how these tables, or all that the statement names, are defined.

    :exc:`RefusedError` for an index that the statement makes, and that is there half-made.
    """
    names = ", ".join(sorted(map(text_literal, set(tables or _names(statement)))))
    found = query(_RELATIONS.format(names))
    if _CREATES.match(statement):
        for schema, name, *_, valid, _columns in found:
            if not valid:
                raise _half_made(schema, name)
    whole = [row for row in found if row[_IS_VALID]]
    return hashlib.sha256(repr(whole).encode()).hexdigest()


def _names(statement: str) -> Iterable[str]:
    for quoted, plain in _NAME.findall(statement):
        yield quoted.replace('""', '"') if quoted else plain.lower()


def _half_made(schema: str, name: str) -> RefusedError:
    return RefusedError(
        f"the index {name} is there, but it is not valid: making it was interrupted or failed",
        hint=f'DROP INDEX CONCURRENTLY "{schema}"."{name}"; then run the same command again',
    )
