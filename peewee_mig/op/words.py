"""What the arguments of the words are: names, and SQL by engine."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import FunctionType
from typing import Any, TypeVar

from peewee_mig.errors import SchemaError
from peewee_mig.operations.verbs import BySQL, StatementsBy
from peewee_mig.schema.expressions import Expression

Names = str | Sequence[str]
#: SQL by engine (``{"postgres": "..."}``), or one text for all of them.
SQL = str | Mapping[str, str]
#: Statements by engine, or one, or several, for all of them.
Statements = Names | Mapping[str, Names]
#: A function of a migration file; it takes models, and the database if it wants it.
Function = Callable[..., object]
#: Functions by engine, or one for all of them; an empty list: none.
Functions = Function | Mapping[str, Function] | Sequence[Function]
T = TypeVar("T")
#: Engines that SQL may be given for.
ENGINES = ("sqlite", "postgres", "mysql")


def listed(names: Names) -> tuple[str, ...]:
    """Return one name, or several, as several."""
    return (names,) if isinstance(names, str) else tuple(names)


def expressed(text: str | None) -> Expression | None:
    """Return SQL as an expression, if there is any."""
    return None if text is None else Expression(text)


def by_engine(sql: SQL) -> BySQL:
    """Return SQL with the engines that it is for, none for all; :exc:`SchemaError` for others."""
    if isinstance(sql, str):
        return (("", sql),)
    if not isinstance(sql, Mapping):
        raise SchemaError(
            f"{sql!r} is no SQL", hint='write a text, or one for each engine: {"postgres": "…"}'
        )
    return _of_engines(sql, "SQL")


def statements(sql: Statements) -> tuple[tuple[str, ...], StatementsBy]:
    """Return the statements of all engines that are not named, and those of the others."""
    if not isinstance(sql, Mapping):
        return _texts(sql), ()
    found = {engine: _texts(some) for engine, some in _of_engines(sql, "SQL")}
    return found.pop("", ()), tuple(sorted(found.items()))


def functions(given: Functions) -> tuple[BySQL, dict[str, Function]]:
    """Return the names of functions by engine, and the functions by name.

    :exc:`SchemaError` for what a file cannot name, or nobody can call with models.
    """
    if isinstance(given, Mapping):
        pairs: Iterable[tuple[str, Any]] = sorted(_of_engines(given, "Python"))
    elif isinstance(given, Sequence) and not given:
        pairs = ()
    else:
        pairs = (("", given),)
    found = [(engine, _callable(function)) for engine, function in pairs]
    by = tuple((engine, function.__name__) for engine, function in found)
    return by, {function.__name__: function for _, function in found}


def _of_engines(given: Mapping[str, T], what: str) -> tuple[tuple[str, T], ...]:
    unknown = given.keys() - {"", *ENGINES}
    if unknown:
        raise SchemaError(
            f"{what} is given for {', '.join(sorted(map(repr, unknown)))}, which is no engine",
            hint=f"the engines are {', '.join(ENGINES)}",
        )
    return tuple(given.items())


def _texts(given: object) -> tuple[str, ...]:
    """Return one statement, or several, as several."""
    found = (given,) if isinstance(given, str) else given
    if not isinstance(found, Sequence) or not all(isinstance(each, str) for each in found):
        raise SchemaError(
            f"{given!r} is no SQL", hint="write a text, a list of texts, or these by engine"
        )
    return tuple(found)


def _callable(given: Any) -> FunctionType:  # noqa: ANN401 (whatever a user wrote)
    """Return a function with a name of its own in its module, that takes models."""
    if not isinstance(given, FunctionType) or "<" in given.__qualname__:
        name = getattr(given, "__qualname__", repr(given))
        raise SchemaError(
            f"{name} is no function of this file",
            hint="write `def fill(models): …` in this file, not in another function,"
            " and give its name",
        )
    if inspect.iscoroutinefunction(given) or inspect.isgeneratorfunction(given):
        raise SchemaError(
            f"{given.__name__} does nothing when it is called",
            hint="write a plain function, without `async` and `yield`",
        )
    wanted = takes(given)
    if wanted is None:
        raise SchemaError(
            f"{given.__name__} does not take what it is given",
            hint=f"write `def {given.__name__}(models): …`, or with (models, database)",
        )
    return given


def takes(function: Function) -> int | None:
    """Return how many of models and database a function takes; ``None``: it takes others."""
    signature = inspect.signature(function)
    for arguments in (("models", "database"), ("models",)):
        try:
            signature.bind(*arguments)
        except TypeError:
            continue
        return len(arguments)
    return None
