"""Which seeds a database has had already, and the records of that."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from types import ModuleType

from peewee_mig import __version__
from peewee_mig.commands.seed_checksum import seed_checksum
from peewee_mig.dialects.base import Query
from peewee_mig.errors import UsageError
from peewee_mig.history import replaced
from peewee_mig.history.folder import History
from peewee_mig.history.records import RecordTable
from peewee_mig.history.seed_table import SeedRow, SeedTable
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.runner.calling import Intact
from peewee_mig.runner.recording import BEGUN, Recorder, applied_by, utc_now
from peewee_mig.runner.run import Runner
from peewee_mig.runner.telling import Teller
from peewee_mig.seeds import Unit


class RanBefore(Exception):  # noqa: N818 (no error)
    """Ends the transaction of a seed that the database has had meanwhile."""


def checksums(modules: Sequence[ModuleType], units: Sequence[Unit]) -> dict[str, str]:
    """Return the checksums of seeds by their names; :exc:`UsageError` without a source."""
    if not units:
        return {}
    sources = {module.__name__: _source(module) for module in modules}
    return {unit.name: _checksum(unit, sources) for unit in units}


def _checksum(unit: Unit, sources: Mapping[str, str]) -> str:
    if unit.module not in sources:
        raise UsageError(
            f"the seed {unit.name!r} is to be tracked, but it is declared outside of the modules"
            f" of seeds, in {unit.module or 'none'}",
            hint="declare it in one of them with @seed()",
        )
    return seed_checksum(sources, unit.module, unit.line)


def _source(module: ModuleType) -> str:
    spec = module.__spec__
    get = getattr(spec.loader if spec else None, "get_source", None)
    text = get(module.__name__) if get else None
    if text is None:
        raise UsageError(
            f"the module {module.__name__} has no source here, which tells whether a tracked seed"
            " changed",
            hint="ship its .py file beside what runs, or leave out tracked=True and --track",
        )
    return str(text)


class LeftError(Exception):
    """The cause stopped a seed of which something stays; the argument says what."""


@contextmanager
def _intact(mark: Intact, *, commits: bool) -> Iterator[None]:
    """Prove that the transaction holds all of a block.

    ``commits``: DDL does on this engine, and a seed may make tables.
    """
    mark.begin()
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if left := mark.left:
            raise LeftError(left) from error
        raise
    if not commits:
        mark.end()


@dataclass(frozen=True)
class Tracking:
    """The tracked seeds of one run. ``wanted``: their checksums, by name; ``again``: run all."""

    runner: Runner
    wanted: Mapping[str, str]
    again: bool = False
    owner: str = ""

    def under(self, owner: str) -> Tracking:
        """Return the same under the lock of that token."""
        return replace(self, owner=owner)

    def ran(self) -> tuple[str, ...]:
        """Return the names of those that the database has had as they are now."""
        if not self.wanted or self.again:
            return ()
        rows = self._table.read(self._query).values()
        same = [row for row in rows if self.wanted.get(row.name) == row.checksum]
        applied = self._applied() if same else ()
        return tuple(row.name for row in same if self._is_left(row, applied))

    def prepare(self) -> None:
        """Create the table, where there is something to record; under the lock."""
        if self.wanted and not self._table.is_there(self._query):
            for sql in self._table.create():
                self._run_own(sql)

    @contextmanager
    def recording(self, unit: Unit, transaction: AbstractContextManager[None]) -> Iterator[None]:
        """Hold the transaction of a seed, and record in it that it ran.

        :exc:`RanBefore` if another process was faster: nothing was done. :exc:`LeftError` if the
        seed failed, and the transaction did not hold all of it.
        """
        with transaction:
            if unit.name in self.wanted and unit.name in self.ran():
                raise RanBefore
            begun = time.monotonic()
            mark = Intact(self.runner.session, getattr(unit.function, "__name__", unit.name))
            with _intact(mark, commits=not self.runner.dialect.transactional):
                yield
            if unit.name in self.wanted:
                self._record(unit.name, time.monotonic() - begun)

    def _record(self, name: str, seconds: float) -> None:
        newest = next(reversed(self._applied()), None)
        row = SeedRow(
            name,
            self.wanted[name],
            newest.name if newest else "",
            newest.started if newest else "",
            utc_now(),
            round(seconds, 6),
            applied_by(),
            __version__,
        )
        self._run_own(self._table.delete(name))
        self._recorder.write(self._table.insert(row))

    def _is_left(self, row: SeedRow, applied: Sequence[Row]) -> bool:
        """Whether what a seed gave was not rolled back since."""
        if not row.migration:
            return True
        there = next((each for each in applied if each.name == row.migration), None)
        if there is not None:
            return there.started == row.since
        return lives_on(row, self.runner.history, applied)

    def _applied(self) -> list[Row]:
        return [row for row in self.runner.rows() if not row.is_push and not row.is_unfinished]

    @property
    def _query(self) -> Query:
        return self.runner.session.query

    @property
    def _table(self) -> SeedTable:
        own, dialect = self.runner.table.own, self.runner.dialect
        return SeedTable(RecordTable(dialect, own.seeds, own.lock, self.owner))

    @property
    def _recorder(self) -> Recorder:
        table: HistoryTable = replace(self.runner.table, owner=self.owner)
        return Recorder(self.runner.session, table, self._run_own)

    def _run_own(self, sql: str) -> int:
        return Teller(self.runner.session, self.runner.listener).run(sql, ours=True)


def lives_on(seed: SeedRow, history: History, applied: Sequence[Row]) -> bool:
    """Whether its migration is applied by another name: after a rebase, or in a squash.

    It is the same if it was begun then; else it was rolled back, and applied again.
    """
    rows = {row.name: row for row in applied}
    known = replaced.stand_ins(history.modules)
    return any(
        seed.since in (rows[each.name].started, *rows[each.name].meta.get(BEGUN, {}).values())
        for each in history.migrations
        if each.name in rows and seed.migration in {*each.was, *replaced.members(each.name, known)}
    )
