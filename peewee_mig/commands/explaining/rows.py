"""Errors about rows: what is saved, or what is there already. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from peewee_mig.commands.explaining.case import Advice, Case
from peewee_mig.commands.explaining.finding import Constraint
from peewee_mig.schema.objects import Column, PrimaryKey


def _unique(case: Case) -> Advice:
    """See the row that has the value already."""
    if case.is_made:
        return _shared(case)
    part = case.found.constraint or case.found.live
    columns = case.found.columns
    known = case.where(columns)
    asked = " AND ".join(f"{case.quoted(each)} = VALUE" for each in columns)
    where = known or f" WHERE {asked}"
    is_told = bool(case.table and columns)
    look = f"SELECT * FROM {case.quoted_table(case.table)}{where}" if is_told else ""
    fewer = _less_unique(case, part)
    possible = (
        *([f"see the row that is there: {look}"] if look else []),
        "take the row that is there: get_or_create(), or insert(...).on_conflict(...)",
        *fewer,
    )
    if isinstance(part, PrimaryKey) and not known:
        return Advice(possible, fewer[0])
    return Advice(possible, f"{look};" if look else case.change())


def _less_unique(case: Case, part: Constraint | None) -> tuple[str, ...]:
    """Say how the value need not be unique; a primary key always is, but may be numbered."""
    if not isinstance(part, PrimaryKey):
        return (f"let it be no longer unique: {case.change()}",)
    numbered = f"leave {', '.join(part.columns)} out of a new row, if the database numbers it"
    return (numbered, *(_behind(case, part) if case.knowledge.engine == "postgres" else ()))


def _behind(case: Case, key: PrimaryKey) -> Iterator[str]:
    """Say how a sequence catches up that rows with keys of their own have passed."""
    if len(key.columns) == 1:
        own, column = case.quoted_table(case.table), case.quoted(key.columns[0])
        literal = case.knowledge.dialect.text_sql
        yield (
            "if the key is numbered, its sequence is behind, as after an import: SELECT"
            f" setval(pg_get_serial_sequence({literal(own)}, {literal(key.columns[0])}),"
            f" (SELECT max({column}) FROM {own}))"
        )


def _shared(case: Case) -> Advice:
    """List the values that rows share."""
    columns = case.found.columns
    if not (columns and case.table):
        return Advice(
            (
                "change or delete all but one of the rows that share the value",
                f"let it be not unique: {case.change()}",
            )
        )
    names, own = case.quoted(*columns), case.quoted_table(case.table)
    look = f"SELECT {names}, count(*) FROM {own} GROUP BY {names} HAVING count(*) > 1"
    return Advice(
        (
            f"see what is shared: {look}",
            "change or delete all but one of the rows that share a value, then: peewee-mig migrate",
            f"let it be not unique: {case.change()}",
        ),
        f"{look};",
    )


def _not_null(case: Case) -> Advice:
    """Give the column a value, or let it be NULL."""
    if case.is_made:
        return _nulls(case)
    column = _column(case)
    known = case.knowledge.declared and case.knowledge.declared.find_table(case.table)
    if known and case.column and known.find_column(case.column) is None:
        return Advice(
            (
                (
                    f"the models have no {case.table}.{case.column}, but the database does: this"
                    " code is older than it, or somebody added the column by hand"
                ),
                "let the models follow: peewee-mig pull --update",
            ),
            "peewee-mig diff --models",
        )
    possible = (
        f"give {case.column or 'the field'} a value before the row is saved",
        f"give the field a default=, which Peewee fills in: {case.line or 'in the model'}",
        f"let it be NULL: null=True, {case.change()}",
    )
    return Advice(possible, case.change() if column is not None else "")


def _column(case: Case) -> Column | None:
    return case.found.table.find_column(case.column) if case.found.table else None


def _nulls(case: Case) -> Advice:
    """Give a value to the rows that have NULL."""
    fill = f"peewee-mig migrate --fill {case.table or 'table'}.{case.column or 'column'}=VALUE"
    look = (
        f"SELECT * FROM {case.quoted_table(case.table)} WHERE {case.quoted(case.column)} IS NULL"
        if case.table and case.column
        else ""
    )
    return Advice(
        (
            *([f"see the rows: {look}"] if look else []),
            f"give them a value: {fill}",
            f"let the column take NULL: null=True, {case.change()}",
        ),
        fill,
    )


def _check(case: Case) -> Advice:
    """Correct the row, or the check."""
    if case.is_made:
        return _breaking(case)
    return Advice(
        (
            "correct the value that is saved",
            f"change or drop the check: {case.change()}",
        ),
        case.change(),
    )


def _breaking(case: Case) -> Advice:
    """List the rows that break a check."""
    part = case.found.constraint or case.found.live
    look = ""
    if part is not None and case.found.table and hasattr(part, "expression"):
        condition = case.knowledge.dialect.expression_sql(part.expression)
        own = case.quoted_table(case.table)
        look = f"SELECT * FROM {own} WHERE NOT ({condition})"
    return Advice(
        (
            *([f"see the rows: {look}"] if look else []),
            "correct these rows, then: peewee-mig migrate",
            f"change the check: {case.change()}",
        ),
        f"{look};" if look else "",
    )


def _cast(case: Case) -> Advice:
    """Say how a value becomes one of the new type."""
    place = f"{case.table or 'table'}.{case.column or 'column'}"
    using = f"peewee-mig generate --using {place}='{_using(case)}'"
    return Advice(
        (
            f"say how a value becomes one of the new type: {using}",
            "in SQL by hand: ALTER TABLE ... ALTER COLUMN ... TYPE ... USING ...",
            "or add a new field, fill it, and drop the old one",
        ),
        using,
    )


def _using(case: Case) -> str:
    type_ = case.said.name("type") or "integer"
    return f"CAST({case.column or 'column'} AS {type_})"


ADVICE: Mapping[str, Callable[[Case], Advice]] = {
    "unique": _unique,
    "unique_rows": _shared,
    "not_null": _not_null,
    "no_value": _not_null,
    "null_rows": _nulls,
    "check": _check,
    "check_rows": _breaking,
    "cast": _cast,
}
