"""What was begun and not finished: how far it came, by the journal and the catalog."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from peewee_mig.commands.repairing.case import Case, replayed, wanted
from peewee_mig.commands.repairing.edits import as_in_its_file
from peewee_mig.commands.repairing.findings import (
    Clear,
    Delete,
    Finding,
    StepState,
    Tell,
    Update,
    Write,
    listed,
)
from peewee_mig.commands.repairing.findings import Step as Line
from peewee_mig.commands.repairing.rows import Found
from peewee_mig.dialects.base import Statement, Step
from peewee_mig.dialects.calls import Call
from peewee_mig.errors import MigError, RefusedError, UsageError, same_command
from peewee_mig.history.journal import Entry
from peewee_mig.history.table import Row
from peewee_mig.operations.verbs import has_data
from peewee_mig.runner.journaled import edited_entry, is_doubtful, is_setting, with_keys
from peewee_mig.runner.position import Direction, Move
from peewee_mig.runner.recording import answers_of, as_it_was
from peewee_mig.runner.tasks import Planner, Task
from peewee_mig.schema.schema import Schema

#: A statement whose effect a comparison of schemas shows.
_SHOWS = re.compile(r"\s*(CREATE|ALTER|DROP|RENAME|COMMENT)\b", re.IGNORECASE)

#: The command that goes on in a direction.
_GOING_ON = {"forward": "migrate", "backward": "rollback"}


def find_halves(case: Case) -> Found:
    """Find what was begun and not finished, and decide it where it can be proved."""
    running = [row for row in case.rows if row.is_unfinished]
    if not running and (case.told.done or case.told.not_done):
        raise UsageError(
            "nothing is half applied here: --done and --not-done have no steps to speak of",
            hint="peewee-mig status",
        )
    if len(running) > 1:
        return _find_several(running, case)
    if not running:
        return [], case
    finding = Half(case, running[0]).finding()
    return [finding], _with(finding, running[0], case)


def _with(finding: Finding, row: Row, case: Case) -> Case:
    """Return the case as the writes of a finding about a row leave it."""
    left = {
        key: entries
        for key, entries in case.journal.items()
        if not any(isinstance(write, Clear) and write.key == key for write in finding.writes)
    }
    return replace(case, journal=left).with_rows(Half(case, row).rows_after(finding))


def _find_several(running: Sequence[Row], case: Case) -> Found:
    """Decide the last if the catalog proves it and all before it, then those before it."""
    told, order = case.told, case.history.names
    names = [name for name in order if any(row.name == name for row in running)]
    is_plain = len(names) == len(running) and all(row.direction == "forward" for row in running)
    if not is_plain or told.done or told.not_done or told.accept:
        return [_many(running)], case
    last = next(row for row in running if row.name == names[-1])
    earlier = [
        replace(row, state="applied") if row.name in names[:-1] else row for row in case.rows
    ]
    finding = Half(case.with_rows(earlier), last).finding()
    if not finding.is_repairable:
        return [_many(running)], case
    findings, case = find_halves(_with(finding, last, case))
    return [finding, *findings], case


def _many(running: Sequence[Row]) -> Finding:
    names = listed(row.name for row in running)
    return Finding(
        "half",
        running[0].name,
        f"{names} were begun and not finished",
        "two at once cannot be: the catalog tells nothing about either",
        hint="finish the first: peewee-mig migrate, then: peewee-mig repair",
    )


@dataclass(frozen=True)
class _Known:
    """A statement of a step. ``shows``: a comparison of schemas tells whether it has run."""

    line: Line
    entry: Entry
    shows: bool


@dataclass(frozen=True)
class Half:
    """A migration that was begun in a direction and not finished."""

    case: Case
    row: Row
    #: What statements left half made, which has to go by hand.
    _half_made: list[RefusedError] = field(default_factory=list[RefusedError])

    def finding(self) -> Finding:
        """Say how far it came, and what follows."""
        told = self._told()
        if told:
            return self._finding("a person says it", self._told_words(told), told)
        if self._is_before and not self._hidden("done", "half made", "in doubt"):
            return self._forgotten()
        is_accepted = self.row.name in self.case.told.accept
        if self._is_after and (
            is_accepted or not self._hidden("not done", "half made", "in doubt")
        ):
            return self._finished()
        return self._between()

    def rows_after(self, finding: Finding) -> list[Row]:
        """Return the rows of the case as the writes of the finding leave them."""
        rows = []
        for row in self.case.rows:
            changed: Row | None = row
            for write in finding.writes:
                if isinstance(write, Update) and write.row.name == row.name:
                    changed = write.row
                if isinstance(write, Delete) and write.name == row.name:
                    changed = None
            if changed is not None:
                rows.append(changed)
        return rows

    # What can be proved.

    def _forgotten(self) -> Finding:
        """Take back that it was begun: nothing of it is there."""
        row = self.row
        if self._is_backward:
            before: Write = Update.between(row, as_it_was(row))
        else:
            before = Delete(row.name)
        words = "forget that this was begun"
        return self._finding("it is as it was before", words, (before, *self._cleared))

    def _finished(self) -> Finding:
        row = self.row
        if self._is_backward:
            after: Write = Delete(row.name)
            words = "record that it is undone"
        else:
            after = Update.between(row, self._applied())
            words = "record it as applied"
        return self._finding("it is as it should be afterwards", words, (after, *self._cleared))

    def _applied(self) -> Row:
        row, now = self.row, self.case.now
        return replace(as_in_its_file(self.case, row), state="applied", finished=now)

    def _between(self) -> Finding:
        if self._half_made:
            words = self._half_made[0].message
        elif self._is_after:
            words = "its schema is all there, but not every step has run"
        elif self._is_before:
            words = "nothing of its schema is there, but rows may have changed"
        else:
            words = "only a part of it is there"
        return self._finding(words, "", (), self._way_on)

    @property
    def _way_on(self) -> str:
        name, command = self.row.name, f"peewee-mig {_GOING_ON[self._direction]}"
        doubts = [known.line.number for known in self._known if known.line.state == "in doubt"]
        if not self._has_file:
            return (
                f"restore {name}.py from version control (git log --diff-filter=D -- '*{name}.py'),"
                f" then: {command}"
            )
        if wrong := self._edited:
            return f"put back what made this into its file: {wrong.statement}; then: {command}"
        if self._half_made:
            return self._half_made[0].hint.replace(same_command(), command)
        accept = f"; if its rows are right as they are: peewee-mig repair --accept {name}"
        if doubts:
            return (
                f"look at the data; if step {doubts[0]} did all: peewee-mig repair --done"
                f" {doubts[0]}; if it did nothing: peewee-mig repair --not-done {doubts[0]}"
            )
        return f"{command}{accept if self._is_after else ''}"

    def _finding(
        self, catalog: str, proposal: str, writes: tuple[Write, ...], hint: str = ""
    ) -> Finding:
        row, way = self.row, "undone" if self._is_backward else "applied"
        count = sum(known.line.state == "done" for known in self._known)
        records = f"half {way}: begun at {row.started or 'no time'}, {count} of {len(self._known)}"
        return Finding(
            "half",
            row.name,
            f"{records} steps are done",
            catalog,
            proposal,
            writes,
            hint,
            tuple(known.line for known in self._known),
        )

    @property
    def _cleared(self) -> tuple[Write, ...]:
        entries = self.case.entries(self.row.name, self._direction)
        return (Clear(self.row.name, self._direction),) if entries else ()

    # What a person says.

    def _told(self) -> tuple[Write, ...]:
        said = self.case.told
        known = {each.line.number: each for each in self._known}
        for number in (*said.done, *said.not_done):
            if number not in known or number in set(said.done) & set(said.not_done):
                raise UsageError(
                    f"step {number} of {self.row.name} cannot be meant",
                    hint=f"its steps are 1 to {len(known)}: peewee-mig repair lists them",
                )
            if known[number].line.state != "in doubt":
                raise UsageError(
                    f"step {number} of {self.row.name} is {known[number].line.state}",
                    hint="only what is in doubt needs your word",
                )
        return tuple(
            Tell(
                self.row.name,
                self._direction,
                known[number].entry,
                "done" if number in said.done else "planned",
            )
            for number in sorted({*said.done, *said.not_done})
        )

    def _told_words(self, writes: Sequence[Write]) -> str:
        command = _GOING_ON[self._direction]
        count = len(writes)
        return f"note it of {count} step{'s'[: count - 1]}; then go on: peewee-mig {command}"

    # What is known.

    @property
    def _direction(self) -> Direction:
        return "backward" if self._is_backward else "forward"

    @property
    def _is_backward(self) -> bool:
        return self.row.direction == "backward"

    @property
    def _has_file(self) -> bool:
        return self.row.name in self.case.history.names

    @cached_property
    def _is_before(self) -> bool:
        return self._fits(self._schemas[0])

    @cached_property
    def _is_after(self) -> bool:
        return self._has_file and self._fits(self._schemas[1])

    def _fits(self, schema: Schema | None) -> bool:
        return schema is not None and self.case.fits(schema)

    @property
    def _schemas(self) -> tuple[Schema | None, Schema | None]:
        """The schema before what was begun, and after it."""
        case, name = self.case, self.row.name
        others = [each for each in case.position.applied if each != name]
        before = case.schema_of(others)
        if self._has_file:
            whole: Schema | None = case.schema_of([*others, name])
        else:
            whole = None if name in case.opaque else replayed(self.row, before)
        is_needed = any(name in wanted(case.history, each) for each in others)
        without = None if is_needed else before  # what others need is there already
        return (whole, without) if self._is_backward else (without, whole)

    def _hidden(self, *states: str) -> bool:
        """Whether a statement whose effect no schema shows is in one of these states."""
        return any(not known.shows and known.line.state in states for known in self._known)

    @cached_property
    def _known(self) -> tuple[_Known, ...]:
        found = self._of_plan() if self._has_file else self._of_journal()
        return tuple(
            _Known(Line(number, self._state(entry, tables), entry.words), entry, shows)
            for number, (entry, tables, shows) in enumerate(found, 1)
        )

    def _of_plan(self) -> Iterator[tuple[Entry, tuple[str, ...], bool]]:
        entries = self.case.entries(self.row.name, self._direction)
        try:
            steps = self._steps
        except MigError:  # the file cannot be planned as it is now
            yield from self._of_journal()
            return
        for key, step in steps:
            found = [entry for entry in entries if entry.step == key]
            for entry in [*found, *_left(found, key, step)]:
                yield entry, step.tables, self._shows(step, entry)

    def _of_journal(self) -> Iterator[tuple[Entry, tuple[str, ...], bool]]:
        for entry in self.case.entries(self.row.name, self._direction):
            yield entry, (), bool(_SHOWS.match(entry.statement))

    def _shows(self, step: Step, entry: Entry) -> bool:
        """Whether it is no SQL of the user's, and defines something."""
        own = (self._task.operations[number] for number in step.operations)
        return not has_data(own) and bool(_SHOWS.match(entry.statement))

    @cached_property
    def _task(self) -> Task:
        case, standing = self.case, self.case.standing
        answers = answers_of(self.row)
        planner = Planner(case.reached, standing.dialect, standing.capabilities, answers)
        return planner.task(Move(self.row.name, self._direction))

    @cached_property
    def _steps(self) -> tuple[tuple[str, Step], ...]:
        steps = with_keys(self._task.plan.steps)
        return tuple((key, step) for key, step in steps if not is_setting(step))

    @property
    def _edited(self) -> Entry | None:
        """Return what has run and is not in the file any more."""
        try:
            keys = [key for key, _ in self._steps]
        except MigError:
            return None
        return edited_entry(self.case.entries(self.row.name, self._direction), keys)

    def _state(self, entry: Entry, tables: Sequence[str]) -> StepState:
        if entry.state in ("planned", "done"):
            return "done" if entry.state == "done" else "not done"
        if self.case.fingerprint is None or is_doubtful(entry, tables):
            return "in doubt"
        try:
            now = self.case.fingerprint(tables, entry.statement)
        except RefusedError as error:
            self._half_made.append(error)
            return "half made"
        return "not done" if now == entry.fingerprint else "done"


def _left(found: Sequence[Entry], key: str, step: Step) -> list[Entry]:
    """Return what a step will run, if the journal does not tell; of a call, if it is not done."""
    if isinstance(step, Call):
        is_done = any(not entry.is_place for entry in found)
        return [] if is_done else [Entry(key, 0, step.statement)]
    return [] if found else _planned(key, step)


def _planned(key: str, step: Step) -> list[Entry]:
    if isinstance(step, Statement):
        return [Entry(key, 0, step.sql)]
    return [Entry(key, number, sql) for number, sql in enumerate(step.preview())]
