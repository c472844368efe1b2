"""Writes what a database remembers: rows of the history, under the lock's token."""

from __future__ import annotations

import datetime as dt
import getpass
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from peewee_mig import __version__
from peewee_mig.dialects.sessions import Session
from peewee_mig.errors import FailedError
from peewee_mig.history.folder import History
from peewee_mig.history.module import Migration
from peewee_mig.history.squash_rows import REPLACES, STANDS_FOR
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.operations import operations_to_json
from peewee_mig.operations.verbs import Operation
from peewee_mig.schema.codec import canonical

#: The name of the row that marks a push; no migration can be called so.
PUSH = "(push)"

#: Keys of ``meta`` while a migration is being undone: the state before, the answers given.
BEFORE, ANSWERS = "before", "answers"

#: The key of ``meta`` of a squash that was recorded in the place of rows: when each was begun.
BEGUN = "begun"


@dataclass(frozen=True)
class Recorder:
    """Runs statements on the history table; ``run`` runs and tells each, and counts its rows."""

    session: Session
    table: HistoryTable
    run: Callable[[str], int]

    def prepare(self) -> None:
        """Create the history table if it is not there."""
        if not self.table.dialect.has_table(self.session.query, self.table.name):
            for sql in self.table.create():
                self.run(sql)

    def insert(self, row: Row) -> None:
        """Record a migration."""
        self.write(self.table.insert(row))

    def replace(self, row: Row) -> None:
        """Bring the row of a migration up to date."""
        self.write(self.table.replace(row))

    def delete(self, name: str) -> None:
        """Forget a migration."""
        self.write(self.table.delete(name))

    def take_over(self, row: Row, names: Sequence[str]) -> None:
        """Put a row in the place of the last of those names, and forget the others."""
        *others, last = names
        self.rename(last, row.name)
        self.replace(row)
        for name in others:
            self.delete(name)

    def rename(self, old: str, new: str) -> None:
        """Give a row another name."""
        self.write(self.table.rename(old, new))

    def write(self, sql: str) -> None:
        """Run a statement that changes records; :exc:`FailedError` if the lock was lost."""
        if self.run(sql) == 0:
            raise FailedError(
                "the migration lock was lost: somebody removed its row, or took it over",
                statement=sql,
                hint="see what the others did with peewee-mig status, then run it again",
            )


def applied_row(
    migration: Migration,
    history: History,
    operations: Sequence[Operation],
    *,
    started: str,
    seconds: float,
    meta: Mapping[str, Any],
    state: str = "applied",
    direction: str = "forward",
) -> Row:
    """Return the row of a migration; ``started`` as :func:`utc_now` spells it."""
    return Row(
        name=migration.name,
        checksum=migration.checksum,
        sha256=migration.sha256,
        schema_hash=history.state_at(migration.name).hash,
        state=state,
        direction=direction,
        started=started,
        finished=utc_now(),
        duration=round(seconds, 6),
        applied_by=applied_by(),
        tool_version=__version__,
        operations=canonical(operations_to_json(operations)),
        meta={**meta, **told_of_squash(migration)},
    )


def told_of_squash(migration: Migration) -> dict[str, Any]:
    """Return what a row keeps of what its migration replaces: for files that are older."""
    if not migration.replaces:
        return {}
    inner = {name: list(names) for name, names in migration.stands_for}
    return {REPLACES: list(migration.replaces), **({STANDS_FOR: inner} if inner else {})}


def on_its_way_back(row: Row, answers: Mapping[str, str]) -> Row:
    """Return the row of an applied migration that is being undone step by step."""
    meta = {**row.meta, BEFORE: row.state, ANSWERS: dict(answers)}
    return replace(row, state="running", direction="backward", meta=meta)


def as_it_was(row: Row) -> Row:
    """Return the row that :func:`on_its_way_back` was made of."""
    meta = {key: value for key, value in row.meta.items() if key not in (BEFORE, ANSWERS)}
    return replace(row, state=row.meta.get(BEFORE, "applied"), direction="forward", meta=meta)


def answers_of(row: Row) -> Mapping[str, str]:
    """Return the answers that an unfinished migration got when it began."""
    key = ANSWERS if row.direction == "backward" else "fills"
    found: Mapping[str, str] = row.meta.get(key, {})
    return found


def push_row(
    schema_hash: str,
    tables: Sequence[str],
    *,
    begun: bool = False,
    operations: Sequence[Operation] = (),
) -> Row:
    """Return the mark of a push; ``tables``: all that are now managed by it.

    ``begun``: statements of it, each of which is committed by itself, are still to come;
    ``operations``: what makes the objects beside the tables, so that they are known as ours.
    """
    now = utc_now()
    return Row(
        name=PUSH,
        checksum="",
        sha256="",
        schema_hash=schema_hash,
        state="pushed",
        direction="forward",
        started=now,
        finished=now,
        duration=0.0,
        applied_by=applied_by(),
        tool_version=__version__,
        operations=canonical(operations_to_json(operations)),
        meta={"tables": sorted(tables)} | ({"begun": True} if begun else {}),
    )


def reset_row(pushed: Row | None) -> Row:
    """Return the mark of a reset that did not finish, in place of that of a push."""
    row = pushed or push_row("", ())
    return replace(row, meta={**row.meta, "begun": True, "reset": True})


def utc_now() -> str:
    """Return the time as history rows have it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def applied_by() -> str:
    """Return who runs this, where."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number without a name
        user = "unknown"
    return f"{user}@{socket.gethostname()}"[:255]
