"""Write and remove migrations: a module and its snapshot, whole or not at all."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from peewee_mig.errors import FailedError, HistoryError, same_command
from peewee_mig.history.folder import History
from peewee_mig.history.module import Migration, parse_module
from peewee_mig.history.snapshots import Snapshot, make_snapshot, spell
from peewee_mig.operations.replay import replay


@dataclass(frozen=True, slots=True)
class Moved:
    """A migration that gets another name or place, with its new text and snapshot."""

    old: str
    migration: Migration
    snapshot: Snapshot


def write_migration(history: History, name: str, text: str) -> Migration:
    """Write a rendered module and the snapshot that follows from it; never over a file.

    The snapshot comes first, so that a crash between the two leaves a snapshot without a
    module, which ``verify`` names. Read the history again afterwards.
    """
    history.files.ensure_writable(history.directory)
    migration = parse_module(history.module_path(name), text.encode())
    snapshot = snapshot_for(history, migration)
    _refuse_existing(history, name)
    _write_both(history, migration, snapshot)
    return migration


def replace_migration(history: History, old: str, name: str, text: str) -> Migration:
    """Write a migration in place of the newest one, under the same or another name."""
    history.files.ensure_writable(history.directory)
    _refuse_followers(history, old)
    migration = parse_module(history.module_path(name), text.encode())
    snapshot = snapshot_for(history, migration)
    if name != old:
        _refuse_existing(history, name)
    _write_both(history, migration, snapshot)
    if name != old:
        remove_migration(history, old)
    return migration


def rewrite_snapshot(history: History, name: str) -> Path:
    """Compute the snapshot of a migration again, after its module was changed by hand."""
    history.files.ensure_writable(history.directory)
    migration = history.migration(name)
    try:
        old = history.snapshot(name)
    except HistoryError:
        old = None
    moved = old is not None and set(old.parents) != set(migration.depends_on)
    path = history.snapshot_path(name)
    write_file(path, spell(snapshot_for(history, migration, moved=moved)))
    return path


def write_moved(history: History, moved: Sequence[Moved]) -> None:
    """Write migrations under their new names, then remove the files of the old ones."""
    history.files.ensure_writable(history.directory)
    for each in moved:
        if each.migration.name not in history.names:
            _refuse_existing(history, each.migration.name)
    for each in moved:
        _write_both(history, each.migration, each.snapshot)
    kept = {each.migration.name for each in moved}
    for old in [each.old for each in moved if each.old not in kept]:
        for path in (history.module_path(old), history.snapshot_path(old)):
            _remove(path)


def remove_migration(history: History, name: str) -> None:
    """Remove a module, then its snapshot; refuse one that others depend on."""
    history.files.ensure_writable(history.directory)
    _refuse_followers(history, name)
    remove_files(history, name)


def remove_files(history: History, name: str) -> None:
    """Remove a module, then its snapshot, whatever depends on it."""
    for path in (history.module_path(name), history.snapshot_path(name)):
        _remove(path)


def snapshot_for(history: History, migration: Migration, *, moved: bool = False) -> Snapshot:
    """Return the snapshot of a migration that follows a history; ``moved``: it has others now.

    :exc:`SchemaError` for an operation that does not fit.
    """
    before = history.state_of(migration.depends_on)
    chain = history.chain_of(migration.depends_on[0]) if len(migration.depends_on) == 1 else ()
    return make_snapshot(
        before,
        replay(migration.operations, before.schema),
        parents={each: history.snapshot(each).schema for each in migration.depends_on},
        chain=chain,
        moved=moved,
    )


def _refuse_followers(history: History, name: str) -> None:
    followers = [other for other, on in history.parents.items() if name in on]
    if followers:
        raise HistoryError(
            f"{name} is not the newest migration: {followers[0]} depends on it",
            where=str(history.module_path(name)),
            hint=f"begin with the newest: peewee-mig drop {history.names[-1]}",
        )


def _refuse_existing(history: History, name: str) -> None:
    for path in (history.snapshot_path(name), history.module_path(name)):
        if path.exists():
            raise HistoryError(
                f"{path.name} exists already",
                where=str(path),
                hint=f"if it is a left-over: rm {shlex.quote(str(path))}, then: {same_command()};"
                f" or choose another name: {same_command('--name', 'NAME')}",
            )


def _write_both(history: History, migration: Migration, snapshot: Snapshot) -> None:
    write_file(history.snapshot_path(migration.name), spell(snapshot))
    write_file(migration.path, migration.source.decode())


def write_file(path: Path, text: str) -> None:
    """Put a whole file in place at once; what is there before or after a crash is complete."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise _failed(path, "written", error) from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise _failed(path, "removed", error) from error


def _failed(path: Path, done: str, error: OSError) -> FailedError:
    return FailedError(
        f"{path.name} cannot be {done}: {error.strerror}",
        where=str(path),
        hint="check the permissions of the folder and the space on the disk",
    )
