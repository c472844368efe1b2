"""Whether the migrations folder is intact: files, chain, hashes, replay. Needs no database."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from peewee_mig.errors import HistoryError, SchemaError
from peewee_mig.history import chain
from peewee_mig.history.branches import Clash, Fork
from peewee_mig.history.finding import Finding
from peewee_mig.history.folder import History, snapshot_names
from peewee_mig.history.module import Migration
from peewee_mig.history.restoring import bring_back, pair, restore
from peewee_mig.history.squashes import overlapping, replaced_files, unequal
from peewee_mig.operations.replay import replay
from peewee_mig.schema.compare import difference


def ensure_intact(history: History) -> None:
    """Raise a :exc:`HistoryError` with the first finding, if there is one.

    The files that others replace are left to ``check``, but for the schema that they lead to.
    """
    findings = verify(history, replaced=False)
    if findings:
        first, rest = findings[0], len(findings) - 1
        more = f" (and {rest} more; peewee-mig check lists all)" if rest else ""
        raise HistoryError(first.message + more, where=first.where, hint=first.hint)


def ensure_complete(history: History) -> None:
    """Raise for what the names of the files tell alone: cheap, for a run without work."""
    findings = [
        *_missing_parents(history),
        *overlapping(history),
        *_orphans(history),
        *_left_behind(history),
    ]
    findings += [] if findings else [*_heads(history)]
    if findings:
        first = findings[0]
        raise HistoryError(first.message, where=first.where, hint=first.hint)


def ensure_chained(history: History) -> None:
    """Raise for a migration whose parent is not there: nothing says what it meets."""
    for error in history.unchained():
        raise error


def ensure_readable(history: History) -> None:
    """Raise for the first finding, but for several newest migrations."""
    for finding in _of_files(history):
        raise HistoryError(finding.message, where=finding.where, hint=finding.hint)


def verify(history: History, *, replaced: bool = True) -> tuple[Finding, ...]:
    """Return all that is wrong, each once, in the order of the migrations.

    ``replaced``: also with the files that others replace.
    """
    joins = tuple(_joins(history))
    told = {finding.file for finding in joins}
    files = (each for each in _of_files(history) if each.file not in told)
    old = replaced_files(history) if replaced else ()
    others = (finding for each in old for finding in _snapshot(*each))
    return tuple(dict.fromkeys((*files, *others, *_heads(history), *joins)))


def _of_files(history: History) -> tuple[Finding, ...]:
    findings = [
        *_missing_parents(history),
        *_cycle(history),
        *_same_names(history),
        *_left_behind(history),
        *(finding for each in history.migrations for finding in _snapshot(each, history)),
        *overlapping(history),
        *unequal(history),
        *_orphans(history),
    ]
    return tuple(dict.fromkeys(findings))


def finding_of(error: HistoryError) -> Finding:
    """Return an error of reading as a finding."""
    file, _, line = error.where.rpartition(":")
    if file and line.isdigit():
        return Finding(Path(file), error.message, error.hint, int(line))
    return Finding(Path(error.where), error.message, error.hint)


def _missing_parents(history: History) -> Iterator[Finding]:
    return map(finding_of, history.unchained())


def _cycle(history: History) -> Iterator[Finding]:
    names = chain.in_cycle(history.parents)
    if names:
        yield Finding(
            history.module_path(names[0]),
            f"migrations depend on each other in a circle: {', '.join(names)}",
            "correct depends_on so that each migration depends on an earlier one",
        )


def _same_names(history: History) -> Iterator[Finding]:
    """Find names that are one file where letter case does not count."""
    seen: dict[str, str] = {}
    for name in history.names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            yield Finding(
                history.module_path(name),
                f"{name} and {other} differ in letter case only",
                "rename one of the two, with its snapshot",
            )


def _left_behind(history: History) -> Iterator[Finding]:
    """Find what a rebase moved and is there by its old name, too: it would run twice."""
    known = {each.name: each for each in history.migrations}
    for each in history.migrations:
        for old in (known[name] for name in each.was if name in known and name != each.name):
            if old.checksum == each.checksum:
                yield Finding(
                    old.path,
                    f"{old.name} is {each.name} by its name before a rebase: it would run twice",
                    _without(old, each, history),
                )


def _without(old: Migration, new: Migration, history: History) -> str:
    """Spell what takes away the files of an old name; databases that have it follow."""
    gone = f"rm {shlex.join(map(str, pair(old.path)))}"
    others = [name for name, on in history.parents.items() if old.name in on and name != new.name]
    if not others:
        return gone
    return (
        f'write "{new.name}" for "{old.name}" in depends_on of {_words(others)}, then: {gone},'
        f" then: {', then: '.join(f'peewee-mig snapshot {name}' for name in others)}"
    )


def _snapshot(migration: Migration, history: History) -> Iterator[Finding]:
    """Find what is wrong with one snapshot, or with what it is computed from."""
    try:
        broken = [*_parents(migration, history)]
        history.state_at(migration.name)
        yield from broken or _replay(migration, history)
    except HistoryError as error:
        yield finding_of(error)


def _parents(migration: Migration, history: History) -> Iterator[Finding]:
    name, path = migration.name, history.snapshot_path(migration.name)
    snapshot = history.snapshot(name)
    hint = f"peewee-mig snapshot {name}"
    if set(snapshot.parents) != set(migration.depends_on):
        yield Finding(
            path,
            f"snapshot {name} follows {_words(snapshot.parents)}, "
            f"its migration depends on {_words(migration.depends_on)}",
            f"correct depends_on, or: {hint}",
        )
        return
    for parent, hash_ in snapshot.parents.items():
        if parent in history.parents and history.snapshot(parent).schema != hash_:
            yield Finding(path, f"snapshot {name} was made on another version of {parent}", hint)


def _replay(migration: Migration, history: History) -> Iterator[Finding]:
    """Find whether the operations make what the snapshot says."""
    if any(parent not in history.parents for parent in migration.depends_on):
        return
    try:
        made = replay(migration.operations, history.schema_before(migration.name))
    except SchemaError as error:
        yield Finding(
            migration.path,
            f"{migration.name} does not fit what is before it: {error.message} ({error.where})",
            f"correct the operation; or {restore(migration.path)}",
        )
        return
    different = difference(made, history.schema_at(migration.name))
    if different:
        yield Finding(
            history.snapshot_path(migration.name),
            f"the operations of {migration.name} do not make its snapshot: {different[0]}",
            f"if the migration is right: peewee-mig snapshot {migration.name}; "
            f"if not: {restore(migration.path)}",
        )


def _orphans(history: History) -> Iterator[Finding]:
    for name in snapshot_names(history):
        if name not in history.parents and name not in history.modules:
            path = history.snapshot_path(name)
            yield Finding(
                path,
                f"snapshot {name} has no migration",
                f"{bring_back(history.module_path(name))}; or, if the migration was deleted on"
                f" purpose: rm {shlex.quote(str(path))}",
            )


def _heads(history: History) -> Iterator[Finding]:
    try:
        history.head  # noqa: B018 (raises)
    except HistoryError as error:
        yield finding_of(error)


def _joins(history: History) -> Iterator[Finding]:
    """Find migrations that join branches of which the order matters."""
    for migration in history.migrations:
        on = tuple(name for name in migration.depends_on if name in history.parents)
        if len(on) > 1 and (clash := _clash(history, on)) is not None:
            yield Finding(
                migration.path,
                f"{migration.name} joins {_words(on)}, which do not commute: {clash}",
                f"put one behind the other: peewee-mig drop {migration.name}, then:"
                " peewee-mig rebase",
            )


def _clash(history: History, heads: tuple[str, ...]) -> Clash | None:
    try:
        return Fork(history, heads).clash
    except HistoryError:  # of a file that is broken, which is found by itself
        return None


def _words(names: Iterable[str]) -> str:
    return " and ".join(names) or "nothing"
