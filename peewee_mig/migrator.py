"""peewee_mig as a library: see docs/how-to/library.md.

Every call opens a connection of its own and closes it, keeps nothing, prints nothing, reads no
configuration file and no settings from the environment, and changes nothing of the process. So
a :class:`Migrator` may be used in any number of threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from peewee_mig.commands.baseline import Baselined, baseline
from peewee_mig.commands.check import Checked, Finding, check
from peewee_mig.commands.config_values import KEYS
from peewee_mig.commands.migrate import Migrated, migrate
from peewee_mig.commands.planning import Plan, PlannedMigration, plan_run
from peewee_mig.commands.project import Project, folder_of
from peewee_mig.commands.rollback import rollback
from peewee_mig.commands.status import Status, StatusRow, status
from peewee_mig.errors import MigError, NotCurrentError, RefusedError, UsageError
from peewee_mig.history.files import ON_DISK, Files
from peewee_mig.runner.events import Event, Listener, silent
from peewee_mig.runner.losses import Loss
from peewee_mig.runner.run import Done
from peewee_mig.schema.filtering import Rule
from peewee_mig.sources.paths import is_dotted_path, is_package_folder

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from peewee_mig.declare import Declaration
    from peewee_mig.sources.database import LoadedDatabase

__all__ = [
    "Baselined",
    "Checked",
    "Done",
    "Event",
    "Finding",
    "Loss",
    "Migrated",
    "Migrator",
    "Plan",
    "PlannedMigration",
    "Status",
    "StatusRow",
]


class PeeweeDatabase(Protocol):
    """What a Peewee ``Database`` or ``DatabaseProxy`` is to a type checker."""

    def connect(self, reuse_if_open: bool = ...) -> Any:  # noqa: ANN401, FBT001 (Peewee's)
        """Connect."""

    def is_closed(self) -> bool:
        """Whether it has no connection."""


#: A Peewee database, a URL, the path of a SQLite file; or a function that returns one of these,
#: which is called for each use.
Database = PeeweeDatabase | str | os.PathLike[str] | Callable[[], object]
#: A model, a module or package, or its name as in an import statement; a view and the like.
OfModels: TypeAlias = "type[Any] | ModuleType | str | Declaration"


@dataclass(frozen=True)
class Migrator:
    """The migrations of one folder for one database.

    ``directory``: the folder; ``package:folder`` or a resource of ``importlib.resources`` where
    it is part of a package, which may be in an archive. ``models``: what :meth:`check` compares
    with the newest migration. ``engines``: those that :meth:`check` plans for; default: that of
    the database. ``include``, ``exclude``: what is managed, as patterns of names or as functions.
    ``on_event`` is told what happens, in the thread in which it happens; what it
    raises ends the run as a kill would. The rest is as in the configuration
    (docs/reference/configuration.md); ``wait_lock``: seconds to wait for another runner.

    Every method raises :exc:`peewee_mig.errors.MigError` or one of its kinds.
    """

    database: Database = field(repr=False)  # may hold a password
    _: KW_ONLY
    directory: str | os.PathLike[str] | Traversable
    models: OfModels | Sequence[OfModels] = ()
    engines: Sequence[str] = ()
    unsupported: Literal["refuse", "skip"] = "refuse"
    include: Sequence[Rule] = ()
    exclude: Sequence[Rule] = ()
    history_table: str = "peewee_mig_history"
    role: str = ""
    lock_timeout: float = 60.0
    statement_timeout: float = 0.0
    wait_lock: float = 600.0
    on_event: Listener = field(default=silent, repr=False)

    def plan(self, target: str | None = None, *, fills: Mapping[str, str] | None = None) -> Plan:
        """Return what :meth:`migrate` would do, with the exact statements; changes nothing."""
        with _noted():
            return plan_run(self._project(self._database()), _target(target), fills or {})

    def migrate(
        self,
        target: str | None = None,
        *,
        fills: Mapping[str, str] | None = None,
        wait: float = 0.0,
        record_existing: bool = False,
    ) -> Migrated:
        """Apply what the database lacks, or go to a target, as ``peewee-mig migrate`` does.

        ``target``: a name or number, ``head``, ``zero``, ``+1`` or ``-1``; ``fills``: values for
        existing rows by ``table.column``; ``wait``: seconds until the database must answer;
        ``record_existing``: migrations whose tables are there already, exactly as they make them
        (by ``create_tables()``, a push), are recorded without running. Of several runners at
        once, one works and the others wait for it.
        """
        with _noted():
            return migrate(
                self._project(_idle(self._database())),
                target=_target(target),
                fills=fills,
                wait=wait,
                wait_lock=self.wait_lock,
                confirm=(lambda _landing: True) if record_existing else None,
                listener=self.on_event,
            )

    def baseline(self, target: str | None = None) -> Baselined:
        """Record the migrations that a database has already; runs none of them.

        Default: up to the newest that it equals. :exc:`DriftError` if it equals none, or not
        the target.
        """
        with _noted():
            return baseline(
                self._project(_idle(self._database())),
                target=_target(target),
                wait_lock=self.wait_lock,
                listener=self.on_event,
            )

    def rollback(
        self,
        target: str | None = None,
        *,
        fills: Mapping[str, str] | None = None,
        allow_data_loss: Sequence[str] = (),
    ) -> Migrated:
        """Undo the last migration, the last N, or all after a target.

        :exc:`ConsentError` if rows would be lost that ``allow_data_loss`` does not name
        (``table``, ``table.column`` or ``all``).
        """
        with _noted():
            return rollback(
                self._project(_idle(self._database())),
                target=_target(target),
                fills=fills,
                allow_data_loss=(
                    (allow_data_loss,) if isinstance(allow_data_loss, str) else allow_data_loss
                ),
                wait_lock=self.wait_lock,
                listener=self.on_event,
            )

    def status(self) -> Status:
        """Compare the files with what the database remembers; needs only the right to select."""
        with _noted():
            return status(self._project(self._database()))

    def check(self) -> Checked:
        """Check the files against themselves and the models; does not connect.

        What ``peewee-mig check`` finds, but for what git knows of the files.
        """
        with _noted():
            project = self._project(self._database())
            listed = self.models if isinstance(self.models, list | tuple) else [self.models]
            if not listed:
                return check(project, asks_git=False)
            from peewee_mig.sources.given import given_models

            return check(project, declared=given_models(listed), asks_git=False)

    def ensure_current(
        self, mode: Literal["check", "migrate"] = "check", *, strict: bool = False
    ) -> Status:
        """Return where the database stands if nothing is pending and nothing is wrong.

        Else ``check`` raises :exc:`NotCurrentError` and ``migrate`` applies what is pending
        first. A database ahead of these files is current, but not if ``strict``.
        """
        with _noted():
            if mode not in ("check", "migrate"):
                raise UsageError(f"the mode {mode!r} is unknown", hint='"check" or "migrate"')
            found = self.status()
            if mode == "migrate" and not found.ok:
                self.migrate()
                found = self.status()
            _refuse_not_current(found, strict=strict)
            return found

    def _database(self) -> str | LoadedDatabase:
        """Return the database of this call; a name of an object is not imported."""
        found: str | LoadedDatabase
        if isinstance(self.database, str):
            found = self.database
        else:
            from peewee_mig.sources.database import given_database

            found = given_database(self.database)
        if isinstance(found, str) and is_dotted_path(found):
            raise UsageError(
                f"{found!r} is neither a URL nor a file", hint="give the database object itself"
            )
        return found

    def _project(self, database: str | LoadedDatabase) -> Project:
        directory, files = self._folder()
        return Project(
            root=Path(),
            directory=directory,
            files=files,
            database=database if isinstance(database, str) else "",
            given=None if isinstance(database, str) else database,
            engines=self._setting("engines") or (_engine(database),),
            unsupported=self._setting("unsupported"),
            include=_rules(self.include, "include"),
            exclude=_rules(self.exclude, "exclude"),
            history_table=self._setting("history_table"),
            role=self.role,
            lock_timeout=self._setting("lock_timeout"),
            statement_timeout=self._setting("statement_timeout"),
        )

    def _folder(self) -> tuple[Path, Files]:
        given = self.directory
        if isinstance(given, str) and is_package_folder(given):
            from peewee_mig.sources.packages import find_package_folder

            return folder_of(find_package_folder(given))
        if isinstance(given, str | os.PathLike):
            if str(given):
                return Path(given), ON_DISK
        elif hasattr(given, "joinpath"):
            return folder_of(given)
        raise UsageError(
            f"directory of a Migrator is {given!r}",
            hint='give the folder of the migrations, such as "migrations" or "app:migrations"',
        )

    def _setting(self, name: str) -> Any:  # noqa: ANN401 (of its setting)
        return KEYS[name](getattr(self, name), f"{name} of a Migrator")


def _target(given: str | None) -> str | None:
    """Refuse a target that is no text: a number is one of a name, as ``"7"``."""
    if given is None or isinstance(given, str):
        return given
    raise UsageError(f"the target {given!r} is no text", hint=f"give {str(given)!r}")


def _rules(given: Sequence[Rule], name: str) -> tuple[Rule, ...]:
    """Return rules; a text that names a function is refused, since nothing is imported."""
    rules = (given,) if isinstance(given, str) else tuple(given)
    for rule in rules:
        if not (callable(rule) or (isinstance(rule, str) and ":" not in rule)):
            raise UsageError(
                f"{name} of a Migrator has {rule!r}", hint="give a pattern, or the function itself"
            )
    return rules


def _engine(database: str | LoadedDatabase) -> str:
    from peewee_mig.dialects.url import parse_url

    engine = parse_url(database).engine if isinstance(database, str) else database.engine
    return "postgres" if engine == "cockroach" else engine


def _idle(database: str | LoadedDatabase) -> str | LoadedDatabase:
    """Refuse a database that this thread has locked: the run would wait for itself."""
    is_busy = getattr(database, "database", None)
    if is_busy is not None and is_busy.in_transaction():
        raise RefusedError(
            "this thread is inside of a transaction on this database",
            committed="nothing was changed",
            hint="migrate before it begins, or after it has ended",
        )
    return database


def _refuse_not_current(found: Status, *, strict: bool) -> None:
    pending = [row.name for row in found.rows if row.state == "pending"]
    ahead = [row.name for row in found.rows if row.state == "unknown"]
    if found.ok and not (strict and ahead):
        return
    words = [f"{' and '.join(pending)} {'is' if len(pending) == 1 else 'are'} pending"] * bool(
        pending
    )
    words += [f"it has {' and '.join(ahead)}, which these files lack"] * bool(ahead)
    words += found.problems
    raise NotCurrentError(
        f"the database is not current: {'; '.join(words)}",
        pending=pending,
        ahead=ahead,
        problems=found.problems,
        committed="nothing was changed",
        hint='peewee-mig migrate, or ensure_current("migrate")' if pending else "peewee-mig status",
    )


@contextmanager
def _noted() -> Iterator[None]:
    """Add to an error what a traceback should show besides its message."""
    try:
        yield
    except MigError as error:
        if not getattr(error, "__notes__", ()):
            for note in _notes(error):
                error.add_note(note)
        raise


def _notes(error: MigError) -> Iterator[str]:
    fields = ("where", "statement", "original", "committed", "hint")
    for name in fields:
        if text := getattr(error, name):
            yield f"{'next' if name == 'hint' else name}: {text}"
