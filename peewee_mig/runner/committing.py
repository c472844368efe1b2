"""The batches of a function, each committed with its place in the journal."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from peewee_mig.history.journal import Entry, Journal
from peewee_mig.runner.calling import Intact
from peewee_mig.runner.execution import Execution
from peewee_mig.runner.recording import Recorder
from peewee_mig.schema.codec import canonical

if TYPE_CHECKING:
    from peewee_mig.sources.batching import Loop, Position


@dataclass
class Commits:
    """A transaction that begins anew behind each batch; see ``sources.batching.Keeper``.

    ``key``: of the step; ``name``: of the function. A batch whose commit was not seen is found
    in the journal or not: nobody has to guess.
    """

    execution: Execution
    recorder: Recorder
    journal: Journal
    key: str
    name: str
    commits: bool = field(default=True, init=False)
    _stack: ExitStack = field(default_factory=ExitStack, init=False)
    _positions: dict[int, Position] = field(default_factory=dict[int, "Position"], init=False)
    _loops: dict[int, Loop] = field(default_factory=dict[int, "Loop"], init=False)

    def __enter__(self) -> Self:
        """Begin, and read how far earlier runs came."""
        from peewee_mig.sources.batching import Position

        self._begin()
        for entry in self.journal.read(self.execution.session.query):
            if entry.step == self.key and entry.is_place:
                self._positions[entry.number] = Position.from_json(json.loads(entry.statement))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        """Commit, or roll back to the last batch."""
        if error is not None:
            self._intact.judge(error)
            self._stack.__exit__(kind, error, place)
            return
        self._stack.close()

    def begin(self, number: int, of: Loop) -> Position:
        """Return where a loop goes on; one that the function left early is over."""
        from peewee_mig.sources.batching import Position

        for earlier, loop in self._loops.items():
            position = self._positions.get(earlier, Position())
            if not position.whole:
                self._write(earlier, replace(position, whole=True, of=loop))
        self._loops[number] = of
        position = self._positions.get(number, Position())
        position.ensure_of(of)
        return position

    def keep(self, number: int, position: Position) -> None:
        """Commit a batch together with its place."""
        self.prove()
        self._write(number, position)
        self._stack.close()
        self._begin()

    def prove(self) -> None:
        """Raise :exc:`FailedError` if something else has committed what is not recorded yet."""
        self._intact.end()

    def _begin(self) -> None:
        session = self.execution.session
        self._stack.enter_context(session.lend(wait=self.execution.patience))
        self._intact.begin()

    def _write(self, number: int, position: Position) -> None:
        known = number in self._positions
        entry = Entry(self.key, number, canonical(position.to_json()), "done", recorded=known)
        self.recorder.write(self.journal.moved(entry) if known else self.journal.insert(entry))
        self._positions[number] = position

    @property
    def _intact(self) -> Intact:
        return Intact(self.execution.session, self.name)
