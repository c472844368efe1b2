"""yoyo-migrations: SQL files and Python modules."""

from __future__ import annotations

import re
from configparser import ConfigParser, Error
from posixpath import basename, splitext

from peewee_mig.commands.adopting.layout import Layout, normal_path
from peewee_mig.commands.adopting.records import Records
from peewee_mig.commands.adopting.values import Found, Rank, counted, records_in

CONFIG = "yoyo.ini"
TABLE = "_yoyo_migration"
#: Its other tables; ``yoyo break-lock`` knows the last one.
OTHERS = ("_yoyo_log", "_yoyo_version", "yoyo_lock")
_NAMED = re.compile(r"(?!_|post-apply)[^.].*(?<!\.rollback)\.(?:py|sql)")
_MODULE = re.compile(r".*\.py")
_MARKED = re.compile(r"^(?:from yoyo import|import yoyo)\b", re.MULTILINE)


def detect(layout: Layout, records: Records) -> Found | None:
    """Look for its settings, its migrations and its tables."""
    settings = _settings(layout.text(CONFIG))
    table = settings.get("migration_table") or TABLE
    has_table = records.has(table, ("migration_id", "applied_at_utc"))
    folder = _folder(settings, layout, has_table=has_table)
    files = layout.within(folder, _NAMED) if folder else ()
    if not (files or has_table or layout.has(CONFIG)):
        return None
    applied = records.applied(table, "migration_id", "applied_at_utc")
    known = {each.name for each in applied}
    own = (CONFIG,) if layout.has(CONFIG) else ()
    return Found(
        "yoyo",
        "yoyo-migrations",
        Rank.HISTORY,
        evidence=(
            *own,
            *([f"{folder}: {counted(len(files), 'file')}"] if files else []),
            *([records_in(table, applied)] if has_table else []),
        ),
        applied=applied,
        pending=tuple(name for each in files if (name := _id(each)) not in known),
        command="yoyo apply" if own else f"yoyo apply --database {records.url} {folder}",
        folder=folder if files else "",
        files=own,
        tables=tuple(each for each in (table, *OTHERS) if records.columns(each)),
        module="yoyo",
        package="yoyo-migrations",
    )


def _folder(settings: dict[str, str], layout: Layout, *, has_table: bool) -> str:
    """Return the first of its sources; without settings, where modules import it."""
    sources = settings.get("sources", "").replace("%(here)s/", "").split()
    found = [folder for each in sources if layout.within(folder := normal_path(each), _NAMED)]
    found += layout.folders(_MODULE, _MARKED)
    if has_table and not found:
        found += layout.folders(re.compile(r"[0-9].*\.sql"), re.compile(""))
    return next((each for each in found if layout.within(each, _NAMED)), "")


def _id(path: str) -> str:
    return splitext(basename(path))[0]


def _settings(text: str) -> dict[str, str]:
    parser = ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except Error:
        return {}
    return dict(parser.defaults())
