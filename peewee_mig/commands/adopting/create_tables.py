"""No tool at all: ``create_tables()`` when the application starts."""

from __future__ import annotations

from peewee_mig.commands.adopting.calls import creating
from peewee_mig.commands.adopting.layout import Layout
from peewee_mig.commands.adopting.records import Records
from peewee_mig.commands.adopting.values import Found, Rank


def detect(layout: Layout, records: Records) -> Found | None:  # noqa: ARG001 (it has no table)
    """Look for the calls."""
    calls = creating(layout)
    if not calls:
        return None
    title = "create_tables() at start-up (it keeps no history)"
    return Found("create_tables", title, Rank.CALLS, tuple(map(str, calls)))
