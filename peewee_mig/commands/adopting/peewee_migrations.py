"""aachurin's peewee-migrations (``pem``)."""

from __future__ import annotations

import json
import re

from peewee_mig.commands.adopting.constants import text_of
from peewee_mig.commands.adopting.layout import Layout, normal_path
from peewee_mig.commands.adopting.numbered import Numbered, Used, detect_numbered
from peewee_mig.commands.adopting.records import Records
from peewee_mig.commands.adopting.values import Found

SPEC = Numbered(
    "peewee-migrations",
    "peewee-migrations (pem)",
    module="peewee_migrations",
    package="peewee-migrations",
    named=re.compile(r"[0-9]{4}_[^.]+\.py"),
    marked=re.compile(r"^snapshot = Snapshot\(\)", re.MULTILINE),
    at="migrated",
)
CONFIG = "migrations.json"


def detect(layout: Layout, records: Records) -> Found | None:
    """Look for its settings, its modules and its table."""
    settings = _settings(layout.text(CONFIG))
    used = Used(
        text_of(settings, "history", "migratehistory"),
        folder=normal_path(text_of(settings, "directory")),
        files=(CONFIG,) if settings else (),
        command="pem migrate",
    )
    return detect_numbered(SPEC, used, layout, records)


def _settings(text: str) -> dict[str, object]:
    """Read the JSON of its settings; a file of that name may be of somebody else."""
    try:
        found = json.loads(text) if text else None
    except ValueError:
        return {}
    return found if isinstance(found, dict) and {"directory", "history"} <= found.keys() else {}
