"""peewee-moves (``peewee-db``, or ``flask db``)."""

from __future__ import annotations

import re

from peewee_mig.commands.adopting.layout import Layout
from peewee_mig.commands.adopting.numbered import Numbered, Used, detect_numbered, folder_of
from peewee_mig.commands.adopting.records import Records
from peewee_mig.commands.adopting.values import Found

SPEC = Numbered(
    "peewee-moves",
    "peewee-moves",
    module="peewee_moves",
    package="peewee-moves",
    named=re.compile(r"[0-9]+_.*\.py"),
    marked=re.compile(r"^def upgrade\(\s*migrator\b", re.MULTILINE),
    at="date_applied",
)


def detect(layout: Layout, records: Records) -> Found | None:
    """Look for its modules and its table; it has no settings in files."""
    folder = folder_of(SPEC, "", layout) or "migrations"
    command = f"peewee-db --directory {folder} --database {records.url} upgrade"
    return detect_numbered(SPEC, Used("migration_history", command=command), layout, records)
