"""Migrations that a run began and whose rows somebody deleted: the journal has their steps."""

from __future__ import annotations

from collections.abc import Iterable

from peewee_mig.commands.repairing.findings import journal_of
from peewee_mig.dialects.sessions import Session
from peewee_mig.errors import RefusedError
from peewee_mig.history.table import HistoryTable


def refuse_begun(table: HistoryTable, session: Session, names: Iterable[str]) -> None:
    """Refuse to record as there what was begun.

    Of its steps that no schema shows, some may not have run. :exc:`RefusedError`: nothing was
    changed.
    """
    journal = journal_of(table).read_all(session.query)
    for name in names:
        if (name, "forward") in journal:
            raise RefusedError(
                f"{name} was begun in this database and not finished, and its row is gone",
                where=session.label,
                committed="nothing was changed",
                hint="see how far it came: peewee-mig repair",
            )
