"""seed: give a database the rows that it should begin with, by functions of the user's."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from peewee_mig.commands.hooking import Hooking, hooked
from peewee_mig.commands.migrate import make_runner, open_database
from peewee_mig.commands.project import Project
from peewee_mig.commands.seed_tracked import LeftError, RanBefore, Tracking, checksums
from peewee_mig.commands.seed_units import (
    Choice,
    Place,
    Wanted,
    arrange,
    choose,
    refuse_production,
)
from peewee_mig.errors import LockedError, MigError, RefusedError, SeedError, UsageError
from peewee_mig.history.folder import read_history
from peewee_mig.history.verify import ensure_complete
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.events import Listener, silent
from peewee_mig.runner.execution import with_fields
from peewee_mig.runner.lock import NOTHING, held
from peewee_mig.runner.position import Position
from peewee_mig.runner.run import Runner
from peewee_mig.seeds import DECLARED, Counts, Unit

if TYPE_CHECKING:
    from peewee_mig.sources.seeding import Seeder


@dataclass(frozen=True, slots=True)
class Ran:
    """A seed that ran and is committed; ``counts``: of its upserts."""

    name: str
    counts: Counts
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints of it."""
        return {
            "name": self.name,
            "inserted": self.counts.inserted,
            "updated": self.counts.updated,
            "unchanged": self.counts.unchanged,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class Planned:
    """A seed that would run; ``place``: file and line of its function.

    ``tracked``: not if the database has had it, which nobody asked.
    """

    name: str
    place: str
    after: tuple[str, ...]
    tags: tuple[str, ...]
    tracked: bool = False


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a run did, or (``planned``) what it would run.

    ``elsewhere``: seeds that run in other environments only; ``skipped``: tracked ones that the
    database has had.
    """

    database: str = ""
    ran: tuple[Ran, ...] = ()
    planned: tuple[Planned, ...] = ()
    elsewhere: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "database": self.database,
            "ran": [each.to_json() for each in self.ran],
            "planned": [
                {
                    "name": each.name,
                    "place": each.place,
                    "after": list(each.after),
                    "tags": list(each.tags),
                    "tracked": each.tracked,
                }
                for each in self.planned
            ],
            "skipped": list(self.skipped),
            "elsewhere": list(self.elsewhere),
            "warnings": list(self.warnings),
        }


#: Is told each seed as soon as it is committed.
Tell = Callable[[Ran], None]


def seed(
    project: Project,
    wanted: Wanted = Wanted(),  # noqa: B008 (a frozen value)
    *,
    dry_run: bool = False,
    wait_lock: float = 600.0,
    tell: Tell = lambda _: None,
    listener: Listener = silent,
) -> Seeded:
    """Run seeds, each in a transaction of its own.

    ``dry_run`` lists them, and connects to nothing. :exc:`UsageError` for modules and names that
    are wrong; :exc:`RefusedError` for what may not run here, and for a database that migrations
    are pending for: nothing was changed. :exc:`SeedError` if a seed raises: those before it stay.
    """
    modules = _modules(project)
    choice = _choice(project, modules, wanted)
    elsewhere = tuple(unit.name for unit in choice.elsewhere)
    if dry_run:
        planned = tuple(_planned(unit, project.root, wanted) for unit in choice.run)
        return Seeded("", (), planned, elsewhere, tuple(_refusal(choice, _place(project))))
    refuse_production(choice, _place(project))
    sums = checksums(modules, [unit for unit in choice.run if unit.tracked or wanted.track])
    history = read_history(project.directory, project.files)
    create = not history.names  # with migrations, a file that is missing lacks all of them
    with open_database(project, create=create) as connection:
        runner = make_runner(project, connection, history, listener)
        warnings = tuple(_check(runner, wanted))
        tracking = Tracking(runner, sums, wanted.again)
        skipped = _in_order(choice, tracking.ran())
        ran: list[Ran] = []
        if len(skipped) < len(choice.run):
            session, own = connection.session, runner.table.own
            hooking = Hooking(project, "seed", session.label)
            hooking.before(names=[one.name for one in choice.run if one.name not in skipped])
            with (
                hooked(hooking, names=lambda: [each.name for each in ran]),
                held(session, connection.dialect, own, wait=wait_lock, listener=listener) as lock,
            ):
                _refuse_unready(runner.position(), wanted)
                tracking = tracking.under(lock.owner)
                skipped = _in_order(choice, tracking.ran())
                seeding = _Seeding(project, connection, wanted, wait_lock, tell, tracking, ran)
                seeding.run([unit for unit in choice.run if unit.name not in skipped])
        skipped = _in_order(choice, {unit.name for unit in choice.run} - {one.name for one in ran})
        return Seeded(connection.session.label, tuple(ran), (), elsewhere, warnings, skipped)


def choice_of(project: Project, wanted: Wanted) -> Choice:
    """Import the seeds and choose; connects to nothing."""
    return _choice(project, _modules(project), wanted)


def _modules(project: Project) -> Sequence[ModuleType]:
    from peewee_mig.sources.seeding import import_own

    return import_own(_need_seeds(project), project.models, project.root, named_by="seeds")


def _choice(project: Project, modules: Sequence[ModuleType], wanted: Wanted) -> Choice:
    found = {id(unit): unit for module in modules for unit in getattr(module, DECLARED, ())}
    units = tuple(found.values())
    if not units:
        raise UsageError(
            f"there is no seed in {', '.join(project.seeds)}",
            hint="declare one with @seed() of peewee_mig.seeds",
        )
    return choose(arrange(units), wanted, _place(project))


def _need_seeds(project: Project) -> tuple[str, ...]:
    if project.seeds:
        return project.seeds
    raise UsageError(
        "no seeds are named",
        hint="name their module in the configuration, such as seeds = app.seeds,"
        " then: peewee-mig seed; or export PEEWEE_MIG_SEEDS=MODULE, then: peewee-mig seed",
    )


def _place(project: Project) -> Place:
    return Place(project.env, project.production, project.settings.environments)


def _in_order(choice: Choice, names: Collection[str]) -> tuple[str, ...]:
    return tuple(unit.name for unit in choice.run if unit.name in names)


def _planned(unit: Unit, root: Path, wanted: Wanted) -> Planned:
    from peewee_mig.sources.importing import shorten

    code = inspect.unwrap(unit.function).__code__
    place = f"{shorten(code.co_filename, root)}:{code.co_firstlineno}"
    return Planned(unit.name, place, unit.after, unit.tags, unit.tracked or wanted.track)


def _refusal(choice: Choice, place: Place) -> Iterator[str]:
    try:
        refuse_production(choice, place)
    except RefusedError as error:
        yield f"{error.message}. next: {error.hint}"


def _check(runner: Runner, wanted: Wanted) -> Iterator[str]:
    """Refuse a database that is not ready for seeds; yield what may not be meant."""
    ensure_complete(runner.history)
    position = runner.position()
    _refuse_unready(position, wanted)
    if position.ahead:
        names = ", ".join(row.name for row in position.ahead)
        yield f"the database is ahead of these files: it has {names}"


def _refuse_unready(position: Position, wanted: Wanted) -> None:
    """Refuse a database whose tables are not those of the models; a push has made them."""
    position.ensure_sound()
    push = position.push
    if push is not None and push.is_push_begun:
        raise RefusedError(
            "a push was begun here and not finished",
            committed="nothing was changed",
            hint="finish it first: peewee-mig push",
        )
    if position.unfinished is None and (push is not None or not position.pending):
        return
    names = ", ".join(position.pending) or (position.unfinished.name if position.unfinished else "")
    raise RefusedError(
        f"migrations are pending here: {names}",
        committed="nothing was changed",
        hint=f"apply them first: peewee-mig migrate, then: {wanted.command}",
    )


@dataclass(frozen=True)
class _Seeding:
    """One run, under the lock."""

    project: Project
    connection: Connection
    wanted: Wanted
    wait: float
    tell: Tell
    tracking: Tracking
    #: What is committed: each seed is added as soon as it is.
    done: list[Ran]

    def run(self, units: Sequence[Unit]) -> None:
        from peewee_mig.sources.seeding import seeder

        project, connection = self.project, self.connection
        self.tracking.prepare()
        with seeder(
            project.need_database(),
            connection.dialect.name,
            connection.session.raw,
            root=project.root,
            at=project.database_root,
            mariadb=connection.session.capabilities().product == "MariaDB",
        ) as bound:
            for unit in units:
                ran = self._one(bound, unit)
                if ran is not None:
                    self.done.append(ran)
                    self.tell(ran)

    def _one(self, bound: Seeder, unit: Unit) -> Ran | None:
        """Run a seed; ``None`` if another process did so meanwhile, and it is tracked."""
        begun = time.monotonic()
        lent = self.connection.session.lend(wait=self._patience)
        transaction = self.tracking.recording(unit, lent)
        try:
            counts = bound.run(unit.function, transaction, takes_database=unit.takes_database)
        except LockedError as error:
            raise with_fields(error, committed=_committed(self.done)) from error
        except RanBefore:
            return None
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise self._failure(unit, error) from error
        return Ran(unit.name, counts, time.monotonic() - begun)

    @property
    def _patience(self) -> float:
        """On SQLite the transaction is the lock of all; else those of rows are waited for."""
        from peewee_mig.dialects.sessions import EmbeddedSession

        embedded = isinstance(self.connection.session, EmbeddedSession)
        return self.wait if embedded else self.project.lock_timeout

    def _failure(self, unit: Unit, error: BaseException) -> SeedError:
        from peewee_mig.sources.seeding import users_line

        left = ""
        if isinstance(error, LeftError) and error.__cause__ is not None:
            left, error = str(error), error.__cause__
        elif isinstance(error, MigError) and error.committed != NOTHING:
            left = error.committed
        way = error.hint if isinstance(error, MigError) and error.hint else "correct that"
        return SeedError(
            f"the seed {unit.name!r} failed",
            where=users_line(error, self.project.root) or "",
            original=_said(error),
            committed=_committed(self.done, left),
            hint=f"{way}, then: {self.wanted.command}",
        )


def _said(error: BaseException) -> str:
    if isinstance(error, MigError):
        return "\n".join(filter(None, (error.message, error.original)))
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _committed(done: Sequence[Ran], left: str = "") -> str:
    """Say what is committed; ``left``: of the seed that failed."""
    if not done:
        return left or "nothing was changed"
    return f"{', '.join(each.name for each in done)}; {left or 'nothing of this seed'}"
