"""Rows by natural key: insert what is missing, update what differs, leave the rest alone."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

import dataclasses
import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from peewee import Field, ForeignKeyField, Model, Node

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
    fields: dict[str, Field] = model._meta.fields  # before a column of the same name
    known: dict[str, Field] = fields if name in fields else model._meta.combined
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
    #: The keys, as the database has them, of the rows that were brought.
    brought: set[Hashable] = dataclasses.field(default_factory=set[Hashable])

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
        return {each: self._referred(each, value) for each, value in values.items()}

    def _referred(self, field: Any, value: Any) -> Any:  # noqa: ANN401 (Peewee's)
        """Return what a foreign key to an instance has in its column, any other value as it is."""
        if not (isinstance(field, ForeignKeyField) and isinstance(value, Model)):
            return value
        other: Any = field.rel_model
        place = f"upsert of {self.model.__name__}: {field.name}"
        if value._meta.table_name != other._meta.table_name:
            raise UsageError(
                f"{place} refers to {other.__name__}, and this is one of {type(value).__name__}"
            )
        found = value.__data__.get(field.rel_field.name)
        if found is None:
            raise UsageError(
                f"{place} is a {type(value).__name__} that is not saved",
                hint="save it first, or give None",
            )
        return found

    def refuse_twins(self, rows: Sequence[Mapping[Field, Any]]) -> None:
        """Refuse two rows of one key: neither counts more."""
        seen = set[Hashable]()
        for row in rows:
            found = _mark(row[field] for field in self.key)
            if found in seen:
                raise self._twin(row)
            seen.add(found)

    def _twin(self, row: Mapping[Field, Any]) -> UsageError:
        return UsageError(
            f"upsert of {self.model.__name__}: two rows have the key {self._words(row)}",
            hint="leave one of them out, or name more fields in the key",
        )

    def bring(self, row: Mapping[Field, Any]) -> Counts:
        """Insert or update a row."""
        found = self._found(row)
        if not found:
            self.model.create(**{field.name: value for field, value in row.items()})
            self._refuse_other_key(row)
            return Counts(inserted=1)
        if len(found) > 1:
            raise UsageError(
                f"{self.model.__name__} has more than one row with {self._words(row)}",
                hint="name more fields in the key, or remove the others",
            )
        self._refuse_again(row, found[0])
        changes = dict(self._changes(row, found[0]))
        if not changes:
            return Counts(unchanged=1)
        self.model.update(changes).where(self._is(row)).execute()
        return Counts(updated=1)

    def _found(self, row: Mapping[Field, Any]) -> list[Model]:
        return list(self.model.select().where(self._is(row)).limit(2))

    def _refuse_other_key(self, row: Mapping[Field, Any]) -> None:
        """Refuse a key that is not found again, as it would be inserted at each run."""
        found = self._found(row)
        if not found:
            raise UsageError(
                f"upsert of {self.model.__name__}: the database keeps another value than"
                f" {self._words(row)}, so the row would not be found again",
                hint="give the key as its columns keep it, such as without fractions of seconds",
            )
        self._refuse_again(row, found[0])

    def _refuse_again(self, row: Mapping[Field, Any], found: Model) -> None:
        """Refuse a key that the database takes for that of an earlier row, as ``a`` for ``A``."""
        key = _mark(found.__data__.get(field.name) for field in self.key)
        if key in self.brought:
            raise self._twin(row)
        self.brought.add(key)

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


def _mark(values: Iterable[Any]) -> Hashable:
    """Return what is equal for equal values."""
    return tuple(map(_hashable, map(_plain, values)))


def _hashable(value: Any) -> Hashable:  # noqa: ANN401 (a value of any type)
    return value if isinstance(value, Hashable) else repr(value)


def _plain(value: Any) -> Any:  # noqa: ANN401 (a value of any type)
    """Return the bytes of a buffer, any other value as it is."""
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
    if "JSON" in field.field_type or isinstance(there, dict | list):
        return _is_same_document(wanted, there)
    return bool(wanted == there) or _is_stored_as(field, wanted, there)


def _is_stored_as(field: Any, wanted: Any, there: Any) -> bool:  # noqa: ANN401 (as above)
    """Whether Peewee writes, or reads, the two alike."""
    here, found = field.db_value(wanted), field.db_value(there)
    if not isinstance(here, Node) and type(here) is type(found) and bool(here == found):
        return True
    try:
        return bool(field.python_value(wanted) == there)
    except (ArithmeticError, TypeError, ValueError):  # the statement will tell
        return False


def _is_same_document(wanted: Any, there: Any) -> bool:  # noqa: ANN401 (documents)
    """Whether JSON has the two alike: a tuple as a list, a number as a name; true is not 1."""
    try:
        wanted = json.loads(json.dumps(wanted))
    except (TypeError, ValueError):  # a field with an encoder of its own
        return bool(wanted == there)
    return bool(_typed(wanted) == _typed(there))


def _typed(value: Any) -> Any:  # noqa: ANN401 (a document)
    """Return a document in which no truth value equals a number."""
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, dict):
        members: dict[Any, Any] = value
        return {name: _typed(each) for name, each in members.items()}
    if isinstance(value, list):
        items: list[Any] = value
        return [_typed(each) for each in items]
    return value
