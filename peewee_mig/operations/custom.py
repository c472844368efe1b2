"""Operations of a third party: a class that says what it runs, undoes, changes and warns of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from peewee_mig.errors import SchemaError
from peewee_mig.operations.verbs import Apart, Operation, Origin, RunSQL

#: The engines that are asked for.
ENGINES = ("mysql", "postgres", "sqlite")


class Custom(ABC):
    """An operation of one's own for migration files, as a frozen dataclass with a few methods.

    A migration calls the class in its list of operations. What :meth:`sql` and :meth:`invert` say
    at that time is what runs, and what the database remembers, so that it can be undone where the
    class is not installed any more. The checksum is that of the call and of :meth:`effect`: a
    newer version of the class may spell its SQL otherwise.
    """

    @abstractmethod
    def sql(self, engine: str) -> Sequence[str]:
        """Return the statements for ``sqlite``, ``postgres`` or ``mysql``; none: nothing to do."""

    def invert(self) -> Custom | None:
        """Return the operation that undoes this one; ``None``: it cannot be rolled back."""
        return None

    def effect(self) -> Sequence[Operation]:
        """Return what it does to the tables that are tracked, as operations of ``op``."""
        return ()

    def touches(self) -> Sequence[str] | None:
        """Return the tables and columns that it reads or writes; ``None``: nobody can tell."""
        return None

    def hazards(self) -> Sequence[str]:
        """Return what somebody should know before it runs, a sentence each."""
        return ()

    def render(self) -> str:
        """Return the call that makes this operation, as Python."""
        own: Any = self
        if not is_dataclass(own):
            name = type(self).__name__
            raise SchemaError(
                f"{name} does not say how it is written",
                hint=f"make it a frozen dataclass, or give {name} a method render()",
            )
        given = (f"{each.name}={getattr(own, each.name)!r}" for each in fields(own) if each.init)
        return f"{type(self).__name__}({', '.join(given)})"


def resolved(custom: Custom) -> Apart:
    """Return what an operation of a third party is to everybody else."""
    inverse: object = custom.invert()
    if not isinstance(inverse, Custom | None):
        raise SchemaError(f"{_name(custom)}.invert() gives {inverse!r}, which is no op.Custom")
    touches = custom.touches()
    run = RunSQL(
        (),
        None if inverse is None else (),
        _by_engine(custom),
        () if inverse is None else _by_engine(inverse),
        None if touches is None else _texts(custom, "touches", touches),
    )
    origin = Origin(
        f"{type(custom).__module__}.{type(custom).__qualname__}",
        custom.render(),
        _texts(custom, "hazards", custom.hazards()),
    )
    return Apart(_effect(custom), (run,), origin)


def _by_engine(custom: Custom) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = ((engine, _texts(custom, "sql", custom.sql(engine))) for engine in ENGINES)
    return tuple((engine, some) for engine, some in found if some)


def _effect(custom: Custom) -> tuple[Operation, ...]:
    found = tuple(custom.effect())
    wrong = [each for each in found if not isinstance(each, Operation) or isinstance(each, Apart)]
    if wrong:
        raise SchemaError(
            f"{_name(custom)}.effect() gives {wrong[0]!r:.80}, which cannot stand here"
        )
    return found


def _texts(custom: Custom, method: str, found: Sequence[str]) -> tuple[str, ...]:
    if isinstance(found, str) or not all(isinstance(each, str) for each in found):
        raise SchemaError(
            f"{_name(custom)}.{method}() gives {found!r:.80}, which is no list of texts"
        )
    return tuple(found)


def _name(custom: Custom) -> str:
    return type(custom).__name__
