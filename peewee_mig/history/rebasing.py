"""Puts migrations behind another one: names, texts and snapshots. Pure, but for reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from peewee_mig.errors import HistoryError, RefusedError, SchemaError, same_command
from peewee_mig.history import chain
from peewee_mig.history.branches import ANY_ORDER
from peewee_mig.history.editing import with_list
from peewee_mig.history.folder import History
from peewee_mig.history.module import Migration, parse_module
from peewee_mig.history.naming import next_name, number_of, words_of
from peewee_mig.history.writing import Moved, snapshot_for


def followers(history: History, names: Iterable[str]) -> tuple[str, ...]:
    """Return migrations and all that depend on them, in order."""
    found = {*names}
    for name, on in history.parents.items():
        if found.intersection(on):
            found.add(name)
    return tuple(name for name in history.names if name in found)


def rebased(
    history: History, sides: Sequence[Sequence[str]], onto: str, *, any_order: bool = False
) -> tuple[Moved, ...]:
    """Return sides of a fork one behind the other, behind a migration that none depends on.

    ``any_order``: the last one vouches that their order does not matter. :exc:`RefusedError`
    names the operation that does not fit there.
    """
    known = history.without({name for side in sides for name in side})
    moved: list[Moved] = []
    new_names: dict[str, str] = {}
    for place, side in enumerate(sides):
        for name in side:
            is_last = any_order and place == len(sides) - 1 and name == side[-1]
            old = history.migration(name)
            depends_on = _depends_on(old, new_names, onto, known)
            each = _moved(known, old, depends_on, is_first=onto in depends_on, any_order=is_last)
            known = known.followed_by(each.migration, each.snapshot)
            new_names[name] = each.migration.name
            moved.append(each)
        onto = moved[-1].migration.name
    return tuple(moved)


def _depends_on(
    migration: Migration, new_names: dict[str, str], onto: str, known: History
) -> tuple[str, ...]:
    """Return what a migration depends on behind ``onto``, which stands for all before it."""
    past = {onto, *chain.ancestors(onto, known.parents)}
    found = (new_names.get(name, name) for name in migration.depends_on)
    on = [onto if name in past else name for name in found] or [onto]
    return tuple(dict.fromkeys(on))


def _moved(
    known: History,
    old: Migration,
    depends_on: tuple[str, ...],
    *,
    is_first: bool,
    any_order: bool,
) -> Moved:
    name = _new_name(known, old.name)
    allow = (*old.allow, ANY_ORDER) if any_order and ANY_ORDER not in old.allow else old.allow
    migration = _edited(known, old, name, depends_on, allow)
    try:
        return Moved(old.name, migration, snapshot_for(known, migration, moved=is_first))
    except SchemaError as error:
        raise RefusedError(
            f"{old.name} does not fit behind {depends_on[0]}: {error.message}",
            where=f"{old.name}: {error.where}",
            committed="nothing was changed",
            hint=f"make it anew: peewee-mig drop {old.name}, then: peewee-mig generate; or correct"
            f" its operation, then: peewee-mig snapshot {old.name}, then: {same_command()}",
        ) from error


def _new_name(known: History, old: str) -> str:
    """Return a name with a number behind all others; the same name, if its number is."""
    last = max(map(number_of, known.names), default=0)
    return old if number_of(old) > last else next_name(known.names, words_of(old))


def _edited(
    known: History,
    old: Migration,
    name: str,
    depends_on: Sequence[str],
    allow: Sequence[str],
) -> Migration:
    """Return a migration with another name and other lists, and all else as it was."""
    was = tuple(dict.fromkeys((*old.was, old.name)))
    source = with_list(old.source, "depends_on", depends_on, behind=["format"])
    behind = ["format", "depends_on", "atomic"]
    if allow != old.allow:
        source = with_list(source, "allow", allow, behind=behind)
    source = with_list(source, "was", was, behind=[*behind, "allow"])
    migration = parse_module(known.module_path(name), source)
    said = (migration.depends_on, migration.was, migration.allow, migration.checksum)
    if said != (tuple(depends_on), was, tuple(allow), old.checksum):
        raise HistoryError(
            f"{old.path.name} sets depends_on, was or allow in a way that nobody can edit",
            where=str(old.path),
            hint=f"write them as plain lists, each once, then: {same_command()}",
        )
    return migration
