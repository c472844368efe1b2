"""klen's peewee_migrate (``pw_migrate``)."""

from __future__ import annotations

import re
from posixpath import dirname

from peewee_mig.commands.adopting import miggy
from peewee_mig.commands.adopting.constants import constants, text_of
from peewee_mig.commands.adopting.layout import Layout
from peewee_mig.commands.adopting.numbered import Numbered, Used, detect_numbered, folder_of
from peewee_mig.commands.adopting.records import Records
from peewee_mig.commands.adopting.values import Found
from peewee_mig.schema.names import qualified

SPEC = Numbered(
    "peewee_migrate",
    "peewee_migrate (pw_migrate)",
    module="peewee_migrate",
    package="peewee-migrate",
    named=re.compile(r"[0-9]{3}_[^.]+\.py"),
    marked=re.compile(r"\bpeewee_migrate\b|^def migrate\(\s*migrator\b[^,]*,", re.MULTILINE),
    at="migrated_at",
)


def detect(layout: Layout, records: Records) -> Found | None:
    """Look for its modules, the ``conf.py`` among them, and its table."""
    if miggy.has_traces(layout):
        return None
    known = {each.name for each in records.applied(miggy.TABLE, "name", SPEC.at)}
    folder = folder_of(SPEC, "", layout, known) or _folder_of_settings(layout)
    config = f"{folder}/conf.py" if folder else ""
    settings = constants(layout.text(config)) if layout.has(config) else {}
    database = "" if text_of(settings, "DATABASE") else f" --database {records.url}"
    used = Used(
        qualified(
            text_of(settings, "SCHEMA") or None, text_of(settings, "MIGRATE_TABLE", miggy.TABLE)
        ),
        folder=folder,
        files=(config,) if settings else (),
        command=f"pw_migrate migrate --directory {folder or 'migrations'}{database}",
    )
    return detect_numbered(SPEC, used, layout, records)


def _folder_of_settings(layout: Layout) -> str:
    """Return the folder of a ``conf.py`` that can be nothing else."""
    for path in layout.paths:
        if path.endswith("/conf.py") and {"DATABASE", "MIGRATE_TABLE"} & set(
            constants(layout.text(path))
        ):
            return dirname(path)
    return ""
