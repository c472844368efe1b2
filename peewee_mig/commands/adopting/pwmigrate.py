"""Peewee's own runner of migrations, ``pwmigrate`` (``playhouse.migrations``, Peewee 4.4)."""

from __future__ import annotations

import re

from peewee_mig.commands.adopting.layout import Layout, normal_path
from peewee_mig.commands.adopting.numbered import Numbered, Used, detect_numbered
from peewee_mig.commands.adopting.records import Records
from peewee_mig.commands.adopting.values import Found
from peewee_mig.schema.names import qualified

SPEC = Numbered(
    "pwmigrate",
    "pwmigrate (playhouse.migrations)",
    module="playhouse.migrations",
    package="",
    named=re.compile(r"[0-9].*\.py"),
    marked=re.compile(r"^def up\(\s*migrator\b", re.MULTILINE),
    at="applied",
)
CONFIG = ".pwmigrate"


def detect(layout: Layout, records: Records) -> Found | None:
    """Look for its settings, its modules and its table."""
    settings = _settings(layout.text(CONFIG))
    database = "" if settings.get("database") else f"{records.url} "
    has_settings = layout.has(CONFIG)
    used = Used(
        qualified(settings.get("schema") or None, settings.get("table") or "schema_migration"),
        folder=normal_path(settings.get("directory", "migrations")) if has_settings else "",
        files=(CONFIG,) if has_settings else (),
        command=f"pwmigrate {database}up",
    )
    return detect_numbered(SPEC, used, layout, records)


def _settings(text: str) -> dict[str, str]:
    """Read lines of ``key = value``."""
    lines = (line.partition("=") for line in text.splitlines() if not line.startswith("#"))
    return {key.strip(): value.strip() for key, _, value in lines if value.strip()}
