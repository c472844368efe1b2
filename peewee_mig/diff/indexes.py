"""Which index of one side is which of the other, and in which order they get their names. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from peewee_mig.diff.passing import TEMPORARY
from peewee_mig.operations.verbs import Rename
from peewee_mig.schema.names import qualified, schema_of
from peewee_mig.schema.objects import Index, Table


def counterparts(present: Iterable[Index], wanted: Iterable[Index]) -> dict[Index, Index]:
    """Pair indexes one to one: those of one name first, then those of one structure.

    Nobody chose the name of an index that is told by its structure.
    """
    found: dict[Index, Index] = {}
    left = list(wanted)
    waiting = list(present)
    for same_name in (True, False):
        for index in [each for each in waiting if each not in found]:
            partner = next(
                (
                    each
                    for each in left
                    if index.equivalent(each) and (each.name == index.name or not same_name)
                ),
                None,
            )
            if partner is not None:
                found[index] = partner
                left.remove(partner)
    return found


def making_way(table: str, index: Index) -> Rename:
    """Return the operation that gives an index a name that nobody else gets."""
    return Rename("index", table, index.name, f"{TEMPORARY}{index.name}")


def renamed(
    pairs: Iterable[tuple[Table, Table]], needs_name: Callable[[Table, Index, Index], bool]
) -> Iterator[Rename]:
    """Yield the renames of the indexes that stay, for tables as they are and as they become.

    ``needs_name``: whether an index of a table gets the name that Peewee makes up now. One that
    has made way does in any case.
    """
    waiting: list[Rename] = []
    for present, table in pairs:
        known = {_at_home(index): index.name for index in present.indexes}
        for index, new in counterparts(known, table.indexes).items():
            name = known[index]
            away = name != index.name
            if name != new.name and (away or needs_name(table, index, new)):
                waiting.append(Rename("index", table.name, name, new.name))
    return _in_turn(waiting)


def _in_turn(waiting: list[Rename]) -> Iterator[Rename]:
    """Order renames so that no name is taken; a circle passes through a temporary name."""
    while waiting:
        free = next((each for each in waiting if not _is_held(each, waiting)), None)
        if free is None:
            first = waiting[0]
            passing = f"{TEMPORARY}{first.old}"
            yield replace(first, new=passing)
            waiting[0] = replace(first, old=passing)
        else:
            waiting.remove(free)
            yield free


def _is_held(rename: Rename, waiting: list[Rename]) -> bool:
    """Whether an index that waits has the name: most databases have one space for all tables."""
    name = _place(rename.table, rename.new)
    return any(_place(each.table, each.old) == name for each in waiting if each is not rename)


def _place(table: str, index: str) -> str:
    return qualified(schema_of(table), index).lower()


def _at_home(index: Index) -> Index:
    """Return an index under the name from which it has made way."""
    return replace(index, name=index.name.removeprefix(TEMPORARY))
