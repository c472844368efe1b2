"""``Meta.peewee_mig["rows"]``: the reference rows of models, in the words of the schema."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from peewee import Field, ForeignKeyField, Model, Node

from peewee_mig.errors import SchemaError, nearest
from peewee_mig.operations.replay import is_key
from peewee_mig.operations.rows import dependents_last
from peewee_mig.operations.verbs import Constant
from peewee_mig.schema.objects import Column, Table
from peewee_mig.schema.rows import Ref, Row, Rows, Scalar, Value
from peewee_mig.schema.schema import Schema
from peewee_mig.sources.fills import fill, stored
from peewee_mig.sources.marks import Marks, read_marks
from peewee_mig.sources.naming import table_name
from peewee_mig.sources.origins import Finding, place, refuse
from peewee_mig.sources.types import referred_field
from peewee_mig.sources.virtual import is_virtual


def with_reference_rows(schema: Schema, models: Iterable[type[Model]]) -> Schema:
    """Give the tables the rows that their models declare; ``schema``: without any.

    A value is what the field stores; a foreign key refers to a declared row of the other model
    by the key of that. :exc:`ModelError` names every row that is not understood.
    """
    marks = {model: read_marks(model) for model in models}
    declaring = {model: mark for model, mark in marks.items() if mark.rows}
    if not declaring:
        return schema
    reading = _Reading(schema, declaring)
    tables = [table for model in declaring if (table := reading.table(model)) is not None]
    reading.refuse()
    found = Schema(tuple({t.name: t for t in (*schema, *tables)}.values()), schema.objects)
    for model in declaring:
        reading.ensure_bound(model, found)
    reading.refuse()
    return found


@dataclass(frozen=True)
class _Reading:
    schema: Schema
    marks: Mapping[type[Model], Marks]
    findings: list[Finding] = field(default_factory=list[Finding])
    keys: dict[type[Model], tuple[str, ...]] = field(
        default_factory=dict[type[Model], tuple[str, ...]]
    )

    def refuse(self) -> None:
        """Raise one error for all that is wrong so far."""
        refuse(self.findings, "see Meta.peewee_mig of the model: each row is {field: value}")

    def table(self, model: type[Model]) -> Table | None:
        """Return the table of a model with its rows; ``None``, and a finding, if it has none."""
        try:
            table, key = self._table(model), self._key(model)
            rows = Rows(key, tuple(self._row(model, each) for each in self.marks[model].rows))
            ordered = dependents_last(rows.rows, table.name, key)
            return replace(table, rows=rows if ordered == rows.rows else Rows(key, ordered))
        except SchemaError as error:
            self._tell(model, f"has wrong rows: {error}")
        except ValueError as error:
            self._tell(model, str(error))
        return None

    def ensure_bound(self, model: type[Model], found: Schema) -> None:
        """Tell the rows that refer to one that is not declared."""
        rows = found.table(table_name(model)).rows
        for row in rows.rows if rows else ():
            for ref in row.refs:
                others = found.table(ref.table).rows
                if others is None or ref.key not in others.by_key:
                    text = f"has the row ({row}), which refers to ({ref}) of {ref.table}"
                    self._tell(model, f"{text}: no such row is declared there")

    def _tell(self, model: type[Model], text: str) -> None:
        self.findings.append(Finding(place(model, "Meta"), f"{model.__name__} {text}"))

    def _table(self, model: type[Model]) -> Table:
        if is_virtual(model):
            raise ValueError("is a virtual table, which has no reference rows")
        return self.schema.table(table_name(model))

    # The key.

    def _key(self, model: type[Model]) -> tuple[str, ...]:
        """Return the columns of the key of a model's rows; :exc:`ValueError` if nothing is one."""
        if model not in self.keys:
            self.keys[model] = self._found_key(model)
        return self.keys[model]

    def _found_key(self, model: type[Model]) -> tuple[str, ...]:
        table, mark = self._table(model), self.marks[model]
        if mark.key:
            key = tuple(_field(model, name).column_name for name in mark.key)
            if not is_key(table, key):
                raise ValueError(
                    f"has rows with the key {', '.join(key)}, which is not unique: make it unique"
                    " (unique=True, or an index over all of it)"
                )
            return key
        given = [{_field(model, name).column_name for name in row} for row in mark.rows]
        shared = set.intersection(*given)
        primary = table.primary_key.columns if table.primary_key else ()
        if primary and {*primary} <= shared:
            return primary
        unique = sorted(key for key in table.keys if {*key} <= shared)
        if len(unique) != 1:
            several = " and ".join(f"({', '.join(key)})" for key in unique)
            raise ValueError(
                f"has rows, and nobody knows by what to tell them apart: {several} are unique;"
                ' say "key" beside "rows"'
                if unique
                else "has rows, and nothing that all of them give is unique: make a field unique,"
                " and give it in each row"
            )
        return unique[0]

    # The rows.

    def _row(self, model: type[Model], given: Mapping[str, object]) -> Row:
        values: dict[str, Value] = {}
        for name, value in given.items():
            each = _field(model, name)
            if each.column_name in values:
                raise ValueError(f"has a row that names {each.column_name} twice: {dict(given)}")
            values[each.column_name] = self._value(model, each, value)
        values |= dict(self._defaults(model, values))
        return Row.of(values)

    def _defaults(
        self, model: type[Model], given: Mapping[str, Value]
    ) -> Iterator[tuple[str, Value]]:
        """Yield what a row gets in columns that need a value and that it does not give."""
        table = self._table(model)
        for each in model._meta.sorted_fields:
            column = table.column(each.column_name)
            if column.name in given or column.null or column.default or column.self_filling:
                continue
            value = fill(each, column.type)
            if value is None:
                row = ", ".join(f"{name} {value!r}" for name, value in given.items())
                raise ValueError(
                    f"has a row without {each.name}, which takes no NULL and has no default: {row}"
                )
            yield column.name, value.value if isinstance(value, Constant) else value

    def _value(self, model: type[Model], each: Any, value: object) -> Value:  # noqa: ANN401 (Peewee's)
        column = self._table(model).column(each.column_name)
        if column.self_filling:
            raise ValueError(
                f"has a row that gives {each.name}, which the database fills by itself:"
                " leave it out, or use a field that is not numbered"
            )
        if value is None and not column.null:
            raise ValueError(f"has a row whose {each.name} is None, and it takes no NULL")
        if value is None:
            return None
        if isinstance(each, ForeignKeyField):
            return self._reference(each, value, column)
        return _stored(each, value, column)

    def _reference(self, each: Any, value: object, column: Column) -> Value:  # noqa: ANN401 (Peewee's)
        """Return what a foreign key has: a row of the other model by its key, if it has rows."""
        other = next((m for m in self.marks if m is each.rel_model), None)
        if other is None:
            if isinstance(value, Mapping | Sequence | Model) and not isinstance(value, str | bytes):
                raise ValueError(
                    f"has a row that refers to one of {each.rel_model.__name__} by its key, and"
                    f" that declares no rows: declare them, or give {each.name} the value of"
                    f" {referred_field(each).name}"
                )
            return _stored(each, value, column)
        key = self._key(other)
        parts = self._key_parts(other, key, value)
        row = Row.of(
            {name: self._value(other, _of_column(other, name), parts[name]) for name in key}
        )
        return Ref(table_name(other), referred_field(each).column_name, row)

    def _key_parts(
        self, model: type[Model], key: tuple[str, ...], value: object
    ) -> dict[str, object]:
        """Return the values of a key, by column, however they are given."""
        if isinstance(value, Model):
            parts = {name: value.__data__.get(_of_column(model, name).name) for name in key}
        elif isinstance(value, Mapping):
            parts = {_field(model, str(name)).column_name: each for name, each in value.items()}
        else:
            several = value if isinstance(value, list | tuple) else (value,)
            parts = dict(zip(key, several, strict=False)) if len(several) == len(key) else {}
        if parts.keys() != {*key} or None in parts.values():
            raise ValueError(
                f"has a row that refers to one of {model.__name__} as {value!r}; its rows are"
                f" known by {', '.join(key)}"
            )
        return parts


def _stored(each: Field, value: object, column: Column) -> Value:
    """Return a value as its field stores it; :exc:`ValueError` if it stores none."""
    if isinstance(value, Node) or callable(value):
        raise ValueError(f"has a row whose {each.name} is computed: give a constant")  # noqa: TRY004
    try:
        found = stored(each, value, column.type)
    except Exception as error:  # the field's own code
        raise ValueError(
            f"has a row whose {each.name} cannot be {value!r}: {type(error).__name__} {error}"
        ) from error
    if found is None or not _fits(found, column):
        raise ValueError(f"has a row whose {each.name} cannot be {value!r}, as {column.type}")
    return found


def _fits(value: Scalar, column: Column) -> bool:
    """Whether a value is one of its type, as far as fields let others pass."""
    type_ = column.type.plain
    if type_.name in ("INT", "BIGINT", "SMALLINT", "BOOL"):
        return isinstance(value, int)
    if type_.name in ("DOUBLE", "FLOAT"):
        return isinstance(value, int | float)
    if type_.name in ("CHAR", "VARCHAR") and type_.args and isinstance(value, str):
        return len(value) <= type_.args[0]
    return True


def _field(model: type[Model], name: str) -> Any:  # noqa: ANN401 (Peewee's)
    """Return a field by its name or that of its column; :exc:`ValueError` if there is none."""
    fields: dict[str, Any] = model._meta.fields
    known: dict[str, Any] = fields if name in fields else model._meta.combined
    if name not in known:
        near = nearest(name, known)
        meant = f", did you mean {near}?" if near else f": its fields are {', '.join(fields)}"
        raise ValueError(f"has no field {name}{meant}")
    return known[name]


def _of_column(model: type[Model], column: str) -> Any:  # noqa: ANN401 (Peewee's)
    return model._meta.columns[column]
