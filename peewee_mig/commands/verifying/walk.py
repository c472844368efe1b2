"""The way of a history through a scratch database: up, down to zero, and up again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from peewee_mig.commands.verifying.filling import Filler
from peewee_mig.commands.verifying.moving import Mover
from peewee_mig.commands.verifying.places import Places
from peewee_mig.dialects.base import Inspection
from peewee_mig.errors import FailedError, LockedError, MigError, UnreachableError
from peewee_mig.history.module import Migration
from peewee_mig.plan.hazards.no_way_back import has_way_back
from peewee_mig.runner.run import Runner


class TroubleError(Exception):
    """The way ends here: what is wrong with a migration."""

    def __init__(self, migration: Migration, message: str, hint: str) -> None:
        """Keep the fields; ``hint`` is what helps."""
        super().__init__(message)
        self.migration = migration
        self.message = message
        self.hint = hint


@dataclass
class Walk:
    """One history in one scratch database."""

    runner: Runner
    with_rows: bool = True
    notes: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        """Begin before the first migration."""
        down = replace(self.runner, allowed=("all",), command="rollback")
        self._places = Places(self.runner)
        self._filler = Filler(self.runner.session, self.runner.dialect) if self.with_rows else None
        self._up = Mover(self._places, self._filler, self.notes)
        self._down = Mover(replace(self._places, runner=down), self._filler, self.notes)

    @property
    def rows(self) -> int:
        """How many rows were made."""
        return self._filler.made if self._filler else 0

    def up(self) -> None:
        """Apply each migration; raise :exc:`TroubleError` at the first that does not fit."""
        self._places.reached(0)
        for place, migration in enumerate(self._migrations):
            self._make(migration, self._up.forward, place, "")
            differing = self._places.reached(place + 1)
            self._refuse(migration, "after it, the schema is not that of its snapshot", differing)

    @property
    def reached(self) -> Inspection:
        """The catalog at the newest place."""
        return self._places.seen[-1]

    def down_and_up(self) -> None:
        """Undo each migration, compare with the way up, and apply them all again."""
        floor = self._floor()
        for place in range(len(self._migrations), floor, -1):
            migration = self._migrations[place - 1]
            self._make(migration, self._down.backward, place, " backward")
            differing = self._places.differing(place - 1)
            self._refuse(migration, "undone, it does not restore the schema before it", differing)
        again = self._up if floor else Mover(self._places, None)  # no rows are left at zero
        for place in range(floor, len(self._migrations)):
            migration = self._migrations[place]
            self._make(migration, again.forward, place, " again")
            differing = self._places.differing(place + 1)
            self._refuse(migration, "applied again, it leaves another schema", differing)

    def empty_tables(self) -> Iterator[str]:
        """Say which tables had no rows, and why."""
        reasons = self._filler.empty if self._filler else {}
        for name, why in {table.name: why for table, why in reasons.items()}.items():
            yield f"no row of {name} could be made: {why}"

    @property
    def _migrations(self) -> tuple[Migration, ...]:
        return self.runner.history.migrations

    def _floor(self) -> int:
        """Return the place that the way down leads to: the newest one that cannot be left."""
        for place in range(len(self._migrations), 0, -1):
            migration = self._migrations[place - 1]
            if not all(map(has_way_back, migration.operations)):
                self.notes.append(f"{migration.name} cannot be undone: the way down ends there")
                return place
        return 0

    def _make(
        self, migration: Migration, make: Callable[[int], list[str]], place: int, way: str
    ) -> None:
        try:
            lost = make(place)
        except (LockedError, UnreachableError):
            raise
        except MigError as error:
            if not self._answers():
                raise
            raise TroubleError(migration, f"it does not run{way}: {_told(error)}", _HINT) from error
        self._refuse(migration, f"rows are not kept{way}", lost)

    def _answers(self) -> bool:
        """Whether the database is still there: else the failure is none of a migration."""
        try:
            return self.runner.session.query("SELECT 1") == [(1,)]
        except FailedError:
            return False

    def _refuse(self, migration: Migration, what: str, differing: Sequence[str]) -> None:
        if differing:
            more = f" (and {len(differing) - 1} more)" if differing[1:] else ""
            hint = _LOST if what.startswith("rows") else _HINT
            raise TroubleError(migration, f"{what}: {differing[0]}{more}", hint)


#: What helps where a migration is wrong: who may mend it where depends on where it was applied.
_HINT = "mend the migration if it is applied nowhere yet, else write a new one"
_LOST = f'{_HINT}; where rows are meant to go, add "data-loss" to allow = [...] in the file'


def _told(error: MigError) -> str:
    """Say what an error says, with its statement, on lines of their own."""
    lines = [error.message, *error.original.splitlines(), *error.statement.splitlines()]
    where = f" ({error.where})" if error.where else ""
    return "\n    ".join([lines[0] + where, *lines[1:]])
