"""Import the user's modules: nothing connects, and what fails is told by the user's own line."""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace, TracebackType
from typing import Any, TypeVar
from weakref import WeakSet

import peewee

import peewee_mig
from peewee_mig.errors import MigError, ModelError, nearest, same_command

T = TypeVar("T")

#: What opens a connection or runs a statement; the last two are of ``playhouse.pwasyncio``.
_CONNECTING = ("connect", "execute_sql", "aconnect", "aexecute_sql")

#: A setting of the connection, such as ``db.pragma("foreign_keys", 1, permanent=True)`` runs
#: when it is made: it passes, unexecuted.
_SETTING = re.compile(r"\s*PRAGMA\s[^=(]+=", re.IGNORECASE)

_LIBRARIES = {"site-packages", "dist-packages"}
_STANDARD = Path(os.__file__).parent
_OURS = Path(peewee_mig.__file__).parent

#: The name of the module of models that data migrations get; there is no such module.
HISTORIC = "peewee_mig.historic"

#: Models of modules that gave way to namesakes of another project (see :func:`_evict`).
_evicted: WeakSet[type[peewee.Model]] = WeakSet()


@contextlib.contextmanager
def importing(root: Path) -> Iterator[None]:
    """Import from ``root`` first, and leave no trace in the process but the modules.

    While it lasts, connecting or running a statement raises a :exc:`ModelError` that names
    the user's line, and so does leaving it when the user's code swallowed that error. What
    the modules print goes to stderr.
    """
    importlib.invalidate_caches()
    with calling(root), _without_connections(root):
        yield


@contextlib.contextmanager
def calling(root: Path) -> Iterator[None]:
    """Run functions of the user's as :func:`importing` imports them; they may connect."""
    with (
        _first_on_path(root),
        _without_bytecode(),
        contextlib.chdir(Path.cwd()),
        contextlib.redirect_stdout(sys.stderr),
    ):
        yield


def import_module(name: str, root: Path, *, named_by: str = "--models") -> ModuleType:
    """Import a module by its dotted name; :exc:`ModelError` for whatever prevents it.

    ``named_by``: the option or the setting that names it, for the way out.
    """
    if name.endswith(".py") or not all(part.isidentifier() for part in name.split(".")):
        raise ModelError(
            f"{name!r} is not the name of a module",
            hint=_written(name, named_by),
        )
    _evict(name.partition(".")[0], root)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if users_line(error, root) is None:
            raise ModelError(
                f"there is no module {name}",
                where=str(root),
                original=str(error),
                hint=_near(name, root, named_by),
            ) from None
        raise _failure(f"module {name} does not import", error, root) from error
    except MigError as error:
        error.where = error.where or users_line(error, root) or ""  # of a thread, a greenlet
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise _failure(f"module {name} does not import", error, root) from error


def _written(name: str, named_by: str) -> str:
    """Say a path of a file as a module, else how one is written."""
    parts = name.removesuffix(".py").strip("/").replace("/", ".")
    if all(part.isidentifier() for part in parts.split(".")):
        return _instead(parts, name, named_by)
    return "write it as in an import statement, such as models or app.models"


def _near(name: str, root: Path, named_by: str) -> str:
    """Say the module of nearly that name that is in the folder."""
    parents, _, last = name.rpartition(".")
    folder = root.joinpath(*parents.split(".")) if parents else root
    there = [each.stem for each in folder.glob("*") if each.is_dir() or each.suffix == ".py"]
    near = nearest(last, [each for each in there if each.isidentifier()])
    if not near:
        return "name a module or package that Python finds from this folder"
    meant = f"{parents}.{near}" if parents else near
    return _instead(meant, name, named_by)


def _instead(meant: str, name: str, named_by: str) -> str:
    if named_by.startswith("--"):
        return same_command(named_by, meant, in_place_of=[named_by, name])
    return f"did you mean {meant!r}? correct the setting {named_by}, then: {same_command()}"


def call(function: Callable[[], T], label: str, root: Path) -> T:
    """Call a function of the user's; :exc:`ModelError` names the line where it fails."""
    try:
        return function()
    except MigError as error:
        error.where = error.where or users_line(error, root) or ""  # of a thread, a greenlet
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise _failure(f"calling {label} fails", error, root) from error


def is_evicted(model: type[peewee.Model]) -> bool:
    """Whether the module of a model has given way, or it is one of a migration's past."""
    return model in _evicted or model.__module__ == HISTORIC


def descendants(parent: type[Any]) -> Iterator[type[Any]]:
    """Yield every subclass, each once, parents first."""
    seen: set[type[Any]] = set()
    waiting = [parent]
    while waiting:
        for child in type.__subclasses__(waiting.pop(0)):
            if child not in seen:
                seen.add(child)
                waiting.append(child)
                yield child


def shorten(path: str, root: Path) -> str:
    """Return a path as the user knows it: relative to the project."""
    for base in (root.resolve(), Path.cwd()):
        if Path(path).resolve().is_relative_to(base):
            return Path(path).resolve().relative_to(base).as_posix()
    return path


def _failure(what: str, error: BaseException, root: Path) -> ModelError:
    if isinstance(error, SyntaxError) and error.filename:
        where = f"{shorten(error.filename, root)}:{error.lineno}"
        said = f"{type(error).__name__}: {error.msg}"
    else:
        where = users_line(error, root) or ""
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return ModelError(
        f"{what}: {said}",
        where=where,
        hint="correct that line, or what it uses",
    )


def users_line(error: BaseException, root: Path) -> str | None:
    """Return ``file:line`` of the last frame of a traceback that lies in the user's files."""
    lines = [
        f"{shorten(frame.f_code.co_filename, root)}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if _is_users(frame.f_code.co_filename)
    ]
    return lines[-1] if lines else None


def _is_users(filename: str) -> bool:
    path = Path(filename)
    return not (
        filename.startswith("<")
        or _LIBRARIES.intersection(path.parts)
        or path.is_relative_to(_STANDARD)
        or path.is_relative_to(_OURS)
    )


@contextlib.contextmanager
def _first_on_path(root: Path) -> Iterator[None]:
    entry = str(root.resolve())
    sys.path.insert(0, entry)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(entry)


@contextlib.contextmanager
def _without_bytecode() -> Iterator[None]:
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


class _without_connections(contextlib.AbstractContextManager[None]):  # noqa: N801 (used as a verb)
    """Replace what connects, on every class of databases, also on those yet to be imported."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._originals: list[tuple[type[Any], str, object]] = []
        self._refused: list[ModelError] = []

    def __enter__(self) -> None:
        root: Any = peewee.Database
        root.__init_subclass__ = classmethod(self._guard)
        for database in (root, *descendants(root)):
            self._guard(database)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        del peewee.Database.__init_subclass__  # its own; object's shows again
        for owner, name, original in self._originals:
            setattr(owner, name, original)
        if self._refused:
            raise self._refused[0] from None

    def _guard(self, database: type[Any], /, **_: object) -> None:
        for owner in database.__mro__:
            for name in _CONNECTING:
                if callable(owner.__dict__.get(name)) and not self._has_guarded(owner, name):
                    self._originals.append((owner, name, owner.__dict__[name]))
                    setattr(owner, name, self._refusal(name))

    def _has_guarded(self, owner: type[Any], name: str) -> bool:
        return any(owner is each and name == method for each, method, _ in self._originals)

    def _refusal(self, name: str) -> Callable[..., object]:
        def refuse(*arguments: object, **_: object) -> object:
            if any(isinstance(text, str) and _SETTING.match(text) for text in arguments):
                return SimpleNamespace(fetchone=lambda: None, fetchall=list)
            where, call = self._caller(name)
            error = ModelError(
                f"importing the models uses the database: {call}()",
                where=where,
                hint="move what connects, creates tables or queries into a function, "
                'or below if __name__ == "__main__":',
            )
            self._refused.append(error)
            raise error

        return refuse

    def _caller(self, name: str) -> tuple[str, str]:
        """Return the line of the user's that is running, and what it called."""
        called = name
        for frame, line in traceback.walk_stack(sys._getframe(2)):  # noqa: SLF001 (no public way)
            if _is_users(frame.f_code.co_filename):
                return f"{shorten(frame.f_code.co_filename, self._root)}:{line}", called
            called = frame.f_code.co_name
        return "", name


def _evict(top: str, root: Path) -> None:
    """Forget a module that another project of this process imported under this name."""
    module = sys.modules.get(top)
    if module is None or not ((root / top).is_dir() or (root / f"{top}.py").is_file()):
        return
    origin = module.__file__ or next(iter(module.__path__), "")
    if origin and Path(origin).resolve().is_relative_to(root.resolve()):
        return
    names = {name for name in sys.modules if name == top or name.startswith(f"{top}.")}
    _evicted.update(m for m in descendants(peewee.Model) if m.__module__ in names)
    for name in names:
        del sys.modules[name]
