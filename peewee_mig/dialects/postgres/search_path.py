"""Which schemas a connection looks at, and what is hidden from it in the others."""

from __future__ import annotations

import re

from peewee_mig.dialects.base import Query
from peewee_mig.dialects.postgres.types import text_literal
from peewee_mig.errors import DeniedError, FailedError, same_command

#: The schema that tables go to (NULL: none), who asks, the schemas that search_path names,
#: those of the database that the role may not use.
_FACTS = """
SELECT current_schema()::text, current_user::text, current_setting('search_path'),
  ARRAY(SELECT n.nspname::text FROM pg_catalog.pg_namespace AS n
    WHERE NOT has_schema_privilege(n.oid, 'USAGE'))
"""
#: How many schemas a message names.
_MOST = 5

#: The schemas that have a table of a name, but for those that search_path finds and temporary ones.
_HAVING = """
SELECT n.nspname::text FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relname = {name} AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
  AND n.nspname <> ALL (current_schemas(false)) ORDER BY 1
"""


def ensure_schema(query: Query) -> None:
    """Refuse a connection whose tables have no schema to go to."""
    _ensured(query)


def _ensured(query: Query) -> tuple[str, list[str]]:
    """Return who asks, and the schemas of search_path that are hidden; refuse if all are."""
    current, user, path, unusable = query(_FACTS)[0]
    hidden = _hidden(path, user, unusable)
    if current is None and hidden:
        raise _denied(user, hidden[0])
    if current is None:
        raise FailedError(
            "none of the schemas in search_path exists in this database",
            hint=f"{_first_schema(path)}or correct search_path"
            " (?options=-csearch_path=NAME in the URL)",
        )
    return user, hidden


def _first_schema(path: str) -> str:
    """Say how the first schema of search_path is made."""
    named = [name for each in path.split(",") if (name := each.strip()) not in ("", '"$user"')]
    return f"create it: CREATE SCHEMA {named[0]}, then: {same_command()}; " if named else ""


def ensure_first(query: Query) -> None:
    """Refuse a connection of which the first schema that its address names is not there.

    Else its tables would go to the next one.
    """
    current, user, path, unusable = query(_FACTS)[0]
    ((source,),) = query("SELECT source FROM pg_settings WHERE name = 'search_path'")
    first = next((name for name in _named(path) if name != "$user"), None)
    if source != "client" or first in (None, current):
        return
    if first in unusable:
        raise _denied(user, first)
    raise FailedError(
        f"the schema {first} does not exist, and its tables would go to {current}",
        hint=f"create it: CREATE SCHEMA {_quoted(first)}, then: {same_command()}",
    )


def ensure_absent(query: Query, name: str) -> None:
    """Refuse if a table is in a schema of search_path that the role may not use."""
    user, hidden = _ensured(query)
    for schema in _having(query, name) if hidden else ():
        if schema in hidden:
            raise _denied(user, schema)


def elsewhere(query: Query, name: str) -> str:
    """Say which schemas have a table of that name; empty if none has."""
    first, rest = (found := _having(query, name))[:_MOST], found[_MOST:]
    path = query("SHOW search_path")[0][0]
    schemas = ", ".join(first) + (f" and {len(rest)} more" if rest else "")
    return f"{name} is in the schema {schemas}, which search_path does not name ({path})" * bool(
        found
    )


def borrowed(query: Query, quoted: str) -> str:
    """Return the schema in which a table is found, if that is not where tables go to."""
    found = query(
        "SELECT n.nspname::text FROM pg_catalog.pg_class AS c"
        " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
        f" WHERE c.oid = to_regclass({text_literal(quoted)}) AND n.nspname <> current_schema()"
    )
    return str(found[0][0]) if found else ""


def _having(query: Query, name: str) -> list[str]:
    return [schema for (schema,) in query(_HAVING.format(name=text_literal(name)))]


def _hidden(path: str, user: str, unusable: list[str]) -> list[str]:
    """Return the schemas that search_path names and the role may not use, in its order."""
    names = [user if each == "$user" else each for each in _named(path)]
    return [each for each in names if each in unusable]


def _named(path: str) -> list[str]:
    """Return the names in search_path: letter case counts in double quotation marks only."""
    named = re.findall(r'"((?:[^"]|"")+)"|([^",\s]+)', path)
    return [_cut(quoted.replace('""', '"') or plain.lower()) for quoted, plain in named]


def _cut(name: str) -> str:
    return name.encode()[:63].decode(errors="ignore")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _denied(user: str, schema: str) -> DeniedError:
    return DeniedError(
        f"the role {user} may not use the schema {schema}, where the tables are",
        hint=f'as its owner: GRANT USAGE ON SCHEMA "{schema}" TO "{user}"',
    )
