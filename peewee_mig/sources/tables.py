"""A model -> its table, as far as it can be read without the other tables."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, TypeVar

from peewee import Field, Model

from peewee_mig.errors import SchemaError
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import Check, Exclusion, Index, Options, PrimaryKey, Table, Unique
from peewee_mig.sources.clauses import Reference
from peewee_mig.sources.columns import FieldParts, read_field
from peewee_mig.sources.constraints import Constraint, read_constraint
from peewee_mig.sources.indexes import read_indexes
from peewee_mig.sources.naming import table_name, truncated
from peewee_mig.sources.origins import Finding, place
from peewee_mig.sources.settings import read_options
from peewee_mig.sources.virtual import has_own_manager

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ModelTable:
    """A table without the foreign keys in raw SQL, which need other tables to be read."""

    model: type[Model]
    table: Table
    fields: tuple[FieldParts, ...]
    references: tuple[Reference, ...]


def read_tables(
    models: Iterable[type[Model]], tables: Collection[str]
) -> tuple[tuple[ModelTable, ...], tuple[Finding, ...]]:
    """Read models; return their tables, and all that is not understood, by name.

    ``tables``: the names of all of them.
    """
    findings: list[Finding] = []
    read = [_Reading(model, tables, findings).table() for model in models]
    return tuple(each for each in read if each is not None), tuple(findings)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One model while it is read."""

    model: type[Model]
    tables: Collection[str]
    findings: list[Finding]

    def table(self) -> ModelTable | None:
        fields = [self._field(field) for field in self.model._meta.sorted_fields]
        constraints = list(self._constraints())
        indexes, problems = read_indexes(self.model, self._columns, self.tables)
        for text in problems:
            self._tell("Meta", text)
        options = self._try("Meta", read_options, self.model)
        if has_own_manager(self.model):
            self._tell("Meta", "has a Meta.schema_manager_class of its own: nobody knows its SQL")
        found = [each for each in fields if each is not None]
        if options is None or len(found) < len(fields):
            return None
        return self._try("", self._whole, found, constraints, (indexes, options))

    def _field(self, field: Field) -> FieldParts | None:
        return self._try(field.name, read_field, field, self._columns)

    def _constraints(self) -> Iterator[Constraint]:
        for node in self.model._meta.constraints or ():
            yield from self._try("Meta", read_constraint, node, self._columns) or ()

    @property
    def _columns(self) -> tuple[str, ...]:
        return tuple(field.column_name for field in self.model._meta.sorted_fields)

    def _whole(
        self, fields: list[FieldParts], constraints: list[Constraint], more: tuple[Any, Options]
    ) -> ModelTable:
        indexes, options = more
        table = Table(
            table_name(self.model),
            tuple(each.column for each in fields),
            self._primary_key(fields, constraints),
            (*indexes, *map(self._named, _of(Index, constraints))),
            tuple(each.key for each in fields if each.key is not None),
            _distinct(chain(*(each.checks for each in fields), _of(Check, constraints))),
            _distinct(chain(*(each.uniques for each in fields), _of(Unique, constraints))),
            _distinct(_of(Exclusion, constraints)),
            options,
        )
        references = (*chain(*(each.references for each in fields)), *_of(Reference, constraints))
        return ModelTable(self.model, table, tuple(fields), references)

    def _named(self, index: Index) -> Index:
        """Give an index a name as Peewee makes them up, if it has none."""
        words = [word for part in index.parts for word in sorted(part.names)]
        made = "_".join((bare(table_name(self.model)), *(index.columns or words)))
        return index if index.named else replace(index, name=truncated(made))

    def _primary_key(
        self, fields: list[FieldParts], constraints: list[Constraint]
    ) -> PrimaryKey | None:
        meta: Any = self.model._meta
        # An ``id`` that is no primary key takes the place of Peewee's own, and leaves none.
        fields_ = {*map(id, meta.fields.values())}
        own = tuple(f.column_name for f in meta.get_primary_keys() if id(f) in fields_)
        keys = [PrimaryKey(own)] if own else []
        keys += [each.primary_key for each in fields if each.primary_key]
        keys += _of(PrimaryKey, constraints)
        special = [each for each in keys if each != PrimaryKey(each.columns)]
        said = {each.columns for each in special}
        plain = [each for each in keys if each.columns not in said]
        distinct = list(dict.fromkeys([*plain, *special]))
        if len(distinct) > 1:
            listed = " and ".join(
                f"({', '.join(e.columns)}) {e.name or ''}".strip() for e in distinct
            )
            raise ValueError(
                f"has two primary keys, {listed}; Peewee adds an id unless Meta.primary_key"
                " says otherwise"
            )
        return distinct[0] if distinct else None

    def _try(self, attribute: str, read: Callable[..., T], *arguments: object) -> T | None:
        try:
            return read(*arguments)
        except ValueError as error:
            self._tell(attribute, str(error))
        except SchemaError as error:
            self._tell(attribute, f"cannot be: {error}")
        return None

    def _tell(self, attribute: str, text: str) -> None:
        name = self.model.__name__
        field = f".{attribute}" if attribute in self.model._meta.fields else ""
        self.findings.append(Finding(place(self.model, attribute), f"{name}{field} {text}"))


def _of(kind: type[T], constraints: Iterable[Constraint]) -> tuple[T, ...]:
    return tuple(each for each in constraints if isinstance(each, kind))


def _distinct(each: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(each))
