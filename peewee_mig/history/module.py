"""A migration module as a value: executed without the import system, checked, hashed."""

from __future__ import annotations

import ast
import hashlib
import re
import traceback
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import Any

from peewee_mig.errors import HistoryError, MigError
from peewee_mig.history import checksum
from peewee_mig.history.files import ON_DISK, Files
from peewee_mig.history.restoring import keep_ours, refuse_other_tool, restore
from peewee_mig.layout import parsed
from peewee_mig.operations.codec import operations_to_json
from peewee_mig.operations.custom import Custom, resolved
from peewee_mig.operations.verbs import (
    Apart,
    ChangeRows,
    Operation,
    RunPython,
    each_side,
    in_database,
)
from peewee_mig.schema.codec import Json, canonical

#: The newest format of a module that this version reads.
FORMAT = 1

#: What a module of ours has on a line of its own; others are not even executed.
_SAYS_FORMAT = re.compile(rb"^format\b[^=\n]*=", re.MULTILINE)
#: A line that may give a name of ours a value.
_ASSIGNED = re.compile(
    rb"^(operations|depends_on|atomic|allow|was|replaces)\b[^=\n]*=", re.MULTILINE
)
_CONFLICT = re.compile(rb"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)


@dataclass(frozen=True)
class Migration:
    """A migration file that was read; ``atomic`` is None where the file does not say."""

    name: str
    path: Path
    operations: tuple[Operation, ...]
    depends_on: tuple[str, ...] = ()
    atomic: bool | None = None
    allow: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    #: Names among what it replaces, and the names that each of them replaced.
    stands_for: tuple[tuple[str, tuple[str, ...]], ...] = ()
    source: bytes = field(default=b"", repr=False, compare=False)

    @cached_property
    def sha256(self) -> str:
        """The sha256 of the file's bytes."""
        return hashlib.sha256(self.source).hexdigest()

    @cached_property
    def checksum(self) -> str:
        """The sha256 of what the migration does; slow, so compare ``sha256`` first."""
        return checksum.checksum(
            self.operations, atomic=self.atomic, source=self.source, version=FORMAT
        )


def load_module(path: Path, files: Files = ON_DISK) -> Migration:
    """Read, execute and check a module; :exc:`HistoryError` names the file and the line."""
    return parse_module(path, read_bytes(path, files))


def parse_module(path: Path, source: bytes) -> Migration:
    """Execute and check the text of a module that is, or will be, at that path."""
    check_conflict(path, source)
    names = _execute(path, source)
    _check_format(names.get("format"), path)
    _refuse_twice(path, source)
    return Migration(
        name=path.stem,
        path=path,
        operations=_operations(names, path, source),
        depends_on=_list_of_names("depends_on", names, path, source),
        atomic=_atomic(names, path, source),
        allow=_list_of_names("allow", names, path, source),
        was=_list_of_names("was", names, path, source),
        **_replaces(names, path, source),
        source=source,
    )


def read_bytes(path: Path, files: Files = ON_DISK) -> bytes:
    """Read a file of the history."""
    try:
        return files.read(path)
    except OSError as error:
        raise HistoryError(
            f"{path.name} cannot be read: {error.strerror or error}",
            where=str(path),
            hint=f"make the file readable; or {restore(path)}",
        ) from error


def check_conflict(path: Path, source: bytes) -> None:
    """Refuse the marks of a merge conflict, with the line of the first."""
    conflict = _CONFLICT.search(source)
    if conflict:
        line = source.count(b"\n", 0, conflict.start()) + 1
        raise HistoryError(
            f"{path.name} holds an unresolved merge conflict",
            where=f"{path}:{line}",
            hint=f"keep one of the two sides: {keep_ours(path)}, then: peewee-mig generate;"
            " or delete the newer migration and its snapshot, then: peewee-mig generate",
        )


def _compiled(path: Path, source: bytes) -> CodeType:
    """Compile a module; refuse one that nothing says to be ours, before anything of it runs."""
    try:
        code = compile(source, str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:  # ValueError: a null byte
        line = getattr(error, "lineno", None) or 1
        raise HistoryError(
            f"{path.name} is not valid Python: {getattr(error, 'msg', None) or error}",
            where=f"{path}:{line}",
            hint=f"correct the line; or {restore(path)}",
        ) from error
    if not _SAYS_FORMAT.search(source):
        refuse_other_tool(path, source)
        _check_format(None, path)
    return code


def _execute(path: Path, source: bytes) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": path.stem, "__file__": str(path)}
    code = _compiled(path, source)
    try:
        exec(code, names)  # noqa: S102 (a module)
    except MigError as error:
        raise HistoryError(
            f"{path.name}: {error.message}",
            where=f"{path}:{_line_raised(error, path)}",
            hint=f"{error.hint or 'correct the line'}; or {restore(path)}",
        ) from error
    except (Exception, SystemExit) as error:
        _refuse_newer(names.get("format"), path)  # what fails may be what a newer version has
        raise HistoryError(
            f"{path.name} raises {type(error).__name__}: {error}",
            where=f"{path}:{_line_raised(error, path)}",
            hint=f"correct the line; or {restore(path)}",
        ) from error
    return names


def _line_raised(error: BaseException, path: Path) -> int:
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 1 for f in reversed(frames) if f.filename == str(path)), 1)


def _check_format(version: object, path: Path) -> None:
    if version == FORMAT and type(version) is int:
        return
    _refuse_newer(version, path)
    said = "does not say its format" if version is None else f"has the unknown format {version!r}"
    raise HistoryError(
        f"{path.name} {said}",
        where=str(path),
        hint=f"it is no migration, or cut off: {restore(path)}; or write `format = {FORMAT}`; if"
        " another tool wrote it: peewee-mig adopt",
    )


def _refuse_newer(version: object, path: Path) -> None:
    if type(version) is int and version > FORMAT:
        raise HistoryError(
            f"{path.name} has format {version}, this version reads up to {FORMAT}",
            where=str(path),
            hint="upgrade: pip install --upgrade peewee-mig",
        )


def _refuse_twice(path: Path, source: bytes) -> None:
    """Refuse a name of ours that gets two values: nobody would see that the first is lost."""
    lines = [match[1].decode() for match in _ASSIGNED.finditer(source)]
    for name in sorted({each for each in lines if lines.count(each) > 1}):
        if len(_values(name, source)) > 1:
            words = f"gives {name} twice: the first would not count"
            raise _wrong(name, words, "keep one of them, with all that it needs", path, source)


def _values(name: str, source: bytes) -> list[ast.expr]:
    """Return what a name is set to by statements of the module that do not use it themselves."""
    given = [
        node.value
        for node in parsed(source).body
        for target in getattr(node, "targets", [getattr(node, "target", None)])
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        if isinstance(target, ast.Name) and target.id == name
    ]
    return [
        value
        for value in given
        if not any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(value))
    ]


def _operations(names: dict[str, Any], path: Path, source: bytes) -> tuple[Operation, ...]:
    found = names.get("operations")
    if not isinstance(found, list):
        words = "has no operations" if found is None else "has operations that are not a list"
        raise _wrong("operations", words, "write `operations = [op.…]`", path, source)
    found = [_plain(each, path, source) for each in found]
    for position, each in enumerate(found, 1):
        if not _is_sound(each):
            words = f"has an item {position} of operations that is no operation: {each!r:.80}"
            raise _wrong("operations", words, "use the functions of `op`", path, source)
    for each in in_database(found):
        if isinstance(each, RunPython):
            _refuse_foreign(each, names, path, source)
    return tuple(found)


def _plain(operation: object, path: Path, source: bytes) -> object:
    """Return what an operation of a third party is; :exc:`HistoryError` if its class fails."""
    if not isinstance(operation, Custom):
        return operation
    try:
        return resolved(operation)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a SystemExit, too: it would end the command without a word
        said = error.message if isinstance(error, MigError) else f"{type(error).__name__}: {error}"
        name = type(operation).__name__
        words = f"has an operation {name} that fails: {said}"
        raise _wrong(
            "operations", words, f"correct {name}, or its arguments", path, source
        ) from error


def _refuse_foreign(operation: RunPython, names: dict[str, Any], path: Path, source: bytes) -> None:
    """Refuse functions of other modules: their code is not in the checksum, and changes."""
    for name, function in operation.functions.items():
        if names.get(name) is not function or getattr(function, "__globals__", None) is not names:
            raise _wrong(
                name,
                f"calls {name}, which is not a function of this file",
                f"write `def {name}(models): …` in it: what a migration did must not change with"
                " other code",
                path,
                source,
            )


def _is_sound(operation: object) -> bool:
    """Whether this is an operation whose parts are of the right types."""
    if not isinstance(operation, Operation):
        return False
    try:
        (data,) = operations_to_json([operation])
        canonical(data).encode()
    except (AssertionError, AttributeError, KeyError, TypeError, ValueError):
        return False
    if isinstance(operation, Apart):
        return all(map(_is_sound, each_side([operation])))
    values = {"fill", "rows", *(("old", "new") if isinstance(operation, ChangeRows) else ())}
    return _is_text(_without(data, values))


def _without(data: Json, values: Collection[str]) -> Json:
    """Return an operation without what rows get: `op` has seen that already."""
    found = {key: part for key, part in data.items() if key not in values}
    definition = found.get("definition")
    if isinstance(definition, dict):
        found["definition"] = {key: part for key, part in definition.items() if key != "rows"}
    return found


def _is_text(data: object) -> bool:
    """Whether JSON holds texts only, and flags."""
    if isinstance(data, dict):
        return all(map(_is_text, data.values()))
    if isinstance(data, list):
        return all(map(_is_text, data))
    return data is None or isinstance(data, str | bool)


def _list_of_names(name: str, names: dict[str, Any], path: Path, source: bytes) -> tuple[str, ...]:
    found = names.get(name, [])
    if not isinstance(found, list | tuple) or not all(isinstance(each, str) for each in found):
        words = f"has {name} that is not a list of strings"
        raise _wrong(name, words, f'write `{name} = ["…"]`', path, source)
    return tuple(found)


def _replaces(names: dict[str, Any], path: Path, source: bytes) -> dict[str, Any]:
    """Return what a migration replaces: a name, or ``{name: [what that one replaced]}``."""
    found = names.get("replaces", [])
    stands_for: dict[str, tuple[str, ...]] = {}
    try:
        direct = _names_in(found, stands_for)
    except (TypeError, RecursionError) as error:
        words = "has replaces that is not a list of names"
        way = 'write `replaces = ["…"]`, or [{"…": ["…"]}] of one that replaced others'
        raise _wrong("replaces", words, way, path, source) from error
    if path.stem in {*direct, *stands_for, *(n for some in stands_for.values() for n in some)}:
        raise _wrong("replaces", "replaces itself", "take its name out", path, source)
    return {"replaces": direct, "stands_for": tuple(stands_for.items())}


def _names_in(found: object, stands_for: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Read a list of names, and what they stand for; :exc:`TypeError` for anything else."""
    if not isinstance(found, list | tuple):
        raise TypeError
    names: list[str] = []
    for each in found:
        inner = each if isinstance(each, dict) else {each: None}
        if not all(isinstance(name, str) for name in inner):
            raise TypeError
        for name, some in inner.items():
            names.append(name)
            if some is not None:
                stands_for[name] = _names_in(some, stands_for)
    return tuple(names)


def _atomic(names: dict[str, Any], path: Path, source: bytes) -> bool | None:
    found = names.get("atomic")
    if found is not None and not isinstance(found, bool):
        words = "has atomic that is neither True nor False"
        raise _wrong(
            "atomic",
            words,
            "write `atomic = True`, `atomic = False`, or leave it out",
            path,
            source,
        )
    return found


def _wrong(name: str, words: str, hint: str, path: Path, source: bytes) -> HistoryError:
    where = f"{path}:{_line_assigned(name, source)}"
    return HistoryError(f"{path.name} {words}", where=where, hint=f"{hint}; or {restore(path)}")


def _line_assigned(name: str, source: bytes) -> int:
    """Return the line of the last assignment to a name, or 1."""
    lines = [
        node.lineno
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    ]
    return max(lines, default=1)
