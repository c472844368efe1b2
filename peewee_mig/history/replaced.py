"""Migrations that others replace: which files count, and what a name stands for. Pure.

A squash is a migration that names those that it ``replaces``. Their files may stay for databases
that have a part of them. The last of them leads to the same schema as the squash, so what
depends on the one depends on the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from peewee_mig.errors import HistoryError
from peewee_mig.history import chain
from peewee_mig.history.module import Migration

#: All files of a folder, by name.
Files = Mapping[str, Migration]

#: A name that is no file any more, or a squash -> the names that together are the same.
StandIns = Mapping[str, tuple[str, ...]]


def stand_ins(files: Files) -> dict[str, tuple[str, ...]]:
    """Return what names stand for: squashes, what these replaced in turn, former names."""
    found: dict[str, tuple[str, ...]] = {}
    for each in files.values():
        found |= dict(each.stands_for)
    for each in files.values():
        if each.replaces:
            found[each.name] = each.replaces
    return found


def members(name: str, known: StandIns) -> frozenset[str]:
    """Return all that a squash stands for, through other squashes too, without itself."""
    found: set[str] = set()
    waiting = list(known.get(name, ()))
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += known.get(each, ())
    return frozenset(found)


def is_covered(name: str, names: Collection[str], known: StandIns) -> bool:
    """Whether the names, of rows, say that a migration is applied: itself, or all it stands for."""
    if name in names:
        return True
    parts = known.get(name, ())
    return bool(parts) and all(is_covered(each, names, known) for each in parts)


def active(files: Files) -> tuple[str, ...]:
    """Return the files that no other replaces; :exc:`HistoryError` where they go in circles."""
    known = stand_ins(files)
    hidden = {each for name in known for each in known[name]}
    found = tuple(name for name in files if name not in hidden)
    reached = {*found, *(each for name in found for each in members(name, known))}
    lost = sorted(files.keys() - reached)
    if lost:
        raise HistoryError(
            f"migrations replace each other in a circle: {', '.join(lost)}",
            where=str(files[lost[0]].path),
            hint="correct `replaces` in one of them",
        )
    return found


def ends(files: Files, chosen: Collection[str]) -> dict[str, str]:
    """Return for names that are not chosen which chosen one leads to the same schema.

    ``chosen``: the files that count. What a chosen squash ends with is that squash; a squash
    whose parts are chosen is the last of these.
    """
    known = stand_ins(files)
    found = {last: name for name in chosen for last in _lasts(name, known)}
    for name in known:
        inside = [each for each in _lasts(name, known) if each in chosen]
        if name not in chosen and inside:
            found[name] = inside[0]
    return found


def _lasts(name: str, known: StandIns) -> Iterator[str]:
    """Yield what a squash ends with, and what that one ends with."""
    seen = {name}
    while known.get(name) and known[name][-1] not in seen:
        name = known[name][-1]
        seen.add(name)
        yield name


def resolved(files: Files, chosen: Collection[str]) -> tuple[Migration, ...]:
    """Return the chosen files in order, each depending on chosen ones."""
    same = ends(files, chosen)
    found = {name: _depending(files[name], same, chosen) for name in chosen}
    return tuple(
        found[name] for name in chain.in_order({n: m.depends_on for n, m in found.items()})
    )


def _depending(migration: Migration, same: Mapping[str, str], chosen: Collection[str]) -> Migration:
    on = tuple(each if each in chosen else same.get(each, each) for each in migration.depends_on)
    return migration if on == migration.depends_on else replace(migration, depends_on=on)


def overlaps(files: Files, chosen: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Yield two chosen squashes, the second by name, that replace one migration, and that one."""
    known = stand_ins(files)
    seen: dict[str, str] = {}
    for name in sorted(chosen):
        for each in sorted(members(name, known)):
            other = seen.setdefault(each, name)
            if other != name:
                yield other, name, each
