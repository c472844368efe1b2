"""The diagnosis: every stage in its order, each on the rows as the ones before it leave them."""

from __future__ import annotations

from collections.abc import Callable

from peewee_mig.commands.repairing.case import Case
from peewee_mig.commands.repairing.findings import Diagnosis, Finding, Rename
from peewee_mig.commands.repairing.halves import find_halves
from peewee_mig.commands.repairing.places import find_place, find_strays, notes_of
from peewee_mig.commands.repairing.rows import (
    Found,
    find_duplicates,
    find_missing_columns,
    find_renamed,
    find_unreadable,
)
from peewee_mig.runner.position import Problem

Stage = Callable[[Case], Found]

#: What is wrong with rows as such, then with what they say.
_ROWS: tuple[Stage, ...] = (find_missing_columns, find_unreadable, find_duplicates)
_MEANING: tuple[Stage, ...] = (find_renamed, find_halves, find_strays, find_place)


def find_repairs(case: Case) -> Diagnosis:
    """Say what is wrong with our records, and which rows would put it right.

    Asks the server for nothing but how it spells expressions, and how tables are defined.
    :exc:`HistoryError` for a table that is none of ours, :exc:`UsageError` for a word of a
    person on what is not in question.
    """
    findings, case = _through(_ROWS, case)
    resets = [each for each in case.position.problems if each.kind == "reset"]
    if resets:
        return Diagnosis((*findings, *map(_half_dropped, resets)), ())
    declared = [Rename(old, new) for old, new in case.position.renamed]
    later, case = _through(_MEANING, case)
    if declared and any(each.writes for each in later):
        findings.append(_declared(declared))
    return Diagnosis((*findings, *later), tuple(notes_of(case)))


def _half_dropped(problem: Problem) -> Finding:
    return Finding(
        "push",
        "",
        problem.message,
        "a part of what the rows tell of may be dropped already",
        hint=problem.hint,
    )


def _through(stages: tuple[Stage, ...], case: Case) -> Found:
    findings: list[Finding] = []
    for stage in stages:
        found, case = stage(case)
        findings += found
    return findings, case


def _declared(renames: list[Rename]) -> Finding:
    """Make now what the next run would make: what follows names the rows as they are then."""
    return Finding(
        "renamed",
        renames[0].old,
        "its file has another name now, and says so",
        proposal="give the row the name of its file",
        writes=tuple(renames),
    )
