"""Values for rows that are there already: given, of an earlier migration, asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from peewee_mig.commands.ask import Ask, FillQuestion
from peewee_mig.errors import UsageError, nearest, same_command
from peewee_mig.operations.verbs import Add, Alter, Copy, Fill, Generated, Operation
from peewee_mig.plan.fills import answered_by, parse_fill
from peewee_mig.schema.objects import Column, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.sources.read import ModelSchema


def own_fills(models: ModelSchema) -> dict[tuple[str, str], Fill]:
    """Return the values that fields give; the default of the server goes before them."""
    return {name: fill for name, fill in models.fills.items() if not _has_default(models, *name)}


def _has_default(models: ModelSchema, table: str, column: str) -> bool:
    """Whether the server gives a column a value, which goes before the one of the field."""
    found = models.schema.find_table(table)
    known = found.find_column(column) if found else None
    return known is not None and known.default is not None


def fills_in(operations: Iterable[Operation]) -> dict[tuple[str, str], Fill]:
    """Return the values for existing rows that a migration holds, for ``--amend``."""
    found = {}
    listed = tuple(operations)
    copied = {(each.table, each.column) for each in listed if isinstance(each, Copy)}
    for operation in listed:
        if isinstance(operation, Add | Alter) and operation.fill is not None:
            table, _, column = answered_by(operation).rpartition(".")
            if operation.fill != Generated("empty") or (table, column) not in copied:
                found[table, column] = operation.fill
    return found


def given_fills(after: Schema, fills: Mapping[str, str]) -> dict[tuple[str, str], Fill]:
    """Read ``--fill`` by the types of the columns; :exc:`UsageError` for an unknown column."""
    found = {}
    for name, text in fills.items():
        table, _, column = name.rpartition(".")
        owner = after.find_table(table)
        known = owner.find_column(column) if owner else None
        if known is None:
            raise UsageError(
                f"--fill {name}: the models have no such column",
                hint=_meant(name, text, after, owner),
            )
        found[table, column] = _parsed(f"--fill {name}", text, known)
    return found


def _meant(name: str, text: str, after: Schema, owner: Table | None) -> str:
    """Say the option with the column that was most likely meant, or what there is."""
    table, _, column = name.rpartition(".")
    if owner is None:
        near, there = nearest(table, after.names), f"tables: {', '.join(sorted(after.names))}"
        meant = f"{near}.{column}"
    else:
        near = nearest(column, owner.column_names)
        there = f"columns of {owner.name}: {', '.join(owner.column_names)}"
        meant = f"{table}.{near}"
    option = ["--fill", f"{name}={text}"]
    way = same_command("--fill", f"{meant}={text}", in_place_of=option)
    return f"{way}; {there}" if near else there


def ask_fills(operations: Sequence[Operation], ask: Ask) -> dict[tuple[str, str], Fill]:
    """Ask for the values that are still open; no answer leaves the guard."""
    found = {}
    for operation in operations:
        name = answered_by(operation)
        if not name or not isinstance(operation, Add | Alter) or operation.fill is not None:
            continue
        column = operation.object if isinstance(operation, Add) else operation.new
        if isinstance(column, Column) and column.default is None:
            fill = _asked(ask, operation.table, column)
            if fill is not None:
                found[operation.table, column.name] = fill
    return found


def _asked(ask: Ask, table: str, column: Column) -> Fill | None:
    """Ask until the answer is a value of the column, or none: earlier answers are kept."""
    question = FillQuestion(table, column.name, str(column.type))
    while (text := ask.fill(question)) is not None:
        try:
            return parse_fill(text, column.type)
        except UsageError as error:
            question = replace(question, problem=error.message)
    return None


def _parsed(name: str, text: str, column: Column) -> Fill:
    try:
        return parse_fill(text, column.type)
    except UsageError as error:
        hint = error.hint or f"give a value of type {column.type}"
        raise UsageError(f"{name}: {error.message}", hint=hint) from error
