"""Where a database stands: its history rows against the files. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from peewee_mig.errors import HistoryError, UsageError, same_command
from peewee_mig.history import chain
from peewee_mig.history.folder import History
from peewee_mig.history.module import Migration
from peewee_mig.history.reached import Reached
from peewee_mig.history.restoring import bring_back, pair, restore
from peewee_mig.history.squash_rows import parts_here
from peewee_mig.history.table import Row

Direction = Literal["forward", "backward"]

#: The command that undoes what has no file.
UNKNOWN = "peewee-mig rollback --unknown"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a run leaves applied, where no single migration says it: on branches."""

    names: frozenset[str]
    direction: Direction


#: What a run goes to: a name, a number, ``head``, ``zero``, ``+1``, ``-1``; ``None``: head.
Target = str | Goal | None

#: ``edited``, ``gone`` (a row without a file), ``begun`` (gone while it ran), ``skipped`` (what a
#: migration depends on is not applied).
ProblemKind = Literal["edited", "gone", "begun", "skipped", "reset"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A contradiction between the rows and the files."""

    migration: str
    message: str
    hint: str
    kind: ProblemKind


@dataclass(frozen=True, slots=True)
class Move:
    """One migration to apply or to undo."""

    name: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class Position:
    """What a database has and lacks.

    ``applied``: names of files that are applied, in the order of the files; ``ahead``: rows
    of migrations that this checkout does not have yet; ``renamed``: rows (old name, new
    name) of files that a rebase renamed; ``unfinished``: what a run began and did not
    finish, which comes first; ``push``: the mark of a push that was not landed.
    """

    applied: tuple[str, ...]
    pending: tuple[str, ...]
    ahead: tuple[Row, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    unfinished: Move | None = None
    push: Row | None = None
    late: tuple[str, ...] = ()

    def ensure_sound(self) -> None:
        """Raise a :exc:`HistoryError` with the first problem, if there is one."""
        if self.problems:
            first = self.problems[0]
            raise HistoryError(first.message, where=first.migration, hint=first.hint)


def locate(history: History, rows: Sequence[Row]) -> Position:
    """Compare the rows of a database with the files."""
    names = set(history.names)
    renamed = tuple(_renamed(history, rows))
    unfinished = next((row for row in rows if row.is_unfinished), None)
    settled = [row for row in rows if not row.is_push and not _is_begun(row)]
    by_name = {dict(renamed).get(row.name, row.name): row for row in settled}
    applied = tuple(name for name in history.names if name in by_name)
    pending = tuple(name for name in history.names if name not in by_name)
    unknown = tuple(row for name, row in by_name.items() if name not in names)
    compared = {name: row for name, row in by_name.items() if not row.is_unfinished}
    late = _late(history, applied, pending)
    problems = [*_edited(history, compared), *_skipped(history, applied, pending, late)]
    gone = _gone(history, settled, unknown, pending)
    return Position(
        applied,
        pending,
        ahead=() if gone else unknown,
        renamed=renamed,
        problems=(
            *_reset_begun(rows),
            *problems,
            *gone,
            *_begun_elsewhere(history, unfinished, dict(renamed)),
        ),
        unfinished=_move_of(unfinished, dict(renamed)),
        push=next((row for row in rows if row.is_push), None),
        late=late,
    )


def reached(history: History, position: Position) -> Reached:
    """Return what a database has, to tell its schema."""
    return Reached(history, position.applied, position.late)


def beyond(history: History, position: Position) -> tuple[Row, ...]:
    """Return the rows ahead of the files that made more than files here make.

    Not that of a squash: its parts, if they have files, are what is applied.
    """
    return tuple(row for row in position.ahead if not parts_here(row, history.modules))


def after(reached: Reached, move: Move) -> Reached:
    """Return what a database has after a move."""
    return reached.without(move.name) if move.direction == "backward" else reached.with_(move.name)


def _is_begun(row: Row) -> bool:
    """Whether the row is of a migration that is not applied yet."""
    return row.is_unfinished and row.direction == "forward"


def _move_of(row: Row | None, renamed: dict[str, str]) -> Move | None:
    if row is None:
        return None
    name = renamed.get(row.name, row.name)
    return Move(name, "backward" if row.direction == "backward" else "forward")


def _reset_begun(rows: Sequence[Row]) -> list[Problem]:
    """Find that a part of what the rows tell of is dropped already."""
    if not any(row.is_reset_begun for row in rows):
        return []
    return [
        Problem(
            "reset",
            "a reset was begun here and not finished",
            "finish it: peewee-mig reset",
            "reset",
        )
    ]


def _begun_elsewhere(
    history: History, row: Row | None, renamed: Mapping[str, str]
) -> list[Problem]:
    if row is None or row.name in {*history.names, *renamed}:
        return []
    return [
        Problem(
            row.name,
            f"{row.name} was begun here and not finished, and its file is gone",
            f"{bring_back(history.module_path(row.name))}, then: peewee-mig migrate; or, if it is"
            " lost, see what the database has: peewee-mig repair",
            "begun",
        )
    ]


def moves(history: History, position: Position, target: Target) -> tuple[Move, ...]:
    """Return what leads to a target."""
    found = _finishing(history, position, target)
    backward = [move.name for move in found if move.direction == "backward"]
    for row in reversed(position.ahead if backward else ()):
        parts = {each.name for each in parts_here(row, history.modules)}
        if parts and parts.isdisjoint(backward):
            continue  # a squash, of which these files have what it stands for
        raise HistoryError(
            f"{row.name}, which is newer than {backward[0]}, is applied, but its file is not here",
            where=row.name,
            hint=f"{bring_back(history.module_path(row.name))}, then: {same_command()}"
            + ("" if parts else f"; or undo what has no file here, too: {UNKNOWN}"),
        )
    return found


def _finishing(history: History, position: Position, target: Target) -> tuple[Move, ...]:
    """Return the moves, of which the first one finishes what was begun."""
    begun = position.unfinished
    found = _moves(history, position, target)
    if begun is None or found[:1] == (begun,):
        return found
    if begun.direction == "backward":
        return (begun, *_moves(history, _undone(history, position, begun.name), target))
    raise HistoryError(
        f"{begun.name} was begun here and not finished",
        where=begun.name,
        hint=f"finish it first: peewee-mig migrate {begun.name}",
    )


def _undone(history: History, position: Position, name: str) -> Position:
    """Return where the database stands when a migration is undone."""
    applied = tuple(each for each in position.applied if each != name)
    pending = tuple(each for each in history.names if each not in applied)
    return replace(position, applied=applied, pending=pending, unfinished=None)


def _moves(history: History, position: Position, target: Target) -> tuple[Move, ...]:
    if isinstance(target, Goal):
        return _to_goal(position, target)
    if target is None or target == "head":
        return tuple(Move(name, "forward") for name in position.pending)
    if re.fullmatch(r"\+[0-9]+", target):
        return tuple(Move(name, "forward") for name in position.pending[: int(target)])
    if re.fullmatch(r"-[0-9]+", target):
        return last_applied(position, -int(target))
    return _towards(history, position, resolve(history, target))


def last_applied(position: Position, count: int) -> tuple[Move, ...]:
    """Return the moves that undo the last ``count`` migrations."""
    if count > len(position.applied):
        raise UsageError(
            f"cannot go back {count} migration{'' if count == 1 else 's'}:"
            f" the database has {len(position.applied)}",
            hint="undo all: peewee-mig rollback zero; see which there are: peewee-mig status",
        )
    newest = position.applied[::-1][:count]
    return tuple(Move(name, "backward") for name in newest)


def resolve(history: History, target: str) -> str | None:
    """Return the name that a target means; ``None`` for zero."""
    return None if target == "zero" else history.find(target)


def absolute(history: History, position: Position, target: Target) -> str | Goal:
    """Turn a target into one that means the same after other runners have moved on."""
    found = moves(history, position, target)
    return _goal(history, position, found)


def goal_of(history: History, move: Move, position: Position) -> str | Goal:
    """Return the target that one move from here leads to."""
    return _goal(history, position, [move])


def _goal(history: History, position: Position, found: Sequence[Move]) -> str | Goal:
    """Return what the moves leave applied: the name of the newest, if that says it all."""
    forward = {move.name for move in found if move.direction == "forward"}
    backward = {move.name for move in found if move.direction == "backward"}
    left = frozenset({*position.applied, *forward} - (backward - forward))
    if not left:
        return "zero"
    newest = next(name for name in reversed(history.names) if name in left)
    if left == {newest, *chain.ancestors(newest, history.parents)}:
        return newest
    return Goal(left, found[-1].direction if found else "forward")


def _to_goal(position: Position, goal: Goal) -> tuple[Move, ...]:
    if goal.direction == "forward":
        return tuple(Move(name, "forward") for name in position.pending if name in goal.names)
    undone = (name for name in reversed(position.applied) if name not in goal.names)
    return tuple(Move(name, "backward") for name in undone)


def _towards(history: History, position: Position, name: str | None) -> tuple[Move, ...]:
    """Apply what the target needs; undo what is applied after it."""
    wanted = {name, *chain.ancestors(name, history.parents)} if name else set()
    extra = [each for each in reversed(position.applied) if each not in wanted]
    missing = [each for each in position.pending if each in wanted]
    if extra and missing:
        raise HistoryError(
            f"{name} and {extra[-1]} are on different branches",
            hint="apply what is pending of both: peewee-mig migrate; or undo that one first:"
            f" peewee-mig rollback {len(position.applied) - position.applied.index(extra[-1])}",
        )
    undo = tuple(Move(each, "backward") for each in extra)
    return undo + tuple(Move(each, "forward") for each in missing)


def _renamed(history: History, rows: Sequence[Row]) -> list[tuple[str, str]]:
    recorded = {row.name: row for row in rows}
    return [
        (old, each.name)
        for each in history.migrations
        for old in each.was
        if old in recorded and each.name not in recorded and recorded[old].checksum == each.checksum
    ]


def _edited(history: History, rows: dict[str, Row]) -> list[Problem]:
    return [
        Problem(
            each.name,
            f"{each.name} was edited after it was applied",
            f"{restore(*pair(each.path))}; the change belongs into a new migration; if the database"
            " has the change already: peewee-mig repair",
            "edited",
        )
        for each in history.migrations
        if each.name in rows and not _same(each, rows[each.name])
    ]


def _same(migration: Migration, row: Row) -> bool:
    """Compare the bytes first: the checksum needs the slow canonical form."""
    return row.sha256 == migration.sha256 or row.checksum == migration.checksum


def _late(history: History, applied: Sequence[str], pending: Sequence[str]) -> tuple[str, ...]:
    """Return what came before applied migrations after they were applied: a rebase moved those."""
    if not pending or history.names[: len(applied)] == (*applied,):
        return ()  # a beginning of the files is applied, as a rule
    moved = [name for name in applied if history.migrations[history.names.index(name)].was]
    late = _pasts(history, moved).intersection(pending)
    if late:
        late -= _pasts(history, [name for name in applied if name not in moved])
    return tuple(name for name in pending if name in late)


def _pasts(history: History, names: Sequence[str]) -> set[str]:
    return {each for name in names for each in chain.ancestors(name, history.parents)}


def _skipped(
    history: History, applied: Sequence[str], pending: Sequence[str], late: Sequence[str]
) -> list[Problem]:
    """Find what should have been applied before what is applied."""
    behind = {name: name for name in pending if name not in late}  # -> what it waits for
    for name, parents in history.parents.items():
        lacking = next((behind[parent] for parent in parents if parent in behind), None)
        if lacking is not None:
            behind.setdefault(name, lacking)
    return [
        Problem(
            name,
            f"{name} is applied, but {behind[name]}, which it depends on, is not",
            "the row was removed by hand or the file was added later; to see what the database has,"
            " and restore the row if that is proved: peewee-mig repair",
            "skipped",
        )
        for name in applied
        if name in behind
    ]


def _gone(
    history: History, rows: Sequence[Row], unknown: Sequence[Row], pending: Sequence[str]
) -> list[Problem]:
    """Find rows without a file, unless the database is simply ahead of the code."""
    last = {row.name for row in rows[len(rows) - len(unknown) :]} if unknown else set()
    if not pending and last == {row.name for row in unknown}:
        return []
    return [
        Problem(
            row.name,
            f"{row.name} is applied, but its file is gone",
            f"{bring_back(history.module_path(row.name))}; or check out the branch that has it; or"
            + ("" if parts_here(row, history.modules) else f" undo it: {UNKNOWN}; or")
            + " see what the database has: peewee-mig repair",
            "gone",
        )
        for row in unknown
    ]
