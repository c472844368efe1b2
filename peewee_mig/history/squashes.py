"""Whether a squash is equal to what it replaces, as far as the files of that are there."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from peewee_mig.errors import HistoryError
from peewee_mig.history import replaced
from peewee_mig.history.finding import Finding
from peewee_mig.history.folder import History
from peewee_mig.history.module import Migration
from peewee_mig.history.restoring import bring_back, pair
from peewee_mig.operations.codec import operations_to_json
from peewee_mig.operations.describe import describe
from peewee_mig.operations.verbs import (
    Operation,
    RunPython,
    RunSQL,
    in_database,
    is_elidable,
)
from peewee_mig.schema.codec import Json


def overlapping(history: History) -> Iterator[Finding]:
    """Find two squashes that replace the same migration."""
    if not history.is_squashed:
        return
    for one, other, name in replaced.overlaps(history.modules, history.parents):
        yield Finding(
            history.module_path(other),
            f"{one} and {other} both replace {name}",
            f"keep one: rm {shlex.join(map(str, pair(history.module_path(other))))}",
        )
        return


def replaced_files(history: History) -> Iterator[tuple[Migration, History]]:
    """Yield the files that do not count, each with the history in which they do."""
    for squash in _squashes(history):
        if all(name in history.modules for name in squash.replaces):
            with_parts = unfolded(history, squash)
            for name in squash.replaces:
                yield with_parts.migration(name), with_parts


def unequal(history: History) -> Iterator[Finding]:
    """Find squashes that do not do what the migrations do that they replace."""
    for squash in _squashes(history):
        missing = [name for name in squash.replaces if name not in history.modules]
        if not missing:
            yield from _unequal(squash, history)
        elif len(missing) < len(squash.replaces):
            yield Finding(
                history.module_path(missing[0]),
                f"{squash.name} replaces {len(squash.replaces)} migrations, and only some of their"
                f" files are there: not {missing[0]}",
                f"remove the others: peewee-mig squash --remove {squash.name}; or"
                f" {bring_back(history.module_path(missing[0]))}",
            )


def unfolded(history: History, squash: Migration) -> History:
    """Return the history in which the files that a squash replaces count, not the squash."""
    return history.choosing([*(n for n in history.parents if n != squash.name), *squash.replaces])


def _squashes(history: History) -> Iterator[Migration]:
    """Yield all squashes, also those that other ones replace."""
    for each in history.modules.values() if history.is_squashed else ():
        if each.replaces:
            yield each


def _unequal(squash: Migration, history: History) -> Iterator[Finding]:
    path = history.module_path(squash.name)
    last = squash.replaces[-1]
    way = f"make it anew: rm {shlex.join(map(str, pair(path)))}, then: peewee-mig squash"
    hint = f"{way} {squash.replaces[0]} {last}"
    try:
        made, meant = _hash(history, squash.name), _hash(history, last)
    except HistoryError:  # found where the snapshot itself is looked at
        return
    if made != meant:
        message = f"{squash.name} leads to another schema than {last}, the last that it replaces"
        yield Finding(path, message, hint)
    for name in squash.replaces:
        yield from _lacking(squash, history.modules[name], path, hint)


def _lacking(squash: Migration, part: Migration, path: Path, hint: str) -> Iterator[Finding]:
    """Find what a migration does to rows and the squash does not."""
    kept = [_words(each) for each in in_database(squash.operations)]
    for each in in_database(part.operations):
        runs = isinstance(each, RunSQL | RunPython)
        if runs and not is_elidable(each) and _words(each) not in kept:
            yield Finding(
                path,
                f"{squash.name} does not {describe(each)}, as {part.name} does",
                f"if nobody needs it any more, write elidable=True there, in {part.path.name};"
                f" if it is needed, {hint}",
            )


def _words(operation: Operation) -> Json:
    """Return what an operation runs; functions may have another name in a squash."""
    if isinstance(operation, RunPython):
        return {"python": [engine for engine, _ in operation.forward]}
    return {"operations": operations_to_json([operation])}


def _hash(history: History, name: str) -> str:
    return history.snapshot(name).schema
