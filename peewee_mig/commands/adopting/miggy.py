"""miggy, which comes from peewee_migrate and has the same table."""

from __future__ import annotations

import re

from peewee_mig.commands.adopting.constants import constants, text_of
from peewee_mig.commands.adopting.layout import Layout, normal_path
from peewee_mig.commands.adopting.numbered import Numbered, Used, detect_numbered
from peewee_mig.commands.adopting.records import Records
from peewee_mig.commands.adopting.values import Found
from peewee_mig.schema.names import qualified

SPEC = Numbered(
    "miggy",
    "miggy",
    module="miggy",
    package="miggy",
    named=re.compile(r"[0-9]{3}_[^.]+\.py"),
    marked=re.compile(r"^__ATOMIC\b|\bmiggy\b", re.MULTILINE),
    at="migrated_at",
)
CONFIG = "miggyconf.py"
TABLE = "migratehistory"


def has_traces(layout: Layout) -> bool:
    """Whether files of the project are its own."""
    return layout.has(CONFIG) or bool(layout.folders(SPEC.named, SPEC.marked))


def detect(layout: Layout, records: Records) -> Found | None:
    """Look for its settings and its modules; the table may be of peewee_migrate."""
    settings = constants(layout.text(CONFIG))
    used = Used(
        qualified(text_of(settings, "SCHEMA") or None, text_of(settings, "MIGRATE_TABLE", TABLE)),
        folder=normal_path(text_of(settings, "MIGRATE_DIR", "migrations")),
        files=(CONFIG,) if layout.has(CONFIG) else (),
        command="miggy migrate",
    )
    if not has_traces(layout):
        return None
    return detect_numbered(SPEC, used, layout, records, by_table=False)
