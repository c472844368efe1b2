"""Which side of a fork is ours to move: what git and the database say about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from peewee_mig.commands.applied import applied_names
from peewee_mig.commands.git import Git
from peewee_mig.commands.project import Project
from peewee_mig.errors import QuestionError, UsageError, same_command
from peewee_mig.history import chain
from peewee_mig.history.branches import Fork
from peewee_mig.history.folder import History

#: Is shown the newest migrations; returns the one that is ours.
WhichIsMine = Callable[[tuple[str, ...]], str]


@dataclass(frozen=True, slots=True)
class Sides:
    """The newest migrations of both sides, and how they were told apart."""

    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    reason: str = ""


def find_sides(
    project: Project, history: History, names: Collection[str], ask: WhichIsMine | None
) -> Sides:
    """Tell the sides apart: by what was named, by git, by the database, by asking."""
    if names:
        return _named(history, [history.find(name) for name in names])
    found = next(_evidence(project, history), None)
    if found is not None:
        return found
    if ask is not None:
        mine = ask(history.heads)
        return Sides((mine,), tuple(each for each in history.heads if each != mine))
    ways = "; or: ".join(same_command(name) for name in history.heads)
    raise QuestionError(
        f"which of {' and '.join(history.heads)} is yours, and applied nowhere else?",
        where=str(history.directory),
        committed="nothing was changed",
        hint=ways,
    )


def _named(history: History, names: Collection[str]) -> Sides:
    """Return the sides where those that are ours were named."""
    past = {head: {head, *chain.ancestors(head, history.parents)} for head in history.heads}
    for name in names:
        if all(name in each for each in past.values()):
            raise UsageError(
                f"{name} is before {' and '.join(history.heads)}: it is of no side",
                hint="; or: ".join(same_command(h, in_place_of=[name]) for h in history.heads),
            )
    mine = tuple(head for head, each in past.items() if each.intersection(names))
    theirs = tuple(head for head in history.heads if head not in mine)
    if not theirs:
        raise UsageError(
            f"{' and '.join(names)} are of all sides: nothing is left to go behind",
            hint="name those of one side: peewee-mig rebase NAME",
        )
    return Sides(mine, theirs)


def _evidence(project: Project, history: History) -> Iterator[Sides]:
    """Yield what tells the sides apart, the best first."""
    git = Git(history.directory)
    if git.is_there:
        yield from _by_git(git, history)
    recorded = applied_names(project)
    new_names = {old: each.name for each in history.migrations for old in each.was}
    recorded |= {new_names[name] for name in recorded if name in new_names}
    yield from _apart(history, recorded, "not applied in the configured database")


def _by_git(git: Git, history: History) -> Iterator[Sides]:
    published = git.migrations(git.upstream) if git.upstream else frozenset()
    yield from _apart(history, published, f"not on {git.upstream}")
    if git.merged is not None:
        here, other = map(git.migrations, git.merged)
        is_main = git.branch == git.main or published.issuperset(history.heads)
        ours, theirs = (other, here) if is_main else (here, other)
        reason = "came with the merge" if is_main else f"of {git.branch or 'HEAD'}"
        yield from _apart(history, theirs - ours, reason, all_of=ours - theirs)
    yield from _apart(history, git.migrations("HEAD"), "not committed yet")


def _apart(
    history: History,
    theirs: Collection[str],
    reason: str,
    *,
    all_of: Collection[str] | None = None,
) -> Iterator[Sides]:
    """Yield the sides, if some are wholly among names, and of the others nothing is.

    ``all_of``: the others have to be among these.
    """
    fork, heads = Fork(history, history.heads), history.heads
    own = {
        head: frozenset.intersection(*(frozenset(fork.side(head, o)) for o in heads if o != head))
        for head in heads
    }
    found = tuple(head for head in heads if own[head] <= frozenset(theirs))
    mine = tuple(head for head in heads if not own[head].intersection(theirs))
    if all_of is not None:
        mine = tuple(head for head in mine if own[head] <= frozenset(all_of))
    if mine and found and len(mine) + len(found) == len(heads):
        yield Sides(mine, found, reason)
