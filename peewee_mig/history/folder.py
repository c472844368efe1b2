"""The migrations folder as a value: modules in order, snapshots read when asked for."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from peewee_mig.errors import FailedError, HistoryError, UsageError, nearest, same_command
from peewee_mig.history import chain, replaced
from peewee_mig.history.files import ON_DISK, Files
from peewee_mig.history.module import Migration, load_module
from peewee_mig.history.naming import NAME, SNAPSHOTS, number_of
from peewee_mig.history.restoring import bring_back, pair, refuse_other_tool, restore
from peewee_mig.history.snapshots import EMPTY, Snapshot, State, edited, read_snapshot
from peewee_mig.operations.replay import replay
from peewee_mig.schema.schema import Schema


@dataclass(frozen=True)
class History:
    """The migrations of a folder, in the order of their dependencies, then by name.

    ``modules``: all files, those that others replace as well, as they are written.
    """

    directory: Path
    migrations: tuple[Migration, ...] = ()
    files: Files = field(default=ON_DISK, repr=False, compare=False)
    modules: Mapping[str, Migration] = field(
        default_factory=dict[str, Migration], repr=False, compare=False
    )
    _snapshots: dict[str, Snapshot] = field(default_factory=dict, repr=False, compare=False)
    _states: dict[str, State] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def parents(self) -> dict[str, tuple[str, ...]]:
        """What each migration depends on."""
        return {each.name: each.depends_on for each in self.migrations}

    @cached_property
    def is_squashed(self) -> bool:
        """Whether a migration replaces others, so that names may mean others than themselves."""
        return any(each.replaces for each in self.modules.values())

    @cached_property
    def same(self) -> dict[str, str]:
        """Names that do not count -> the migration that leads to the same schema."""
        return replaced.ends(self.modules, self.parents) if self.is_squashed else {}

    @property
    def replaced(self) -> tuple[str, ...]:
        """The names of the files that do not count, since others replace them."""
        return tuple(name for name in self.modules if name not in self.parents)

    def as_written(self, name: str) -> History:
        """Return the history in which a file counts, if the full name is that of a replaced one."""
        return self.whole if name in self.replaced else self

    @property
    def whole(self) -> History:
        """The history in which all files count, as they are written: to show them."""
        return self.choosing(tuple(self.modules)) if self.is_squashed else self

    def choosing(self, names: Collection[str]) -> History:
        """Return the history in which these files count."""
        counting = replaced.resolved(self.modules, names)
        return History(self.directory, counting, self.files, self.modules)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the migrations, in order."""
        return tuple(self.parents)

    @cached_property
    def line(self) -> dict[str, int]:
        """The place of each migration, where each depends on the one before it; else nothing."""
        before = (("", *self.names)[place] for place in range(len(self.names)))
        on = (each.depends_on for each in self.migrations)
        is_line = all(
            one == tuple(filter(None, [name])) for one, name in zip(on, before, strict=True)
        )
        return {name: place for place, name in enumerate(self.names)} if is_line else {}

    @property
    def heads(self) -> tuple[str, ...]:
        """The migrations that none depends on."""
        return chain.heads(self.parents)

    @property
    def head(self) -> str | None:
        """The newest migration, if there is one; :exc:`HistoryError` if there are several.

        Where a parent is gone, the one before it looks like a head: then the error says that.
        """
        if len(self.heads) > 1:
            for unchained in self.unchained():
                raise unchained
            from peewee_mig.history.branches import several_heads  # rarely, and it is much

            raise several_heads(self)
        return next(iter(self.heads), None)

    def unchained(self) -> Iterator[HistoryError]:
        """Yield an error for each parent that a migration depends on and that is not there."""
        for name, on in self.parents.items():
            for parent in on:
                if parent not in self.parents:
                    yield self._inside(name, parent) or HistoryError(
                        f"{name} depends on {parent}, which is not there",
                        where=str(self.module_path(name)),
                        hint=self._parent_meant(name, parent)
                        or f"{bring_back(self.module_path(parent))}; or correct depends_on",
                    )

    def without(self, names: Collection[str]) -> History:
        """Return the history without some migrations, on which no other one depends."""
        left = tuple(each for each in self.migrations if each.name not in names)
        return replace(self, migrations=left, _snapshots={}, _states={})

    def followed_by(self, migration: Migration, snapshot: Snapshot) -> History:
        """Return the history with one more migration, which need not be written yet."""
        known = {**self._snapshots, migration.name: snapshot}
        states = {**self._states}
        added = (*self.migrations, migration)
        return replace(self, migrations=added, _snapshots=known, _states=states)

    def _inside(self, name: str, parent: str) -> HistoryError | None:
        """Return the error for a migration that begins in the middle of what one replaces."""
        known = replaced.stand_ins(self.modules)
        by = [each for each in self.names if parent in replaced.members(each, known)]
        if not by:
            return None
        path = self.module_path(name)
        return HistoryError(
            f"{name} depends on {parent}, which {by[0]} replaces with what comes after it",
            where=str(path),
            hint=f'if {name} fits behind it, write depends_on = ["{by[0]}"] in {path}, then:'
            f" peewee-mig snapshot {name}; or make it anew: rm"
            f" {shlex.join(map(str, pair(path)))}, then: peewee-mig generate",
        )

    def migration(self, name: str) -> Migration:
        """Return the migration of that full name."""
        return self._by_name[name]

    def find(self, target: str) -> str:
        """Return the full name for a name, a unique beginning of one, or a number."""
        if not target:  # a variable of a shell that is not set
            raise UsageError(
                "the name of a migration is empty",
                hint=f"the last ones are {', '.join(self.names[-5:]) or 'none yet'}",
            )
        if target in self._by_name:
            return target
        if target in self.same:
            return self.same[target]
        if re.fullmatch("[0-9]+", target):
            found = [name for name in self.names if number_of(name) == int(target)]
        else:
            found = [name for name in self.names if name.startswith(target)]
        if len(found) != 1:
            raise self._not_found(target, found)
        return found[0]

    @property
    def last_schema(self) -> Schema:
        """The schema after the newest migration."""
        return self.schema_at(self.head)

    def schema_at(self, name: str | None) -> Schema:
        """Return the schema after a migration; the empty one for None."""
        return EMPTY.schema if name is None else self.state_at(name).schema

    def schema_before(self, name: str) -> Schema:
        """Return the schema that a migration meets."""
        return self.schema_of(self.migration(name).depends_on)

    def schema_of(self, depends_on: Iterable[str]) -> Schema:
        """Return the schema that a migration meets that depends on these."""
        return self.state_of(tuple(depends_on)).schema

    def state_of(self, depends_on: tuple[str, ...]) -> State:
        """Return the same with its hashes; of several parents, by replay of all operations."""
        if not depends_on:
            return EMPTY
        if len(depends_on) == 1:
            return self.state_at(depends_on[0])
        past = set(depends_on).union(*(chain.ancestors(each, self.parents) for each in depends_on))
        operations = [o for each in self.migrations if each.name in past for o in each.operations]
        return State.of(replay(operations, EMPTY.schema))

    def state_at(self, name: str) -> State:
        """Return the state after a migration; :exc:`HistoryError` for an edited snapshot."""
        if name not in self._states:
            names = self._to_read(name)
            known = self.snapshot(names[0]).parents
            state = EMPTY if self.snapshot(names[0]).complete else self._states[next(iter(known))]
            for each in names:
                state = self._states[each] = self._verified(each, state)
        return self._states[name]

    def chain_of(self, name: str) -> tuple[Snapshot, ...]:
        """Return the snapshots to read for a schema: the last checkpoint and what follows."""
        self.state_at(name)  # refuses a chain without an end
        found = [self.snapshot(name)]
        while not found[-1].complete:
            found.append(self.snapshot(self._parent(name)))
            name = self._parent(name)
        return tuple(reversed(found))

    def snapshot(self, name: str) -> Snapshot:
        """Return the snapshot of that name."""
        if name not in self._snapshots:
            path = self.snapshot_path(name)
            if not self.files.is_file(path):
                raise _missing(path)
            self._snapshots[name] = self._resolved(read_snapshot(path, self.files))
        return self._snapshots[name]

    def snapshot_path(self, name: str) -> Path:
        """Return where the snapshot of a migration is or will be."""
        return self.directory / SNAPSHOTS / f"{name}.json"

    def module_path(self, name: str) -> Path:
        """Return where the module of a migration is or will be."""
        return self.directory / f"{name}.py"

    def _resolved(self, snapshot: Snapshot) -> Snapshot:
        """Return a snapshot that follows migrations that count."""
        if snapshot.parents.keys() <= self.parents.keys() or not self.is_squashed:
            return snapshot
        names = {each: self.same.get(each, each) for each in snapshot.parents}
        parents = {names[each]: hash_ for each, hash_ in snapshot.parents.items()}
        return replace(snapshot, parents=parents)

    @cached_property
    def _by_name(self) -> dict[str, Migration]:
        return {each.name: each for each in self.migrations}

    def _to_read(self, name: str) -> list[str]:
        """Return the names from the last checkpoint, or known state, to this one."""
        names = [name]
        while not self.snapshot(names[-1]).complete:
            parent = self._parent(names[-1])
            if parent in self._states:
                break
            if parent in names:
                raise edited(self.snapshot_path(name))
            names.append(parent)
        return names[::-1]

    def _parent(self, name: str) -> str:
        """Return the only parent of a snapshot that is no checkpoint."""
        parents = tuple(self.snapshot(name).parents)
        if len(parents) != 1:
            raise edited(self.snapshot_path(name))
        return parents[0]

    def _parent_meant(self, name: str, parent: str) -> str:
        """Say what to do where a parent has another name: same number, same schema, unused."""
        for other in self.heads:
            if number_of(other) == number_of(parent) and self._is_made_on(name, parent, other):
                return (
                    f'if {other} is that file by another name, write depends_on = ["{other}"] in'
                    f" {self.module_path(name)}, then: peewee-mig snapshot {name}, then:"
                    f" peewee-mig repair; if not: {bring_back(self.module_path(parent))}"
                )
        return ""

    def _is_replaced(self, name: str) -> UsageError:
        known = replaced.stand_ins(self.modules)
        by = next(each for each in self.names if name in replaced.members(each, known))
        return UsageError(
            f"{name} does not count any more: {by} replaces it",
            hint=f"name that one: {same_command(by, in_place_of=[name])}",
        )

    def _is_made_on(self, name: str, parent: str, other: str) -> bool:
        """Whether a migration was made on the schema that another one than its parent leads to."""
        try:
            return self.snapshot(name).parents.get(parent) == self.snapshot(other).schema
        except HistoryError:
            return False

    def _verified(self, name: str, before: State) -> State:
        state = before.after(self.snapshot(name))
        if state.hash != self.snapshot(name).schema:
            raise edited(self.snapshot_path(name))
        return state

    def _not_found(self, target: str, found: list[str]) -> UsageError:
        if target in self.modules:
            return self._is_replaced(target)
        near = nearest(target, self.names)
        ways = [same_command(each, in_place_of=[target]) for each in found or filter(None, [near])]
        if found:
            message, hint = f"{target!r} may be {' or '.join(found)}", "; or: ".join(ways)
            return UsageError(message, hint=f"write more of the name: {hint}")
        last = ", ".join(self.names[-5:])
        return UsageError(
            f"there is no migration {target!r} in {self.directory}",
            hint="; ".join([*ways, f"the last ones are {last}"])
            if last
            else "there are no migrations yet; write the first one: peewee-mig generate",
        )


def read_history(directory: Path, files: Files = ON_DISK) -> History:
    """Read all modules of a folder; a folder that is not there is an empty history.

    ``files``: what reads them. :exc:`HistoryError` for a module that cannot be read, and for a
    file that looks like a migration but is not named like one.
    """
    modules = {path.stem: load_module(path, files) for path in _module_paths(directory, files)}
    counting = replaced.resolved(modules, replaced.active(modules))
    return History(directory, counting, files, modules)


def need_history(directory: Path, files: Files = ON_DISK) -> History:
    """Read all modules of a folder, as :func:`read_history`; it must be there."""
    ensure_folder(directory, files)
    return read_history(directory, files)


def ensure_folder(directory: Path, files: Files = ON_DISK) -> None:
    """Raise :exc:`UsageError` if a folder is not there.

    A deployment without its migrations must not look like one that has nothing to do.
    """
    if not files.is_there(directory):
        raise UsageError(
            f"the folder {directory.name} does not exist", hint=_folder_meant(directory)
        )


def _folder_meant(directory: Path) -> str:
    """Say where migrations may be: in a folder of nearly that name, or nowhere yet."""
    siblings = directory.parent.iterdir() if directory.parent.is_dir() else ()
    near = nearest(directory.name, [each.name for each in siblings if (each / SNAPSHOTS).is_dir()])
    meant = f"{same_command('--directory', str(directory.with_name(near)))}; or " if near else ""
    return (
        f"{meant}ship it with the code; or name it with --directory;"
        " or write the first migration: peewee-mig generate"
    )


def snapshot_names(history: History) -> tuple[str, ...]:
    """Return the names of the snapshots that are there."""
    paths = _listed(history.directory / SNAPSHOTS, history.files)
    return tuple(path.stem for path in paths if path.suffix == ".json")


def _module_paths(directory: Path, files: Files) -> list[Path]:
    paths = [each for each in _listed(directory, files) if re.match(r"[0-9].*\.py$", each.name)]
    for path in paths:
        if not NAME.fullmatch(path.stem):
            refuse_other_tool(path, _content(path, files))
            raise HistoryError(
                f"{path.name} is not named like a migration",
                where=str(path),
                hint=f"{_name_meant(path)}name it with four digits, an underscore and words"
                " (0007_add_people.py), or begin the name with a letter if it is no migration; if"
                " another tool wrote it: peewee-mig adopt",
            )
    return paths


def _name_meant(path: Path) -> str:
    """Spell what gives a module a good name: its number, and what is left of the name."""
    number, words = re.fullmatch(r"([0-9]+)(.*)", path.stem).groups()  # type: ignore[union-attr]
    name = f"{int(number):04}_{re.sub(r'[^a-z0-9]+', '_', words.lower()).strip('_')}"
    if not NAME.fullmatch(name) or path.with_name(f"{name}.py").exists():
        return ""
    old, new = pair(path), pair(path.with_name(f"{name}.py"))
    moves = [f"mv {shlex.join(map(str, names))}" for names in zip(old, new, strict=True)]
    after = moves[1] if old[1].is_file() else f"peewee-mig snapshot {name}"
    return f"{moves[0]}, then: {after}; or "


def _listed(directory: Path, files: Files) -> list[Path]:
    """List a folder; one that is not there is empty, one that cannot be read is refused."""
    try:
        return sorted(files.entries(directory))
    except FileNotFoundError:
        return []
    except NotADirectoryError as error:
        if not directory.is_file():
            raise UsageError(
                f"{directory} is inside of a file",
                hint="if that is an archive from which Python imports, name the folder by its"
                f" package: {same_command('--directory', 'PACKAGE:FOLDER')}",
            ) from error
        hint = f"name a folder: {same_command('--directory', 'migrations')}"
        raise UsageError(f"{directory} is a file, not a folder", hint=hint) from error
    except OSError as error:
        raise FailedError(
            f"{directory} cannot be read: {error.strerror or error}",
            where=str(directory),
            hint="check the permissions of the folder",
        ) from error


def _content(path: Path, files: Files) -> bytes:
    """Return what is in a file; nothing if it cannot be read, since its name is wrong anyway."""
    try:
        return files.read(path)
    except OSError:
        return b""


def _missing(path: Path) -> HistoryError:
    return HistoryError(
        f"snapshot {path.stem} is missing",
        where=str(path),
        hint=f"{restore(path)}; or: peewee-mig snapshot {path.stem}",
    )
