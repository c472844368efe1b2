"""peewee-db-evolve, which compares models and database at start-up and keeps no history."""

from __future__ import annotations

from peewee_mig.commands.adopting.calls import called, imported
from peewee_mig.commands.adopting.layout import Layout
from peewee_mig.commands.adopting.records import Records
from peewee_mig.commands.adopting.values import Found, Rank

MODULE = "peeweedbevolve"


def detect(layout: Layout, records: Records) -> Found | None:  # noqa: ARG001 (it has no table)
    """Look for the modules that import it, and its call."""
    imports = imported(layout, MODULE)
    if not imports:
        return None
    calls = [each for each in called(layout, {"evolve"}) if each.path in _paths(layout)]
    return Found(
        "peewee-db-evolve",
        "peewee-db-evolve (it keeps no history)",
        Rank.EVOLVES,
        evidence=tuple(str(each) for each in (*imports, *calls)),
        module=MODULE,
        package="peewee-db-evolve",
    )


def _paths(layout: Layout) -> frozenset[str]:
    """Return the modules that could call it: the method has a common name."""
    return frozenset(path for path in layout.python() if "evolve(" in layout.text(path))
