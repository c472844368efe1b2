"""Errors of psycopg2 and psycopg 3 in our own form.

Source of the codes: PostgreSQL 15, appendix A. Neither driver has one for an attempt to
connect (psycopg2 2.9, psycopg 3.3), so there the words of libpq and of the server decide;
they are English unless the server was told otherwise, and then the general form remains.
"""

from __future__ import annotations

import re
import shlex
from typing import Any

from peewee_mig.dialects import failures
from peewee_mig.dialects.failures import Known
from peewee_mig.errors import MigError

_STATES = {
    "08": failures.LOST,
    "23": failures.ROWS,
    "28": failures.NOT_LET_IN,
    "0A000": failures.NEEDED,
    "22001": failures.ROWS,
    "22003": failures.ROWS,
    "22007": failures.ROWS,
    "22008": failures.ROWS,
    "22P02": failures.ROWS,
    "25001": failures.ALONE,
    "25006": failures.READ_ONLY,
    "2BP01": failures.NEEDED,
    "3D000": failures.NO_DATABASE,
    "3F000": failures.MISSING,
    "40001": failures.DEADLOCK,
    "40P01": failures.DEADLOCK,
    "42501": failures.DENIED,
    "42701": failures.EXISTS,
    "42703": failures.MISSING,
    "42704": failures.MISSING,
    "42710": failures.EXISTS,
    "42723": failures.EXISTS,
    "42883": failures.MISSING,
    "42P01": failures.MISSING,
    "42P06": failures.EXISTS,
    "42P07": failures.EXISTS,
    "53100": failures.FULL,
    "53300": failures.CROWDED,
    "55P03": failures.BUSY,
    "57014": failures.CANCELLED,
    "57P01": failures.LOST,
    "57P02": failures.LOST,
    "57P03": failures.STARTING,
    "57P05": failures.LOST,
    "25P03": failures.LOST,
}

#: What is said about connecting; the first that is found counts, because libpq lists what it
#: tried for each address of a host.
_WORDS = (
    (r"database \"(?P<database>.+)\" does not exist", failures.NO_DATABASE),
    (r"permission denied for database", failures.DENIED),
    (
        (
            r"authentication failed|no password supplied|role \".*\" does not exist"
            r"|not permitted to log in|no pg_hba.conf entry|authentication method"
        ),
        failures.NOT_LET_IN,
    ),
    (
        r"is starting up|is shutting down|in recovery mode|not (yet )?accepting connections",
        failures.STARTING,
    ),
    (r"too many (clients|connections)|connection slots", failures.CROWDED),
    (r"invalid (dsn|.*connection option|.* value)|in connection info string", failures.NO_SENSE),
    (
        (
            r"[Cc]onnection refused|No such file or directory|[Tt]imed? ?out|timeout expired"
            r"|could not translate host name|failed to resolve host|No route to host"
            r"|[Nn]etwork is unreachable|closed the connection unexpectedly"
        ),
        failures.DOWN,
    ),
    (r"SSL|TLS|certificate", failures.NO_TLS),
)

#: What is denied.
_DENIED = re.compile(r"permission denied for (table|view|relation|sequence|schema|database) (\S+)")
_NOT_OWNER = re.compile(r"must be owner of \w+ (\S+)")

#: The right on a table that a statement needs, by its first word; those that define a key
#: refer to the table. An UPDATE or DELETE with a condition reads as well.
_ON_TABLE = {
    "SELECT": "SELECT",
    "INSERT": "INSERT",
    "UPDATE": "SELECT, UPDATE",
    "DELETE": "SELECT, DELETE",
    "TRUNCATE": "TRUNCATE",
    "ALTER": "REFERENCES",
    "CREATE": "REFERENCES",
}


def translated(error: Exception, label: str, sql: str, *, role: str = "") -> MigError:
    """Return an error of the driver in our own form; without ``sql``, one of connecting.

    ``role``: the one that the statement ran as, if it is not the user of the ``label``.
    """
    connecting = not (sql or _state(error))
    known, hint = _by_words(str(error), label) if connecting else _by_state(error)
    original = _said(error)
    if role and sql.startswith("SET LOCAL ROLE"):
        known, hint = _of_role(error, label, role)
    elif known is failures.DENIED:
        hint = _grant(original, sql, _quoted(role) if role else _user(label))
    elif known is failures.NOT_LET_IN:
        hint = f"{failures.other_person(label)}{known.hint}"
    elif known is failures.READ_ONLY:
        hint = _writable(label) or known.hint
    return known.error(label, statement=sql, original=original, hint=hint)


def _by_state(error: Exception) -> tuple[Known, str]:
    state = _state(error)
    if not state and type(error).__name__ in {"OperationalError", "InterfaceError"}:
        return failures.LOST, ""  # what the server itself says has a code
    if state == "0A000" and "used by" not in str(error):
        return failures.OTHER, ""  # not a view in the way, but a feature that there is not
    return _STATES.get(state) or _STATES.get(state[:2], failures.OTHER), ""


def _by_words(text: str, label: str) -> tuple[Known, str]:
    for pattern, known in _WORDS:
        found = re.search(pattern, text)
        if found:
            database = found.groupdict().get("database")
            return known, f"create it: {_createdb(label, database)}" if database else ""
    return failures.NOT_CONNECTED, ""


def _createdb(label: str, database: str) -> str:
    url = failures.address(label)
    program = failures.client("createdb", url, port="-p", user="-U") if url else "createdb"
    return f"{program} {shlex.quote(database)}"


def _state(error: Exception) -> str:
    return getattr(error, "sqlstate", None) or getattr(error, "pgcode", None) or ""


def _said(error: Exception) -> str:
    """Return all that the server said, without the position in the statement."""
    diagnosis: Any = getattr(error, "diag", None)
    message = getattr(diagnosis, "message_primary", None)
    if not message:
        return re.sub(r"\n\s+", "\n", str(error).strip())  # libpq indents what it adds
    parts = {
        "detail": diagnosis.message_detail,
        "hint": diagnosis.message_hint,
        "table": diagnosis.table_name,
        "constraint": diagnosis.constraint_name,
    }
    return "\n".join([message, *(f"{name}: {text}" for name, text in parts.items() if text)])


def _of_role(error: Exception, label: str, role: str) -> tuple[Known, str]:
    """Return what is wrong with a role that is not taken, and the statement that helps."""
    name = _quoted(role)
    match _state(error):
        case "22023":
            return failures.no_role(role), f"correct `role`, or: CREATE ROLE {name}"
        case "42501":
            grant = f"as an administrator: GRANT {name} TO {_user(label)}"
            return failures.not_member(role), grant
        case _:
            return _by_state(error)


def _user(label: str) -> str:
    url = failures.address(label)
    return _quoted(url.user) if url and url.user else "this user"


def _grant(said: str, sql: str, user: str) -> str:
    """Return the statement that gives the right that is missing, if it can be told."""
    owned, denied = _NOT_OWNER.search(said), _DENIED.search(said)
    if owned:
        return (
            f"migrate as the owner of {owned[1]}; or make this role a member of the owner's:"
            f" GRANT OWNER TO {user}"
        )
    if denied is None and "row-level security" in said:
        return f"let it see all rows: ALTER ROLE {user} BYPASSRLS"
    if denied is None:
        return ""
    kind, name = denied.groups()
    name = _quoted(name.strip('"'))
    return f"as the owner: GRANT {_right(kind, sql)} {name} TO {user}"


def _writable(label: str) -> str:
    """Say how a database takes changes again that only was set to read only."""
    url = failures.address(label)
    if url is None:
        return ""
    program = failures.client("psql", url, port="-p", user="-U")
    setting = "RESET default_transaction_read_only"
    ways = [f"ALTER DATABASE {_quoted(url.database)} {setting}"]
    ways += [f"ALTER ROLE {_quoted(url.user)} {setting}"] if url.user else []
    commands = (f"{program} -d postgres -c {shlex.quote(way)}" for way in ways)
    return (
        "if it is a replica, give the address of the primary server; if it is set to read only: "
        + "; or: ".join(commands)
    )


def _right(kind: str, sql: str) -> str:
    """Return the right that a statement needs on an object of a kind, and the kind."""
    word = failures.first_word(sql)
    if kind == "database":
        return "CREATE ON DATABASE" if sql else "CONNECT ON DATABASE"
    if kind == "schema":
        defines = word in ("CREATE", "ALTER")
        return "USAGE, CREATE ON SCHEMA" if defines else "USAGE ON SCHEMA"
    if kind == "sequence":
        return "SELECT ON SEQUENCE" if word == "SELECT" else "USAGE ON SEQUENCE"
    return f"{_ON_TABLE.get(word, 'ALL')} ON TABLE"


def _quoted(name: str) -> str:
    """Quote a name where SQL would take it for another one."""
    return name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else f'"{name}"'
