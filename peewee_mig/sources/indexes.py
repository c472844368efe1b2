"""The indexes that a model declares: by its fields, in ``Meta.indexes``, by ``add_index``."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

import peewee
from peewee import Field, Model, ModelIndex, Node

from peewee_mig.errors import SchemaError
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import Index
from peewee_mig.sources.index_parts import read_part
from peewee_mig.sources.index_sql import RawIndex, read_create_index
from peewee_mig.sources.naming import index_name, table_name, truncated
from peewee_mig.sources.reader import Reader, marked
from peewee_mig.sources.sqltext import neutral


def read_indexes(
    model: type[Model], columns: Collection[str], tables: Collection[str]
) -> tuple[tuple[Index, ...], tuple[str, ...]]:
    """Read all indexes in Peewee's order; return them, and texts of what is not understood.

    ``tables``: all that are read; an index in SQL for the table of a base is left to the base.
    Peewee skips an index whose name exists already: that leaves out nothing if the first of
    the name is as strict as the others, and is told otherwise.
    """
    problems = [text for entry in model._meta.indexes for text in _malformed(model, entry)]
    if problems:
        return (), tuple(problems)
    reading = _Indexes(model, columns, tables, {}, problems)
    for entry in reading.entries():
        reading.read(entry)
    return tuple(reading.found.values()), tuple(problems)


@dataclass(frozen=True, slots=True)
class _Indexes:
    """The indexes of one model while they are read."""

    model: type[Model]
    columns: Collection[str]
    tables: Collection[str]
    found: dict[str, Index]
    problems: list[str]

    def entries(self) -> list[Any]:
        try:
            return list(self.model._meta.fields_to_index())
        except ValueError:
            text = "has an index on an expression without a name; give it one by add_index(name=…)"
            self.problems.append(text)
            return []

    def read(self, entry: Any) -> None:  # noqa: ANN401 (Peewee's)
        try:
            index = self._declared(entry) if isinstance(entry, peewee.Index) else self._raw(entry)
        except ValueError as error:
            self.problems.append(str(error))
            return
        except SchemaError as error:
            self.problems.append(f"cannot be: {error}")
            return
        if index is not None:
            self._keep(index, self._fallback(entry) if _is_inherited(entry, self.model) else "")

    def _fallback(self, entry: Any) -> str:  # noqa: ANN401 (private attributes)
        return truncated(f"{bare(table_name(self.model))}_{entry._name}")

    def _keep(self, index: Index, fallback: str) -> None:
        """Keep an index; ``fallback``: its name if it is inherited and its own is taken."""
        first = self.found.setdefault(index.name, index)
        if _covers(first, index):
            return
        if fallback and fallback != index.name:
            self._keep(replace(index, name=fallback), "")
        else:
            self.problems.append(
                f"has two different indexes called {index.name}; Peewee makes only the first"
            )

    def _declared(self, index: Any) -> Index | None:  # noqa: ANN401 (private attributes)
        inherited = _is_inherited(index, self.model)
        if not isinstance(index, ModelIndex) and self._is_elsewhere(_table_of(index), index._name):
            return None
        parts = [self._own(part, index._name) for part in index._expressions]
        generated = index_name(self.model, parts)
        chosen = None if inherited else str(index._name)
        name = chosen or generated or self._fallback(index)
        using = index._using
        return Index(
            name,
            (),
            unique=bool(index._unique),
            named=chosen is not None and chosen != generated,
            parts=tuple(self._part(part) for part in parts),
            where=None if index._where is None else self._expression(index._where),
            using=str(using).lower() if using else None,
            nulls_distinct=getattr(index, "_nulls_distinct", None) is not False,
        )

    def _own(self, part: object, name: str) -> object:
        """Return the model's own field for one that it inherits the index of."""
        if not isinstance(part, Field):
            return part
        own = self.model._meta.fields.get(part.name)
        if own is None or not issubclass(self.model, part.model):
            raise ValueError(f"has the index {name} on {part.name!r}, which is not a field of it")
        return own

    def _part(self, part: object) -> Expression:
        if not isinstance(part, str | Node):
            raise ValueError(f"has an index on {part!r}, which is neither a field nor SQL")  # noqa: TRY004 (as all here)
        sql = neutral(peewee.SQL(part) if isinstance(part, str) else part)
        return read_part(Reader.of(sql).rest(), self.columns)

    def _expression(self, node: object) -> Expression:
        return marked(Reader.of(neutral(node)).rest(), self.columns, marks_text=True)

    def _raw(self, node: object) -> Index | None:
        raw: RawIndex = read_create_index(neutral(node), self.columns)
        return None if self._is_elsewhere(raw.table, raw.index.name) else raw.index

    def _is_elsewhere(self, table: str, name: str) -> bool:
        """Whether an index is for the table of a base, which has it; refuse any other table."""
        if _names_table(table, self.model):
            return False
        bases = [base for base in self.model.__mro__[1:] if hasattr(base, "_meta")]
        if any(_names_table(table, base) and table_name(base) in self.tables for base in bases):
            return True
        raise ValueError(f"has the index {name} for the table {table}, which is not its own")


def _is_inherited(index: object, model: type[Model]) -> bool:
    """Whether an index was made for a base: its name serves that table."""
    return getattr(index, "_model", model) is not model


def _names_table(table: str, model: type[Model]) -> bool:
    """Whether a name in SQL, perhaps without its schema, is that of a model's table."""
    own = table_name(model)
    return table.casefold() in (own.casefold(), bare(own).casefold())


def _table_of(index: Any) -> str:  # noqa: ANN401 (private attributes)
    return Reader.of(neutral(index._table)).qualified()


def _covers(first: Index, other: Index) -> bool:
    """Whether the first index leaves nothing for the other to do."""
    first_parts, other_parts = first.structure, other.structure
    less = tuple(part for place, part in enumerate(first_parts) if place != 1)
    same = less == tuple(part for place, part in enumerate(other_parts) if place != 1)
    return first_parts == other_parts or (same and first.unique)


def _malformed(model: type[Model], entry: object) -> Iterator[str]:
    if isinstance(entry, Node):
        return
    right = isinstance(entry, list | tuple) and len(entry) == 2  # noqa: PLR2004 (fields, unique)
    if not right or not isinstance(entry[0], list | tuple) or not isinstance(entry[1], bool | int):  # type: ignore[index]
        yield f"has {entry!r} in Meta.indexes; write (('first', 'second'), True) with all commas"
        return
    for part in entry[0]:  # type: ignore[index]
        if isinstance(part, str) and part not in model._meta.combined:
            yield f"has an index on {part!r}, which is not a field of it"
        elif not isinstance(part, str | Node):
            yield f"has an index on {part!r}, which is neither a field nor SQL"
