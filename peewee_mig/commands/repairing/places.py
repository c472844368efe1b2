"""Where a database really is, when its rows say something else: by the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from peewee_mig.commands.matching import Matching, Place
from peewee_mig.commands.repairing.case import Case, replayed, wanted
from peewee_mig.commands.repairing.edits import find_edited, new_row
from peewee_mig.commands.repairing.findings import (
    Clear,
    Delete,
    Finding,
    Insert,
    Kind,
    Write,
    listed,
)
from peewee_mig.commands.repairing.rows import Found
from peewee_mig.commands.standing import push_words
from peewee_mig.errors import DriftError
from peewee_mig.history import chain
from peewee_mig.history.table import Row
from peewee_mig.operations.verbs import has_data
from peewee_mig.runner.position import Problem, resolve


def find_strays(case: Case) -> Found:
    """Find what the journal has of migrations that no row says are under work."""
    running = {(row.name, row.direction) for row in case.rows if row.is_unfinished}
    findings: list[Finding] = []
    rows = list(case.rows)
    for (name, direction), entries in case.journal.items():
        if (name, direction) in running:
            continue
        begun = any(entry.state != "planned" for entry in entries)
        if begun and name in case.position.pending and not case.is_as_recorded:
            row = replace(new_row(case, name), state="running", direction=direction, finished="")
            rows.append(row)
            findings.append(_lost(row, direction))
        else:
            findings.append(
                Finding(
                    "journal",
                    name,
                    "the journal has steps of it, but nothing says that it is under work",
                    "the database is as the rows say" if case.is_as_recorded else "",
                    "forget these steps",
                    (Clear(name, direction),),
                )
            )
    return findings, case.with_rows(rows)


def _lost(row: Row, direction: str) -> Finding:
    return Finding(
        "half",
        row.name,
        "its row is gone, but the journal has steps of it that have run",
        "the database is not as the rows say",
        f"record that it was begun; then go on: peewee-mig"
        f" {'rollback' if direction == 'backward' else 'migrate'}",
        (Insert(row),),
    )


def find_place(case: Case) -> Found:
    """Find rows that say something else than the catalog, and what would be right."""
    return _Places(case).findings(), case


@dataclass(frozen=True)
class _Places:
    case: Case

    def findings(self) -> list[Finding]:
        """Return what is wrong about which migrations are recorded."""
        case, position = self.case, self.case.position
        if position.unfinished is not None:
            return [_later(each) for each in position.problems if each.kind != "begun"]
        if case.told.at is not None:
            return self._at(case.told.at)
        if position.push is not None and position.push.is_push_begun:
            return [self._begun_push(position.push)]
        if case.is_as_recorded and not self._lacking_proof:
            return [*find_edited(case), *self._gone(), *self._skipped()]
        if position.push is not None and not position.problems:
            return []  # it differs on purpose
        return [*find_edited(case), *self._elsewhere()]

    # What the rows say is there.

    @property
    def _lacking_proof(self) -> bool:
        """Whether nobody knows what a row did whose file is not here."""
        return bool(self.case.opaque.difference(self.case.history.names))

    @cached_property
    def _unknown(self) -> list[Row]:
        """The rows without a file, but those of a database that is ahead."""
        ahead = {row.name for row in self.case.position.ahead}
        known = {*self.case.history.names, *ahead}
        return [row for row in self.case.rows if row.name not in known and not row.is_push]

    def _gone(self) -> list[Finding]:
        return [self._gone_row(row) for row in reversed(self._unknown)]

    def _gone_row(self, row: Row) -> Finding:
        case = self.case
        records, back = "it is applied, but its file is gone", _restore(row.name)
        made = replayed(row, case.schema_of(case.position.applied))
        changes = made is not None and made != case.schema_of(case.position.applied)
        if changes and made is not None and case.fits(made):
            return Finding("gone", row.name, records, "what it made is there", hint=back)
        return Finding(
            "gone",
            row.name,
            records,
            "the database is what the files make without it",
            "forget it",
            (Delete(row.name),),
        )

    def _skipped(self) -> list[Finding]:
        """Restore the rows of what applied migrations depend on."""
        case = self.case
        skipped = [each for each in case.position.problems if each.kind == "skipped"]
        if not skipped:
            return []
        parents, applied = case.history.parents, case.position.applied
        past = frozenset().union(*(chain.ancestors(name, parents) for name in applied))
        missing = [name for name in case.history.names if name in past and name not in applied]
        unproved = [name for name in missing if self._has_data(name)]
        records = f"{listed(each.migration for each in skipped)} needs it, and it is not recorded"
        return [
            self._unproved(name, records, applied[-1])
            if unproved and name == unproved[0]
            else Finding(
                "skipped",
                name,
                records,
                "the database has what it makes",
                "record it as baselined",
                (Insert(new_row(case, name)),),
            )
            for name in missing
            if not unproved or name in unproved[:1]
        ]

    def _unproved(self, name: str, records: str, newest: str) -> Finding:
        return Finding(
            "skipped",
            name,
            records,
            "it changes rows: no schema tells whether it has run",
            hint=f"look at the data; if it has run: peewee-mig repair --at {newest}; if not, run"
            f" what peewee-mig sql {name} prints, then: peewee-mig repair --at {newest}",
        )

    def _has_data(self, name: str) -> bool:
        return has_data(self.case.history.migration(name).operations)

    # Where the database is instead.

    def _elsewhere(self) -> list[Finding]:
        case = self.case
        if self._lacking_proof:
            return []  # told as rows that cannot be read
        equal = list(Matching(case.standing).equal())
        if not equal:
            return self._nowhere()
        names: list[Place] = [None, *case.history.names]
        between = names[names.index(equal[0]) + 1 : names.index(equal[-1]) + 1]
        doubtful = {*between, *self._moving(equal[-1])}
        unknown = [name for name in case.history.names if name in doubtful and self._has_data(name)]
        if unknown:
            return [self._ambiguous(equal, unknown)]
        return self._moved(equal[-1], f"the database equals {equal[-1] or 'zero'}")

    def _moving(self, place: Place) -> set[str]:
        """Return what a move would record or forget; none where nothing is recorded yet.

        There the age of a database explains what it has; else the records tell what was not run.
        """
        known = {row.name for row in self.case.rows if not row.is_push}
        return known ^ wanted(self.case.history, place) if known else set()

    def _nowhere(self) -> list[Finding]:
        case = self.case
        place, drift = Matching(case.standing).nearest()
        lines = drift.lines
        if any(each.kind == "edited" for each in case.position.problems):
            return []  # told already, with what differs
        more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
        catalog = f"the database equals no migration; from {place or 'zero'} it differs in this:"
        catalog += f" {lines[0] if lines else 'nothing'}{more}"
        return [
            Finding(
                "gone" if self._unknown else "drift",
                self._unknown[0].name if self._unknown else "",
                self._recorded_words,
                catalog,
                hint=_restore(self._unknown[0].name)
                if self._unknown
                else f"peewee-mig diff {place or 'zero'} --plan prints the SQL between the two",
            )
        ]

    def _ambiguous(self, equal: Sequence[Place], unknown: Sequence[str]) -> Finding:
        places = [place or "zero" for place in equal]
        commands = ", or ".join(f"peewee-mig repair --at {place}" for place in places)
        first = unknown[0]
        if first in self.case.position.pending and not self.case.position.problems:
            commands += f"; or, if it has not run: peewee-mig migrate {first}"
        return Finding(
            "wrong",
            first,
            self._recorded_words,
            f"the database equals {listed(places)}: the schema does not tell whether the data"
            f" migration {listed(unknown)} has run",
            hint=f"say which one the database has: {commands}",
        )

    def _at(self, target: str) -> list[Finding]:
        """Record what leads to the migration that a person names, if the catalog agrees."""
        case = self.case
        place = case.history.head if target == "head" else resolve(case.history, target)
        left = case.differences(case.history.schema_at(place))
        if left:
            raise DriftError(
                f"the database is not at {place or 'zero'}",
                lines=[each.words for each in left],
                committed="nothing was changed",
                hint=f"peewee-mig diff {place or 'zero'}",
            )
        return [*find_edited(case), *self._moved(place, "the database equals it, and you say it")]

    def _moved(self, place: Place, catalog: str) -> list[Finding]:
        case = self.case
        goal = wanted(case.history, place)
        known = {row.name for row in case.rows}
        extra = [
            row.name for row in reversed(case.rows) if row.name not in goal and not row.is_push
        ]
        lacking = [name for name in case.history.names if name in goal and name not in known]
        push = case.position.push
        deleted = [*([push.name] if push else []), *extra]
        writes: tuple[Write, ...] = (
            *(Delete(name) for name in deleted),
            *(Insert(new_row(case, name)) for name in lacking),
        )
        if not writes:
            return []
        words = [f"forget {listed(deleted)}"] if deleted else []
        words += [f"record {listed(lacking)} as baselined"] if lacking else []
        return [
            Finding(
                "wrong",
                [*extra, *lacking, ""][0],
                self._recorded_words,
                catalog,
                " and ".join(words),
                writes,
            )
        ]

    @property
    def _recorded_words(self) -> str:
        position = self.case.position
        names = [*position.applied, *(row.name for row in (*position.ahead, *self._unknown))]
        if not names:
            return "nothing is recorded"
        problems = position.problems
        return problems[0].message if problems else f"{names[-1]} is the newest that is recorded"

    # A push that did not finish.

    def _begun_push(self, push: Row) -> Finding:
        case = self.case
        records = push_words(push).partition(";")[0]
        if case.is_as_recorded:
            return Finding(
                "push",
                "",
                records,
                "the database is as the migrations say: nothing of the push is there",
                "forget that it was begun",
                (Delete(push.name),),
            )
        if any(True for _ in Matching(case.standing).equal()):
            return Finding(
                "push",
                "",
                records,
                "the database equals a migration",
                hint="peewee-mig baseline",
            )
        return Finding(
            "push",
            "",
            records,
            "it equals no migration",
            hint="peewee-mig push",
        )


def notes_of(case: Case) -> Iterable[str]:
    """Yield what is not wrong, though it may look so."""
    position = case.position
    if position.ahead and case.is_as_recorded:
        names = listed(row.name for row in position.ahead)
        yield f"the database is ahead of these files: it has {names}; nothing is wrong with that"
    if position.push is not None and not position.push.is_push_begun:
        yield push_words(position.push)


def _kind_of(problem: Problem) -> Kind:
    match problem.kind:
        case "begun" | "reset":
            return "half"
        case kind:
            return kind


def _later(problem: Problem) -> Finding:
    return Finding(
        _kind_of(problem),
        problem.migration,
        problem.message,
        "nothing can be proved while another migration is half done",
        hint="first finish what was begun, then: peewee-mig repair",
    )


def _restore(name: str) -> str:
    return (
        f"restore it from version control (git log --diff-filter=D -- '*{name}.py'), or check out"
        " the branch that has it"
    )
