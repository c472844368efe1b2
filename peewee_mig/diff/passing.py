"""Renames through temporary names, where a name is still taken. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from peewee_mig.schema.names import bare, qualified, schema_of

#: Prefix of the names that an object has only between two operations.
TEMPORARY = "_peewee_mig_"


def beside_table(name: str) -> str:
    """Return the temporary name of a table, in its schema."""
    return qualified(schema_of(name), f"{TEMPORARY}{bare(name)}")


def passes(
    wanted: Mapping[str, str], passing: Callable[[str], str] = TEMPORARY.__add__
) -> list[tuple[str, str]]:
    """Order renames so that no name is taken; a circle passes through a temporary name."""
    waiting = dict(sorted(wanted.items()))
    done: list[tuple[str, str]] = []
    while waiting:
        free = next((old for old, new in waiting.items() if new not in waiting), None)
        if free is None:
            free = next(iter(waiting))
            target = waiting.pop(free)
            done.append((free, passing(free)))
            waiting[passing(free)] = target
        else:
            done.append((free, waiting.pop(free)))
    return done
