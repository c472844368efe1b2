"""What comes after migrations that do not depend on it: after a merge, or a rebase. Pure."""

from __future__ import annotations

from peewee_mig.errors import RefusedError
from peewee_mig.history import chain
from peewee_mig.history.branches import ANY_ORDER, Clash, clash_between
from peewee_mig.history.folder import History
from peewee_mig.history.reached import Reached


def refuse_misplaced(reached: Reached, name: str) -> None:
    """Raise :exc:`RefusedError` if a migration does not commute with what is applied before it."""
    clash = misplaced(reached, name)
    if clash is not None:
        raise RefusedError(
            f"{name} comes after {clash.other} here, and the two do not commute: {clash.why}",
            where=f"{name}: {clash.one_does}",
            committed="nothing was changed",
            hint=_way(reached, clash),
        )


def misplaced(reached: Reached, name: str) -> Clash | None:
    """Return what does not commute with a migration of what is applied before it."""
    beyond = reached.beyond(name)
    return clash_between(reached.history, [name], beyond) if beyond else None


def _way(reached: Reached, clash: Clash) -> str:
    """Return the commands that bring two migrations into their order."""
    history, applied = reached.history, reached.applied
    if clash.one in chain.ancestors(clash.other, history.parents):
        count = len(applied) - applied.index(clash.other)
        way = f"undo {clash.other}, then apply both: peewee-mig rollback {count}, then:"
        way, place = f"{way} peewee-mig migrate", clash.other
    else:
        place = _joining(history, clash)
        way = f"put one behind the other: peewee-mig drop {place}, then: peewee-mig rebase"
    if not clash.is_unknown:
        return way
    file = history.module_path(place)
    return (
        f'{way}; or, if their order does not matter, add "{ANY_ORDER}" to allow = [...] in {file}'
    )


def _joining(history: History, clash: Clash) -> str:
    """Return the first migration that depends on both."""
    both = {clash.one, clash.other}
    past = ((name, chain.ancestors(name, history.parents)) for name in history.names)
    return next((name for name, each in past if both <= each), history.names[-1])
