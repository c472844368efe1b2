"""Which files count for a database, where migrations replace others. Pure.

A database that has none of what a squash replaces runs the squash. One that has all of it has
the squash: it only has to be recorded. One that has a part runs the rest of the old files first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from peewee_mig.errors import RefusedError, SchemaError
from peewee_mig.history import replaced
from peewee_mig.history.folder import History
from peewee_mig.history.module import Migration
from peewee_mig.history.restoring import bring_back, bring_back_all, pair, restore
from peewee_mig.history.squash_rows import parts_here
from peewee_mig.history.table import Row
from peewee_mig.operations.codec import operations_to_json
from peewee_mig.operations.replay import replay
from peewee_mig.runner.position import Position, Problem, locate
from peewee_mig.runner.recording import BEGUN, told_of_squash
from peewee_mig.schema.codec import canonical


@dataclass(frozen=True, slots=True)
class Takeover:
    """A squash that a database has without a row: ``row`` takes the place of ``rows``."""

    row: Row
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """The name of the squash."""
        return self.row.name


@dataclass(frozen=True)
class Place:
    """Where a database stands, in the files that count for it.

    ``history``: these files; ``rows``: what the database remembers of them, with the row of each
    squash that is ``due`` to be recorded.
    """

    history: History
    rows: tuple[Row, ...]
    due: tuple[Takeover, ...] = ()
    problems: tuple[Problem, ...] = ()

    @cached_property
    def position(self) -> Position:
        """The rows against the files."""
        found = locate(self.history, self.rows)
        return replace(found, problems=(*self.problems, *found.problems))


def place(history: History, rows: Sequence[Row]) -> Place:
    """Find the files that count for a database."""
    rows = tuple(_understood(history, rows))
    if not history.is_squashed:
        return Place(history, rows)
    return _Placing(history, rows).place()


def _understood(history: History, rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows, and for one of a squash that these older files lack those of its parts.

    That row comes last, as of a migration that is newer than the files.
    """
    newer: list[Row] = []
    for row in rows:
        parts = parts_here(row, history.modules)
        if parts:
            newer.append(row)
            yield from (_row_of(part, row) for part in parts)
        else:
            yield row
    yield from newer


def _row_of(part: Migration, row: Row) -> Row:
    return replace(row, name=part.name, checksum=part.checksum, sha256=part.sha256, meta={})


@dataclass
class _Placing:
    """The files that count so far, and what was found on the way."""

    history: History
    rows: tuple[Row, ...]
    chosen: list[str] = field(default_factory=list[str])
    due: list[Takeover] = field(default_factory=list[Takeover])
    problems: list[Problem] = field(default_factory=list[Problem])
    #: Names of rows that stand for nothing any more.
    passed: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        self.known = replaced.stand_ins(self.history.modules)
        self.names = {row.name for row in self.rows if not row.is_push}
        self.begun = {row.name for row in self.rows if row.is_unfinished}

    def place(self) -> Place:
        for each in self.history.migrations:
            self._choose(self.history.modules.get(each.name, each))
        history = self.history
        if set(self.chosen) != set(history.names):
            history = history.choosing(self.chosen)
        rows = tuple(row for row in self.rows if row.name not in self.passed)
        if self.due:
            rows = tuple(self._with_due())
        return Place(history, rows, tuple(self.due), tuple(self.problems))

    def _choose(self, migration: Migration) -> None:
        """Choose a migration, or those of its parts that a database goes on with."""
        inside = replaced.members(migration.name, self.known)
        there = self.names & inside
        if migration.name in self.names or not there:
            self.chosen.append(migration.name)
        elif not self.begun & inside and replaced.is_covered(
            migration.name, self.names, self.known
        ):
            self.chosen.append(migration.name)
            self._take_over(migration, there)
        elif all(name in self.history.modules for name in migration.replaces):
            for name in migration.replaces:
                self._choose(self.history.modules[name])
        else:
            self.chosen.append(migration.name)
            self.passed |= there
            self.problems.append(self._incomplete(migration, there))

    def _take_over(self, migration: Migration, there: Collection[str]) -> None:
        rows = tuple(row for row in self.rows if row.name in there)
        self.problems += self._edited(migration, rows)
        row = _row(migration, rows, self.history.snapshot(migration.name).schema)
        self.due.append(Takeover(row, rows))

    def _with_due(self) -> Iterator[Row]:
        """Yield the rows, each squash in the place of the last one of its rows."""
        last = {each.rows[-1].name: each.row for each in self.due}
        gone = self.passed.union(*({row.name for row in each.rows} for each in self.due))
        for row in self.rows:
            if row.name in last:
                yield last[row.name]
            elif row.name not in gone:
                yield row

    def _edited(self, squash: Migration, rows: Sequence[Row]) -> Iterator[Problem]:
        """Find whether the database has something else than what the squash replaces."""
        files = self.history.modules
        for row in rows:
            file = files.get(row.name)
            if file is not None and file.sha256 != row.sha256 and file.checksum != row.checksum:
                yield Problem(
                    row.name,
                    f"{row.name}, which {squash.name} replaces, was edited after it was applied",
                    f"{restore(*pair(file.path))}; if the database has the change already:"
                    " peewee-mig repair",
                    "edited",
                )
                return
        if any(row.name not in files for row in rows) and not self._leads_there(squash, rows):
            yield Problem(
                rows[-1].name,
                f"the migrations that this database has do not make what {squash.name} makes,"
                " which replaces them",
                f"{bring_back(self.history.module_path(rows[-1].name))}; or see what the database"
                " has: peewee-mig repair",
                "edited",
            )

    def _leads_there(self, squash: Migration, rows: Sequence[Row]) -> bool:
        """Whether the operations that the rows remember lead to the schema of the squash."""
        history = self.history
        operations = [each for row in rows for each in row.read_operations()]
        try:
            made = replay(operations, history.schema_before(squash.name))
        except SchemaError:
            return False
        return made == history.schema_at(squash.name)

    def _incomplete(self, squash: Migration, there: Collection[str]) -> Problem:
        lacking = next(
            name
            for name in squash.replaces
            if not replaced.is_covered(name, self.names - self.begun, self.known)
        )
        gone = [name for name in squash.replaces if name not in self.history.modules]
        files = bring_back_all([self.history.module_path(name) for name in gone])
        return Problem(
            squash.name,
            f"this database has {len(there)} of the migrations that {squash.name} replaces, not"
            f" {lacking}, and the file of {gone[0]} is gone",
            f"{files}, then: peewee-mig migrate; or check out a version that has the files of all"
            f" of them, then: peewee-mig migrate {squash.replaces[-1]}",
            "gone",
        )


def _row(squash: Migration, rows: Sequence[Row], schema_hash: str) -> Row:
    """Return the row of a squash in place of those of the migrations that it replaces."""
    last = rows[-1]
    return replace(
        last,
        name=squash.name,
        checksum=squash.checksum,
        sha256=squash.sha256,
        schema_hash=schema_hash,
        state="applied",
        direction="forward",
        started=rows[0].started,
        duration=sum(row.duration for row in rows),
        operations=canonical(operations_to_json(squash.operations)),
        meta=_meta(squash, rows),
    )


def _meta(squash: Migration, rows: Sequence[Row]) -> dict[str, Any]:
    """Return what the rows remember together: answers, accepted differences, their names."""
    fills = {key: value for row in rows for key, value in row.meta.get("fills", {}).items()}
    others = {key: value for row in rows for key, value in row.meta.items() if key != "fills"}
    told = told_of_squash(squash)
    begun = {
        k: v for row in rows for k, v in (*row.meta.get(BEGUN, {}).items(), (row.name, row.started))
    }
    names = [row.name for row in rows]
    found: dict[str, Any] = {**others, **told, "replaced": names, BEGUN: begun}
    return found | ({"fills": fills} if fills else {})


def as_recorded(history: History, names: Collection[str]) -> History:
    """Return the history in which the files of the rows count, not yet what replaces them.

    ``names``: those of the rows. :exc:`RefusedError` where these files are gone.
    """
    if not history.is_squashed:
        return history
    known = replaced.stand_ins(history.modules)
    chosen: list[str] = []
    waiting = list(history.names)
    while waiting:
        name = waiting.pop(0)
        if name in names or not replaced.members(name, known) & set(names):
            chosen.append(name)
        elif all(each in history.modules for each in history.modules[name].replaces):
            waiting += history.modules[name].replaces
        else:
            raise RefusedError(
                f"this database has migrations that {name} replaces, and their files are gone",
                where=str(history.module_path(name)),
                committed="nothing was changed",
                hint="if it has all of them, this records it: peewee-mig migrate; else bring them"
                f" back: {bring_back(history.module_path(history.modules[name].replaces[0]))}",
            )
    return history.choosing(chosen)
