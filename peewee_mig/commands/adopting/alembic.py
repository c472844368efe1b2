"""Alembic, where somebody keeps it over a schema of Peewee's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from configparser import ConfigParser, Error
from posixpath import dirname, join

from peewee_mig.commands.adopting.constants import constants
from peewee_mig.commands.adopting.layout import Layout, normal_path
from peewee_mig.commands.adopting.records import Records
from peewee_mig.commands.adopting.values import Applied, Found, Rank, counted
from peewee_mig.history import chain
from peewee_mig.schema.names import qualified

CONFIG = "alembic.ini"
TABLE = "alembic_version"
_MODULE = re.compile(r".*\.py")
_MARKED = re.compile(r"^down_revision\b", re.MULTILINE)
_TABLE = re.compile(r"\bversion_table\s*=\s*[\"'](\w+)[\"']")
_SCHEMA = re.compile(r"\bversion_table_schema\s*=\s*[\"'](\w+)[\"']")


def detect(layout: Layout, records: Records) -> Found | None:
    """Look for its settings, its revisions and its table."""
    folder = _folder(layout, records)
    table = _table(layout, folder, records)
    revisions = _revisions(layout, folder)
    rows = _rows(records, table)
    has_table = records.has(table, ("version_num",))
    if not (revisions or has_table or layout.has(CONFIG)):
        return None
    applied = _applied(rows, revisions)
    gone = [each for each in rows if each not in revisions]
    own = (CONFIG,) if layout.has(CONFIG) else ()
    current = f"table {table}: the database is at {', '.join(rows) or 'no revision'}"
    return Found(
        "alembic",
        "Alembic",
        Rank.HISTORY,
        evidence=(
            *own,
            *([f"{folder}: {counted(len(revisions), 'revision')}"] if revisions else []),
            *([current] if has_table else []),
        ),
        applied=tuple(Applied(each) for each in applied),
        pending=tuple(each for each in chain.in_order(revisions) if each not in applied),
        command="alembic upgrade head",
        folder=_own_folder(layout, folder),
        files=own,
        tables=(table,) if has_table else (),
        module="alembic",
        package="alembic",
        problem=f"{table} says {gone[0]}, a revision that no file has"
        if gone and revisions
        else "",
        remedy="check out the version of the code that has it",
        missing="" if has_table else table,
    )


def _folder(layout: Layout, records: Records) -> str:
    """Return the folder of the revisions: of several, the one that the database is at."""
    location = _location(layout.text(CONFIG))
    named = f"{location}/versions" if location else ""
    first = (named,) if named and layout.within(named, _MODULE) else ()

    def recorded(folder: str) -> int:
        rows = _rows(records, _table(layout, folder, records))
        return len(_revisions(layout, folder).keys() & set(rows))

    return max((*first, *layout.folders(_MODULE, _MARKED)), key=recorded, default="")


def _rows(records: Records, table: str) -> list[str]:
    return [str(version) for (version,) in records.rows(table, ("version_num",))]


def _location(text: str) -> str:
    parser = ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
        location = parser.get("alembic", "script_location", fallback="")
    except Error:
        return ""
    return normal_path(location.replace("%(here)s/", ""))


def _own_folder(layout: Layout, folder: str) -> str:
    """Return the folder with ``env.py``, which is above the revisions."""
    above = dirname(folder)
    return above if above and layout.has(f"{above}/env.py") else folder


def _table(layout: Layout, folder: str, records: Records) -> str:
    """Return the table that ``env.py`` names."""
    env = layout.text(join(dirname(folder), "env.py"))
    table, schema = _TABLE.search(env), _SCHEMA.search(env)
    return records.spelled(qualified(schema[1] if schema else None, table[1] if table else TABLE))


def _revisions(layout: Layout, folder: str) -> dict[str, tuple[str, ...]]:
    """Return the revisions, each with what it follows.

    What it depends on is among that: Alembic keeps no row for what another one implies.
    """
    found: dict[str, tuple[str, ...]] = {}
    for path in layout.within(folder, _MODULE) if folder else ():
        values = constants(layout.text(path))
        if isinstance(values.get("revision"), str) and "down_revision" in values:
            follows = (*_names(values["down_revision"]), *_names(values.get("depends_on")))
            found[str(values["revision"])] = follows
    return found


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def _applied(rows: list[str], revisions: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the revisions that lead to those of the table, in order."""
    known = {name for each in rows for name in (each, *chain.ancestors(each, revisions))}
    ordered = (*chain.in_order(revisions), *(each for each in rows if each not in revisions))
    return tuple(name for name in ordered if name in known)
