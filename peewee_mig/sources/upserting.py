"""Rows by natural key: insert what is missing, update what differs, leave the rest alone."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from peewee import Field, Model, Node

from peewee_mig.errors import UsageError, nearest
from peewee_mig.sources.counts import Counts, tell


def upsert(
    model: Any,  # noqa: ANN401 (a class of Peewee's, which has no types)
    key: str | Sequence[str],
    rows: Iterable[Mapping[str, Any]],
) -> Counts:
    """See :func:`peewee_mig.seeds.upsert`."""
    names = (key,) if isinstance(key, str) else tuple(key)
    wanted = _Wanted(model, tuple(_field(model, name) for name in names))
    if not names:
        raise UsageError(f"upsert of {model.__name__}: no key is given", hint='such as key="name"')
    given = [wanted.values_of(row) for row in rows]
    wanted.refuse_twins(given)
    with model._meta.database.atomic():
        counts = sum((wanted.bring(each) for each in given), Counts())
    tell(counts)
    return counts


def _field(model: Any, name: str) -> Field:  # noqa: ANN401 (Peewee's)
    known: dict[str, Field] = model._meta.combined
    if name in known:
        return known[name]
    near = nearest(name, known)
    raise UsageError(
        f"upsert of {model.__name__}: it has no field {name!r}",
        hint=f"did you mean {near!r}?" if near else f"its fields: {', '.join(model._meta.fields)}",
    )


@dataclass(frozen=True)
class _Wanted:
    """A model and the fields that tell its rows apart."""

    model: Any
    key: tuple[Field, ...]

    def values_of(self, row: Mapping[str, Any]) -> dict[Field, Any]:
        """Read a row; :exc:`UsageError` for a field that is unknown, twice or missing."""
        values = {_field(self.model, name): value for name, value in row.items()}
        missing = [field.name for field in self.key if field not in values]
        if missing:
            raise UsageError(
                f"upsert of {self.model.__name__}: a row has no {', '.join(missing)}: {dict(row)}",
                hint="give every row the fields of the key",
            )
        if len(values) < len(row):
            raise UsageError(
                f"upsert of {self.model.__name__}: a row names a field twice: {dict(row)}",
                hint="use the field or its column, not both",
            )
        return values

    def refuse_twins(self, rows: Sequence[Mapping[Field, Any]]) -> None:
        """Refuse two rows of one key: neither counts more."""
        seen: list[list[Any]] = []
        for row in rows:
            found = [_plain(row[field]) for field in self.key]
            if found in seen:
                raise UsageError(
                    f"upsert of {self.model.__name__}: two rows have the key {self._words(row)}",
                    hint="leave one of them out, or name more fields in the key",
                )
            seen.append(found)

    def bring(self, row: Mapping[Field, Any]) -> Counts:
        """Insert or update a row."""
        found = list(self.model.select().where(self._is(row)).limit(2))
        if not found:
            self.model.create(**{field.name: value for field, value in row.items()})
            return Counts(inserted=1)
        if len(found) > 1:
            raise UsageError(
                f"{self.model.__name__} has more than one row with {self._words(row)}",
                hint="name more fields in the key, or remove the others",
            )
        changes = dict(self._changes(row, found[0]))
        if not changes:
            return Counts(unchanged=1)
        self.model.update(changes).where(self._is(row)).execute()
        return Counts(updated=1)

    def _is(self, row: Mapping[Field, Any]) -> Any:  # noqa: ANN401 (an expression)
        """Return the condition for the row of that key; a key may have NULL in it."""
        parts = (_equals(field, row[field]) for field in self.key)
        return reduce(and_, parts)

    def _changes(self, row: Mapping[Field, Any], found: Model) -> Iterator[tuple[Field, Any]]:
        names = {field.name for field in self.key}  # fields themselves compare to expressions
        for field, value in row.items():
            there = found.__data__.get(field.name)
            if field.name not in names and not _is_same(field, value, there):
                yield field, value

    def _words(self, row: Mapping[Field, Any]) -> str:
        return ", ".join(f"{field.name} = {_plain(row[field])!r}" for field in self.key)


def _equals(field: Any, value: Any) -> Any:  # noqa: ANN401 (Peewee's)
    return field.is_null() if value is None else field == value


def _plain(value: Any) -> Any:  # noqa: ANN401 (a value of any type)
    """Return the key of a model instance, the bytes of a buffer, any other value as it is."""
    while isinstance(value, Model):
        instance: Any = value
        value = instance.get_id()
    return bytes(value) if isinstance(value, memoryview | bytearray) else value


def _is_same(field: Any, wanted: Any, there: Any) -> bool:  # noqa: ANN401 (values of any type)
    """Whether a column has a value already, also where it is spelled in another type.

    What only the database can compute is never the same.
    """
    wanted, there = _plain(wanted), _plain(there)
    if isinstance(wanted, Node):
        return False
    if wanted is None or there is None:
        return wanted is there
    return bool(wanted == there) or _is_stored_as(field, wanted, there)


def _is_stored_as(field: Any, wanted: Any, there: Any) -> bool:  # noqa: ANN401 (as above)
    """Whether Peewee writes, or reads, the two alike; a document of JSON is itself only."""
    if "JSON" in field.field_type:
        return False
    here, found = field.db_value(wanted), field.db_value(there)
    if not isinstance(here, Node) and type(here) is type(found) and bool(here == found):
        return True
    try:
        return bool(field.python_value(wanted) == there)
    except (ArithmeticError, TypeError, ValueError):  # the statement will tell
        return False
