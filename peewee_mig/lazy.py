"""A property that is computed once, without a lock that others wait for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801 (used as a decorator)
    """``functools.cached_property`` for what asks a database.

    That of Python 3.11 holds one lock of the class while it computes, so that threads which
    read the catalogs of many databases would wait for each other.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        """Keep what computes the value."""
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> lazy[T]: ...
    @overload
    def __get__(self, instance: object, owner: type[Any]) -> T: ...

    def __get__(self, instance: object | None, owner: type[Any]) -> lazy[T] | T:
        """Compute the value, and keep it where it is found before this descriptor."""
        if instance is None:
            return self
        value = self._compute(instance)
        vars(instance)[self._name] = value
        return value
