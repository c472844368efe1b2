"""Rows in batches, in the order of the primary key: what is done is known by the last key."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

import datetime as dt
import hashlib
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from itertools import pairwise
from operator import and_, or_
from typing import Any, Protocol

from peewee import Field, Model, ModelSelect, PostgresqlDatabase

from peewee_mig.errors import UsageError, nearest, same_command
from peewee_mig.schema.codec import Json
from peewee_mig.sources.historic import Historic

#: Types of keys that are no numbers and texts -> their word, how they are spelled and read.
_TYPES: dict[type, tuple[str, Callable[[Any], str], Callable[[str], Any]]] = {
    uuid.UUID: ("uuid", str, uuid.UUID),
    dt.datetime: ("datetime", dt.datetime.isoformat, dt.datetime.fromisoformat),
    dt.date: ("date", dt.date.isoformat, dt.date.fromisoformat),
    dt.time: ("time", dt.time.isoformat, dt.time.fromisoformat),
    Decimal: ("decimal", str, Decimal),
    bytes: ("bytes", bytes.hex, bytes.fromhex),
}
_READ = {word: read for word, _, read in _TYPES.values()}

#: What a query says of its order and extent, in Peewee's attributes -> in words.
_OWN = {
    "_order_by": "an order",
    "_limit": "a limit",
    "_offset": "an offset",
    "_group_by": "groups",
    "_distinct": "DISTINCT",
}

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """What a loop goes over: a table, and a hash of its SQL without values."""

    table: str = ""
    sql: str = ""

    @classmethod
    def over(cls, query: Any) -> Loop:  # noqa: ANN401 (Peewee's)
        """Return that of a query; how many values a list has does not count."""
        sql = re.sub(r"\((?:(?:%s|\?), )+(?:%s|\?)\)", "(?)", query.sql()[0])
        digest = hashlib.sha256(sql.encode()).hexdigest()
        return cls(query.model._meta.table_name, digest[:16])


@dataclass(frozen=True, slots=True)
class Position:
    """How far a loop over batches came: behind which key, after how many rows, or all of it."""

    after: Key = ()
    rows: int = 0
    whole: bool = False
    of: Loop = Loop()

    def to_json(self) -> Json:
        """Encode it; :exc:`UsageError` for a key of a type that nobody can write down."""
        after, of = [*map(_spelled, self.after)], [self.of.table, self.of.sql]
        return {"after": after, "of": of, "rows": self.rows, "whole": self.whole}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Position:
        """Decode it; earlier versions did not say what it is of."""
        after, of = tuple(map(_read, data["after"])), Loop(*data.get("of", ()))
        return cls(after, int(data["rows"]), bool(data["whole"]), of)

    def ensure_of(self, loop: Loop) -> None:
        """Raise a :exc:`UsageError` if it is of another loop: its number is then no proof.

        What is to come may be mended, so only of a loop that is over all has to be the same.
        """
        is_same = self.of.table == loop.table and (not self.whole or self.of.sql == loop.sql)
        if self.of == Loop() or is_same:
            return
        done = "over" if self.whole else f"committed up to {self.rows:,} rows"
        raise UsageError(
            f"a loop over batches of {loop.table} comes where an earlier run had another one,"
            f" of {self.of.table}, which is {done}",
            hint="let the function run the same loops, in the same order, each time that it is"
            f" called: no condition on rows around them; then: {same_command()}",
        )


def _spelled(value: object) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(value, int | str | float):
        return value
    plain = bytes(value) if isinstance(value, bytearray | memoryview) else value
    for type_, (word, spell, _) in _TYPES.items():
        if type(plain) is type_:
            return {word: spell(plain)}
    raise UsageError(
        f"batches keep the last key of each, and {value!r:.80} cannot be written down",
        hint="leave `atomic = False` out: the whole is one transaction then",
    )


def _read(value: Any) -> Any:  # noqa: ANN401 (JSON)
    if not isinstance(value, Mapping):
        return value
    ((word, text),) = value.items()
    return _READ[word](text)


class Keeper(Protocol):
    """Keeps how far the loops of a function came, by their numbers in it, from 1.

    ``commits``: what a batch did is committed before the next.
    """

    commits: bool

    def begin(self, number: int, of: Loop) -> Position:
        """Return where a loop goes on; those before it are over.

        :exc:`UsageError` if what is kept is of another loop.
        """

    def keep(self, number: int, position: Position) -> None:
        """Take note that a batch is done, and commit it where that is wanted."""


class NothingKept:
    """The keeper of a transaction that holds all of it."""

    commits = False

    def begin(self, number: int, of: Loop) -> Position:
        """Begin at the beginning."""
        del number, of
        return Position()

    def keep(self, number: int, position: Position) -> None:
        """Do nothing: all is committed at the end, or nothing."""


#: Is told how many rows of which table are done.
Progress = Callable[[int, str], None]


@dataclass
class Models:
    """See :class:`peewee_mig.op.Models`."""

    _historic: Historic
    _keeper: Keeper
    _progress: Progress
    _is_in_savepoint: Callable[[], bool] = lambda: False
    _loops: int = field(default=0, init=False)
    _inside: bool = field(default=False, init=False)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (Peewee's)
        """Return a model by the name of its class."""
        known = self._historic.by_class
        if name not in known:
            raise AttributeError(_unknown("model", name, known))
        return known[name]

    def __getitem__(self, table: str) -> Any:  # noqa: ANN401 (Peewee's)
        """Return a model by the name of its table."""
        known = self._historic.by_table
        if table not in known:
            raise KeyError(_unknown("table", table, known))
        return known[table]

    def batches(self, query: Any, size: int = 1000) -> Iterator[list[Any]]:  # noqa: ANN401 (Peewee's)
        """Yield the rows of a query in lists of ``size``, each committed before the next."""
        select = _select(query)
        key = _key(select.model)
        page: list[Any] = []

        def run(after: Key) -> tuple[Key, int, bool]:
            found = [*_locking(_where(select, _beyond(key, after)).order_by(*key).limit(size + 1))]
            keys = [tuple(row.__data__.get(each.name) for each in key) for row in found]
            _refuse_twins(keys)
            page[:] = found[:size]
            return (*keys[:size][-1:], ())[0], len(page), len(found) > size

        for _ in self._each(select, size, run):
            if page:
                yield [*page]

    def update_in_batches(
        self,
        model: Any,  # noqa: ANN401 (Peewee's)
        values: Mapping[Any, Any],
        where: Any = None,  # noqa: ANN401 (Peewee's)
        size: int = 1000,
    ) -> int:
        """Update the rows of a model, ``size`` of them in each statement."""
        key = _key(_model(model))
        given = {_field(model, name): value for name, value in values.items()}
        _refuse_key(model, key, given)
        chosen = [] if where is None else [where]
        changed = 0

        def run(after: Key) -> tuple[Key, int, bool]:
            nonlocal changed
            beyond = [*chosen, *_beyond(key, after)]
            coming = _where(model.select(*key), beyond).order_by(*key).limit(size + 1)
            keys = [*coming.tuples()]
            _refuse_nothing(keys)
            count = 0
            if keys:
                upto = _upto(key, tuple(keys[:size][-1]))
                count = int(model.update(given).where(*beyond, upto).execute())
                changed += count
            return (*map(tuple, keys[:size][-1:]), ())[0], count, len(keys) > size

        for _ in self._each(_where(model.update(given), chosen), size, run):
            pass
        return changed

    def _each(
        self,
        query: Any,  # noqa: ANN401 (Peewee's)
        size: int,
        run: Callable[[Key], tuple[Key, int, bool]],
    ) -> Iterator[None]:
        """Run a batch after the other; what one has done is kept when the next is asked for.

        ``query``: of all batches together; ``run``: does one behind a key; returns its last
        key, its rows, and if there are more.
        """
        self._refuse_misplaced(size)
        self._loops += 1
        number, of = self._loops, Loop.over(query)
        position = self._keeper.begin(number, of)
        while not position.whole:
            last, rows, more = run(position.after)
            self._inside = True
            try:
                yield
            finally:
                self._inside = False
            position = Position(last if more else (), position.rows + rows, whole=not more, of=of)
            self._keeper.keep(number, position)
            if rows:
                self._progress(position.rows, of.table)

    def _refuse_misplaced(self, size: int) -> None:
        if self._keeper.commits and self._is_in_savepoint():
            raise UsageError(
                "batches stand inside of database.atomic(), and each one is committed",
                hint="put atomic() into the loop, or leave it out",
            )
        if self._inside:
            raise UsageError(
                "batches stand inside of batches: nobody could tell which of them are done",
                hint="read the inner rows by a plain query, or write two functions",
            )
        if size < 1:
            raise UsageError(f"a batch has at least one row, not {size}")


def _unknown(kind: str, name: str, known: Mapping[str, Any]) -> str:
    near = nearest(name, known)
    meant = f"did you mean {near!r}?" if near else f"there are {', '.join(known) or 'none'}"
    return f"there is no {kind} {name!r} at this point of the history; {meant}"


def _select(query: Any) -> Any:  # noqa: ANN401 (Peewee's)
    """Return a query of the rows of one model, that says nothing of their order and extent."""
    if isinstance(query, type) and issubclass(query, Model):
        return query.select()
    if not isinstance(query, ModelSelect):
        raise UsageError(
            f"batches take a model or its select(), not {query!r:.80}",
            hint="such as models.batches(models.Person.select())",
        )
    _model(query.model)
    own = [words for name, words in _OWN.items() if getattr(query, name, None)]
    if own:
        raise UsageError(
            f"a query in batches has {' and '.join(own)} of its own",
            hint="leave that out: batches go by the primary key",
        )
    return query


def _model(model: Any) -> Any:  # noqa: ANN401 (Peewee's)
    if isinstance(model, type) and issubclass(model, Model):
        return model
    raise UsageError(f"{model!r:.80} is no model", hint="such as models.Person")


def _key(model: Any) -> list[Any]:  # noqa: ANN401 (Peewee's)
    """Return the fields of the primary key."""
    found: list[Any] = [*model._meta.get_primary_keys()]
    if not found:
        raise UsageError(
            f"{model.__name__} has no primary key, which batches go by",
            hint="use one query, in one transaction",
        )
    return found


def _field(model: Any, name: Any) -> Any:  # noqa: ANN401 (Peewee's)
    if isinstance(name, Field):
        return name
    known = model._meta.combined
    if name in known:
        return known[name]
    near = nearest(str(name), known)
    raise UsageError(
        f"{model.__name__} has no field {name!r}",
        hint=f"did you mean {near!r}?" if near else f"it has {', '.join(model._meta.fields)}",
    )


def _refuse_key(model: Any, key: Sequence[Any], given: Mapping[Any, Any]) -> None:  # noqa: ANN401 (Peewee's)
    if {each.name for each in key} & {each.name for each in given}:
        raise UsageError(
            f"batches go by the primary key of {model.__name__}, and would change it",
            hint="use one query, in one transaction",
        )


def _refuse_twins(keys: Sequence[Key]) -> None:
    """Refuse rows that no key tells apart: some would be passed over."""
    _refuse_nothing(keys)
    if any(one == other for one, other in pairwise(keys)):
        raise UsageError(
            f"a query in batches has several rows of one key: {keys[0]!r:.80}",
            hint="leave the join out that multiplies them; look for those rows in the loop",
        )


def _refuse_nothing(keys: Sequence[Key]) -> None:
    if any(value is None for each in keys for value in each):
        raise UsageError(
            "a query in batches has rows without a primary key",
            hint="select the primary key too; rows in which it is NULL take no part in batches",
        )


def _beyond(key: Sequence[Any], after: Key) -> list[Any]:
    """Return the condition that a row comes behind a key; none without one."""
    if not after:
        return []
    return [reduce(or_, (_at(key, after, place, last=False) for place in range(len(key))))]


def _locking(query: Any) -> Any:  # noqa: ANN401 (Peewee's)
    """Let nobody change rows of a batch: ``save()`` writes all columns, as they were read."""
    database = query.model._meta.database
    if not database.for_update:
        return query
    of = {"of": query.model} if isinstance(database, PostgresqlDatabase) else {}
    return query.for_update(**of)


def _where(query: Any, conditions: Sequence[Any]) -> Any:  # noqa: ANN401 (Peewee's)
    return query.where(*conditions) if conditions else query


def _upto(key: Sequence[Any], last: Key) -> Any:  # noqa: ANN401 (Peewee's)
    """Return the condition that a row comes before a key, or has it."""
    return reduce(or_, (_at(key, last, place, last=True) for place in range(len(key))))


def _at(key: Sequence[Any], values: Key, place: int, *, last: bool) -> Any:  # noqa: ANN401 (Peewee's)
    """Return the condition that a row differs from a key first at a place, in one direction."""
    same = [each == value for each, value in zip(key[:place], values, strict=False)]
    here, value = key[place], values[place]
    if not last:
        return reduce(and_, [*same, here > value])
    return reduce(and_, [*same, here <= value if place == len(key) - 1 else here < value])
