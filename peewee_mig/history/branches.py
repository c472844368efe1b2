"""Branches of a history: where they part, and whether their order matters. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from operator import attrgetter
from typing import TYPE_CHECKING

from peewee_mig.errors import HistoryError, SchemaError
from peewee_mig.history import chain
from peewee_mig.operations.describe import describe
from peewee_mig.operations.replay import replay
from peewee_mig.operations.touches import conflicts
from peewee_mig.operations.verbs import Operation

if TYPE_CHECKING:
    from peewee_mig.history.folder import History
    from peewee_mig.schema.schema import Schema

#: What ``allow`` of a migration says to vouch that the order of what it joins does not matter.
ANY_ORDER = "any-order"


@dataclass(frozen=True, slots=True)
class Clash:
    """Two migrations whose order matters, and why.

    ``one_does``, ``other_does``: the operations in words; ``is_unknown``: it is only that nobody
    said what one of them touches.
    """

    one: str
    other: str
    why: str
    one_does: str = ""
    other_does: str = ""
    is_unknown: bool = False

    def __str__(self) -> str:
        """Say why, and which operations these are."""
        does = {self.one: self.one_does, self.other: self.other_does}
        told = "; ".join(f"{name}: {words}" for name, words in does.items() if words)
        return f"{self.why} ({told})" if told else self.why


@dataclass(frozen=True)
class Fork:
    """Migrations that do not depend on each other: the newest ones, or those that one joins."""

    history: History
    heads: tuple[str, ...]

    @cached_property
    def base(self) -> tuple[str, ...]:
        """The newest migrations that all heads depend on: where they part. None: nowhere."""
        parents = self.history.parents
        past = frozenset.intersection(*(chain.ancestors(each, parents) for each in self.heads))
        return chain.heads({name: parents[name] for name in past})

    def side(self, head: str, other: str) -> tuple[str, ...]:
        """Return a head, and what it depends on and another one does not, in order."""
        past = self._whole(head) - self._whole(other)
        return tuple(name for name in self.history.names if name in past)

    @cached_property
    def clash(self) -> Clash | None:
        """Why the order of the heads matters, if it does."""
        pairs = combinations(self.heads, 2)
        found = (
            clash_between(self.history, self.side(one, other), self.side(other, one))
            for one, other in pairs
        )
        return next(filter(None, found), self.misfit)

    @cached_property
    def misfit(self) -> Clash | None:
        """Why the heads do not lead to one schema in whatever order, if they do not."""
        found = (self._misfit(*pair) for pair in combinations(self.heads, 2))
        return next(filter(None, found), None)

    def _misfit(self, head: str, other: str) -> Clash | None:
        """Find what operations make of each other, by replay in both orders."""
        side, others = self.side(head, other), self.side(other, head)
        past = self._whole(head) & self._whole(other)
        base = chain.heads({name: self.history.parents[name] for name in past})
        try:
            before = self.history.schema_of(base)
            one = _replayed(self.history, (*side, *others), before)
            if one == _replayed(self.history, (*others, *side), before):
                return None
        except SchemaError as error:
            return Clash(head, other, f"together they do not fit: {error.message}", error.where)
        return Clash(head, other, "they do not lead to the same schema in both orders")

    def _whole(self, head: str) -> frozenset[str]:
        return chain.ancestors(head, self.history.parents) | {head}


def clash_between(history: History, side: Sequence[str], others: Sequence[str]) -> Clash | None:
    """Return two migrations, one of each side, that touch the same, if there are such ones.

    Those are left out for which a migration vouches that depends on both.
    """
    mine, theirs = ([*_operations(history, names)] for names in (side, others))
    found = conflicts([each for _, each in mine], [each for _, each in theirs])
    unvouched = (
        each for each in found if not _is_vouched(history, mine[each.one][0], theirs[each.other][0])
    )
    worst = min(unvouched, key=attrgetter("vagueness"), default=None)
    if worst is None:
        return None
    (name, one), (other_name, other) = mine[worst.one], theirs[worst.other]
    words = describe(one), describe(other)
    return Clash(name, other_name, worst.why, *words, worst.is_unknown)


def _is_vouched(history: History, one: str, other: str) -> bool:
    vouching = [each.name for each in history.migrations if ANY_ORDER in each.allow]
    pasts = ({each, *chain.ancestors(each, history.parents)} for each in vouching)
    return any({one, other} <= past for past in pasts)


def _operations(history: History, names: Iterable[str]) -> Iterator[tuple[str, Operation]]:
    for name in names:
        yield from ((name, each) for each in history.migration(name).operations)


def _replayed(history: History, names: Iterable[str], before: Schema) -> Schema:
    return replay((each for _, each in _operations(history, names)), before)


def several_heads(history: History) -> HistoryError:
    """Say that there are several newest migrations, whether they commute, and what to do."""
    fork = Fork(history, history.heads)
    since = f" since {' and '.join(fork.base)}" if fork.base else ""
    message = f"there are {len(fork.heads)} newest migrations{since}: {' and '.join(fork.heads)}"
    where = str(history.directory)
    try:
        clash = fork.clash
    except HistoryError:  # of a file that is broken, of which others tell
        return HistoryError(message, where=where, hint="peewee-mig check lists what is wrong")
    if clash is None:
        return HistoryError(f"{message}; they commute", where=where, hint=_ways())
    return HistoryError(
        f"{message}; they do not commute: {clash}", where=where, hint=_ways(clash, fork)
    )


def _ways(clash: Clash | None = None, fork: Fork | None = None) -> str:
    """Return the commands that leave one newest migration."""
    rebase = "put the one that is applied nowhere else behind the other: peewee-mig rebase"
    if clash is None or fork is None:
        return f"{rebase}; or, if both are applied somewhere, join them: peewee-mig merge"
    if clash.is_unknown and fork.misfit is None:
        return (
            f"{rebase}; or, if you know that their order does not matter: peewee-mig merge"
            f" --{ANY_ORDER}"
        )
    anew = (f"peewee-mig drop {name}, then: peewee-mig generate" for name in reversed(fork.heads))
    return f"{rebase}; or make that one anew: {'; or: '.join(anew)}"
