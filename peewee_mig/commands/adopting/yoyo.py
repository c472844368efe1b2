"""yoyo-migrations: SQL files and Python modules."""

from __future__ import annotations

import re
from configparser import ConfigParser, Error
from posixpath import basename, splitext

from peewee_mig.commands.adopting.layout import Layout, moved_name, normal_path
from peewee_mig.commands.adopting.records import Records
from peewee_mig.commands.adopting.values import Found, Rank, counted, records_in

CONFIG = "yoyo.ini"
TABLE = "_yoyo_migration"
#: Its other tables; ``yoyo break-lock`` knows the last one.
OTHERS = ("_yoyo_log", "_yoyo_version", "yoyo_lock")
_NAMED = re.compile(r"(?!_|post-apply)[^.].*(?<!\.rollback)\.(?:py|sql)")
_MODULE = re.compile(r".*\.py")
#: A migration has steps; what else imports yoyo may be the application, which runs them.
_MARKED = re.compile(
    r"\A(?=.*^(?:from yoyo import|import yoyo)\b)(?=.*^(?:steps\b|step\(|__depends__\b))",
    re.MULTILINE | re.DOTALL,
)


def detect(layout: Layout, records: Records) -> Found | None:
    """Look for its settings, its migrations and its tables."""
    settings = _settings(layout.text(CONFIG))
    table = settings.get("migration_table") or TABLE
    has_table = records.has(table, ("migration_id", "applied_at_utc"))
    folders = _folders(settings, layout, has_table=has_table)
    folder = folders[0] if folders else ""
    files = tuple(path for each in folders for path in layout.within(each, _NAMED))
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
            *(f"{each}: {counted(len(layout.within(each, _NAMED)), 'file')}" for each in folders),
            *([records_in(table, applied)] if has_table else []),
        ),
        applied=applied,
        pending=tuple(name for each in files if (name := _id(each)) not in known),
        command="yoyo apply" if own else f"yoyo apply --database {records.url} {' '.join(folders)}",
        folder=folder if files else "",
        files=own,
        tables=tuple(each for each in (table, *OTHERS) if records.columns(each)),
        module="yoyo",
        package="yoyo-migrations",
        missing="" if has_table else table,
    )


def _folders(settings: dict[str, str], layout: Layout, *, has_table: bool) -> tuple[str, ...]:
    """Return its sources, under the names that adopting gives them; else one with migrations."""
    sources = settings.get("sources", "").replace("%(here)s/", "").split()
    named = [folder for each in sources for folder in _both_names(normal_path(each))]
    if found := tuple(each for each in named if layout.within(each, _NAMED)):
        return found
    found = layout.folders(_MODULE, _MARKED)
    if has_table and not found:
        found = layout.folders(re.compile(r"[0-9].*\.sql"))
    return found[:1]


def _both_names(folder: str) -> tuple[str, str]:
    return folder, moved_name(folder, "yoyo")


def _id(path: str) -> str:
    return splitext(basename(path))[0]


def _settings(text: str) -> dict[str, str]:
    parser = ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except Error:
        return {}
    return dict(parser.defaults())
