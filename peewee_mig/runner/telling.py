"""Runs a statement and tells of it, before and after."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from peewee_mig.dialects.sessions import Session
from peewee_mig.errors import BusyError
from peewee_mig.runner.events import Event, Listener, silent


@dataclass(frozen=True)
class Teller:
    """Runs statements on a session, and measures how long each takes and waited."""

    session: Session
    listener: Listener = silent
    #: Statement -> when it met a lock of somebody else first.
    _met: dict[str, float] = field(default_factory=dict[str, float], repr=False, compare=False)

    def run(self, sql: str, title: str = "", direction: str = "", *, ours: bool = False) -> int:
        """Run a statement; return how many rows it changed, as the session says.

        ``title``: what it belongs to; ``ours``: it is one of our own tables.
        """
        event = Event("statement", title, direction, text=f"{sql};", ours=ours)
        self.listener(event)
        begun = time.monotonic()
        try:
            rows = self.session.execute(sql)
        except BusyError:
            self._met.setdefault(sql, begun)
            raise
        seconds, waited = time.monotonic() - begun, begun - self._met.pop(sql, begun)
        counted = rows if rows >= 0 else None
        self.listener(replace(event, kind="executed", seconds=seconds, waited=waited, rows=counted))
        return rows
