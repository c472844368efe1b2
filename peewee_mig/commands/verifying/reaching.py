"""SQL that would reach beyond a scratch database: then nothing runs. Pure but for one question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from peewee_mig.commands.standing import managed_tables
from peewee_mig.errors import RefusedError
from peewee_mig.history.folder import History
from peewee_mig.operations.verbs import Add, Alter, Operation, RunSQL, in_database
from peewee_mig.runner.catalog import schemas_of
from peewee_mig.runner.scratch import Scratch
from peewee_mig.schema.standalone import RawObject, View

_SERVER = (
    r"\b(?:CREATE|DROP|ALTER)\s+(?:DATABASE|ROLE|USER|GROUP|TABLESPACE|SERVER)\b"
    r"|\bALTER\s+SYSTEM\b|\bON\s+DATABASE\b"
)
#: Roles are members of roles on the whole server; only what is granted ON something is apart.
_MEMBERSHIP = r"(?:^|;)\s*(?:GRANT|REVOKE)\b(?![^;]*\bON\b)"
#: Programs and files of the server, other sessions, and other servers.
_POSTGRES = (
    r"\b(?:TO|FROM)\s+PROGRAM\b|\bCOPY\b[^;]*\bTO\s+E?'|\blo_export\b|\bpg_file_\w+"
    r"|\bpg_(?:terminate|cancel)_backend\b|\bpg_reload_conf\b|\bpg_\w*replication_slot\b"
    r"|\b(?:CREATE|ALTER|DROP)\s+SUBSCRIPTION\b|\b(?:DROP|REASSIGN)\s+OWNED\b"
)
#: Rights are kept by the server, also when the database that they are about is gone.
_MYSQL = (
    r"(?:^|;)\s*(?:GRANT|REVOKE|FLUSH|RESET|PURGE|SHUTDOWN|KILL|CHANGE\s+MASTER)\b"
    r"|\bRENAME\s+USER\b|\bSET\s+(?:PASSWORD|PERSIST)\b|\bINTO\s+(?:OUTFILE|DUMPFILE)\b"
    r"|\bINSTALL\s+(?:PLUGIN|SONAME|COMPONENT)\b|\bSONAME\b"
)
#: Engine -> what acts on more than the database that a session is in.
_BEYOND = {
    "sqlite": r"\bATTACH\b|\bVACUUM\s+INTO\b",
    "postgres": rf"{_SERVER}|\bdblink|{_MEMBERSHIP}|{_POSTGRES}",
    "mysql": rf"{_SERVER}|\b(?:CREATE|DROP|ALTER)\s+SCHEMA\b|\bUSE\s|\bSET\s+(?:@@)?GLOBAL\b"
    rf"|{_MYSQL}",
}


def refuse_reaching(history: History, place: Scratch) -> None:
    """Raise :exc:`RefusedError` if a migration could change anything but its own database."""
    if place.private:
        return
    names = [each for each in place.databases() if each != "information_schema"]
    beyond = re.compile(_BEYOND[place.engine], re.IGNORECASE | re.MULTILINE)
    named = re.compile(rf"(?<![\w.`])`?({'|'.join(map(re.escape, names))})`?\s*\.", re.IGNORECASE)
    if names:
        _refuse_schemas(history)
    for migration in history.migrations:
        for sql in _sql_of(migration.operations, place.engine):
            found = beyond.search(sql) or (named.search(sql) if names else None)
            if found:
                words = " ".join(found[0].split())
                raise RefusedError(
                    f"{migration.name} reaches beyond its own database: {words}",
                    where=str(migration.path),
                    statement=sql,
                    hint="try it by hand where nothing else is; peewee-mig check does all the rest"
                    if beyond.search(sql)
                    else "verify it on a server that has nothing else: --scratch URL",
                )


def _refuse_schemas(history: History) -> None:
    """Refuse tables that say a schema where that is another database."""
    schemas = sorted(schemas_of(managed_tables(history)))
    if schemas:
        raise RefusedError(
            f"its tables are in other databases of the server: {', '.join(schemas)}",
            hint="leave mysql out of `engines`, or Meta.schema out of the models",
        )


def _sql_of(operations: Iterable[Operation], engine: str) -> Iterator[str]:
    """Yield the SQL of the user's."""
    for operation in in_database(operations):
        match operation:
            case RunSQL():
                yield from operation.statements(engine)
                yield from operation.statements_back(engine) or ()
            case Add(object=RawObject() as made) | Alter(new=RawObject() as made):
                yield from (made.statement("create", engine), made.statement("drop", engine))
            case Add(object=View(select=select)) | Alter(new=View(select=select)):
                yield select.text.replace('"', "`")
            case _:
                pass
