"""Calls a function of a migration file, in a transaction that is open already."""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from peewee_mig.dialects.calls import Call
from peewee_mig.dialects.sessions import ServerSession, Session
from peewee_mig.errors import (
    BusyError,
    FailedError,
    LockedError,
    MigError,
    RefusedError,
    same_command,
)
from peewee_mig.op.words import takes
from peewee_mig.runner.events import Event, Listener
from peewee_mig.runner.tasks import Work

if TYPE_CHECKING:
    from peewee_mig.sources.batching import Keeper

_START = r"(?:\s+|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|/\*.*?\*/)*"
#: SQL that would end the transaction, on any engine.
_CONTROL = re.compile(
    rf"{_START}(BEGIN|COMMIT|END|ROLLBACK(?!\s+(?:WORK\s+)?TO)|START\s+TRANSACTION)\b",
    re.IGNORECASE | re.DOTALL,
)
#: SQL before which MySQL and MariaDB commit by themselves.
#: Source: https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/
_COMMITS = re.compile(
    rf"{_START}((?:CREATE|DROP)(?!\s+TEMPORARY)|ALTER|TRUNCATE|RENAME|GRANT|REVOKE|LOCK|UNLOCK"
    r"|ANALYZE|OPTIMIZE|REPAIR|CHECK|FLUSH|INSTALL|UNINSTALL|SET\s+PASSWORD|LOAD\s+INDEX)\b",
    re.IGNORECASE | re.DOTALL,
)
_SAVEPOINT = re.compile(
    rf"{_START}(SAVEPOINT|RELEASE(?:\s+SAVEPOINT)?|ROLLBACK\s+TO(?:\s+SAVEPOINT)?)\s+([^\s;]+)",
    re.IGNORECASE | re.DOTALL,
)
_POINT = "peewee_mig_call"


#: What the servers say of a savepoint that went with its transaction: its code.
_GONE = frozenset({"25P01", "3B001", 1305})


@dataclass
class Intact:
    """Proves that a transaction has held all of what ran in it: a savepoint lasts as long.

    DDL commits by itself on MySQL and MariaDB; a connection of the driver can everywhere.
    """

    session: Session
    name: str

    def begin(self) -> None:
        """Mark the transaction."""
        self.session.execute(f"SAVEPOINT {_POINT}")

    def end(self) -> None:
        """Raise :exc:`FailedError` if the mark is gone: then the transaction was committed."""
        try:
            self.session.execute(f"RELEASE SAVEPOINT {_POINT}")
        except (BusyError, LockedError):
            raise
        except FailedError as error:
            if not _is_gone(error):
                raise
            raise FailedError(
                f"a statement of {self.name}() committed what had run until then",
                original=error.original,
                committed=f"what {self.name}() did until then",
                hint="leave statements out that change tables (write operations for those), and"
                " those that end the transaction, also of the driver's connection; undo"
                f" by hand what {self.name}() did, then: {same_command()}",
            ) from error

    def judge(self, error: BaseException) -> None:
        """Say in an error of the function if not all of it will be undone."""
        if isinstance(error, MigError) and not isinstance(error, BusyError | LockedError):
            error.committed = error.committed or self.left

    @property
    def left(self) -> str:
        """What stays, when a function has failed: empty if all of it will be undone.

        A transaction that met another one may be rolled back already; then all that ran
        afterwards was committed.
        """
        try:
            self.end()
        except FailedError as error:
            if error.committed:
                return f"perhaps what {self.name}() did until then: look at the rows"
        except MigError:  # no connection is left
            pass
        return ""


def _is_gone(error: FailedError) -> bool:
    """Whether there is no such savepoint, or no transaction."""
    cause = error.__cause__
    codes = [getattr(cause, name, None) for name in ("sqlstate", "pgcode")]
    codes += [*getattr(cause, "args", ())[:1]]
    return any(code in _GONE or str(code).startswith("no such savepoint") for code in codes)


@dataclass
class Caller:
    """A function on its way; ``patience``: seconds to wait for rows that others hold."""

    session: Session
    engine: str
    listener: Listener
    work: Work
    patience: float
    _statement: str = field(default="", init=False)
    _savepoints: set[str] = field(default_factory=set[str], init=False)

    def call(self, step: Call, keeper: Keeper | None = None) -> None:
        """Call the function; :exc:`FailedError` names its line, :exc:`BusyError`: call again.

        ``keeper``: of its batches; without one, all of them are in this transaction.
        """
        from peewee_mig.sources.batching import Models, NothingKept
        from peewee_mig.sources.calling import lent_database
        from peewee_mig.sources.historic import historic_models

        function = step.function
        if function is None:
            raise AssertionError(step)  # `check` has refused it
        begun = time.monotonic()
        self._tell(f"-- {step.note}")
        with (
            self._waiting(),
            lent_database(
                self.engine,
                self.session.raw,
                mariadb=self.session.capabilities().product == "MariaDB",
                watch=self._watch,
                ran=lambda sql, seconds, rows: self._told(f"{sql};", seconds, rows),
            ) as database,
        ):
            try:
                historic = historic_models(step.schema, self.engine, database)
            except Exception as error:
                raise FailedError(
                    f"the tables as they are before {step.name}() have no models: {_said(error)}",
                    hint="write it as SQL (op.run_sql), and report this, with the snapshot",
                ) from error
            models = Models(
                historic,
                keeper or NothingKept(),
                self._progress(step),
                lambda: bool(self._savepoints),
            )
            self._run(step, function, (models, database)[: takes(function)])
        self._told(f"-- {step.note}", time.monotonic() - begun)

    def _run(self, step: Call, function: Callable[..., object], arguments: tuple[Any, ...]) -> None:
        try:
            function(*arguments)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise self._failure(step, error) from error

    def _failure(self, step: Call, error: BaseException) -> MigError:
        from peewee_mig.sources.calling import drivers_error

        where = _line(step, error) or self.work.where(step.operations[0])
        if isinstance(error, MigError):
            known = error
        else:
            drivers = drivers_error(error)
            known = self.session.understood(drivers, self._statement) if drivers else MigError("")
        if isinstance(known, BusyError | LockedError):
            known.where = known.where or where
            return known
        said = known.message if isinstance(error, MigError) else _said(error)
        return FailedError(
            f"{step.name}() of the migration failed: {said}",
            where=where,
            statement=known.statement,
            original=known.original if isinstance(error, MigError) else "",
            hint=known.hint if isinstance(error, MigError) else "",
        )

    def _waiting(self) -> Any:  # noqa: ANN401 (a context)
        """Wait for rows as long as for tables, where nobody has to wait behind this meanwhile."""
        if self.work.is_structural or not isinstance(self.session, ServerSession):
            return nullcontext()
        return self.session.waiting(self.patience)

    def _watch(self, sql: str) -> None:
        """Tell of a statement; refuse one that would end the transaction."""
        patterns = (_CONTROL, _COMMITS) if self.engine == "mysql" else (_CONTROL,)
        for pattern in patterns:
            if match := pattern.match(sql):
                word = " ".join(match[1].upper().split())
                raise RefusedError(
                    f"{word} would end the transaction that this function runs in",
                    statement=sql,
                    hint="change tables by operations of the migration, before or after the"
                    " function; leave BEGIN, COMMIT and ROLLBACK out",
                )
        if match := _SAVEPOINT.match(sql):
            begins = match[1].upper() == "SAVEPOINT"
            (self._savepoints.add if begins else self._savepoints.discard)(match[2])
        self._statement = sql
        self._tell(f"{sql};")

    def _tell(self, text: str) -> None:
        self.listener(Event("statement", self.work.title, self.work.direction, text=text))

    def _told(self, text: str, seconds: float, rows: int = -1) -> None:
        """Tell that a statement has run, or the function itself."""
        title, direction, counted = (
            self.work.title,
            self.work.direction,
            rows if rows >= 0 else None,
        )
        self.listener(Event("executed", title, direction, text=text, seconds=seconds, rows=counted))

    def _progress(self, step: Call) -> Callable[[int, str], None]:
        def tell(rows: int, table: str) -> None:
            text = f"{step.name}: {rows:,} row{'' if rows == 1 else 's'} of {table}"
            title, direction = self.work.title, self.work.direction
            self.listener(Event("progress", title, direction, text=text, rows=rows))

        return tell


def _line(step: Call, error: BaseException) -> str:
    """Return the place in the migration file that an error came through last."""
    code = getattr(step.function, "__code__", None)
    path = code.co_filename if code else ""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == path]
    return f"{path}:{lines[-1]}" if lines else ""


def _said(error: BaseException) -> str:
    text = str(error.args[0] if isinstance(error, KeyError) and error.args else error).strip()
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
