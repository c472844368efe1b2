"""Refuses the values for rows that a column cannot hold, before the first statement. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from peewee_mig.dialects.guards import INTEGER_BITS
from peewee_mig.errors import RefusedError
from peewee_mig.operations.verbs import Add, Alter, Constant, Operation, Scalar
from peewee_mig.schema.objects import Column


def refuse_fills(operations: Iterable[Operation]) -> None:
    """Refuse a value that is too large or too long: else it stops the migration half way.

    Source: errors 1067, 1264 and 1406 of both servers in strict mode (measured, MariaDB 10.11).
    """
    for operation in operations:
        match operation:
            case Add(table, Column(null=False) as column, Constant(value)) | Alter(
                table, Column(null=True), Column(null=False) as column, Constant(value)
            ) if not _holds(column, value):
                raise RefusedError(
                    f"MySQL and MariaDB have no {value!r} in a column of type {column.type}",
                    where=f"column {table}.{column.name}",
                    hint=f"give its rows another value: --fill {table}.{column.name}=VALUE",
                )
            case _:
                pass


def _holds(column: Column, value: Scalar) -> bool:
    type_ = column.type.plain
    match type_.name:
        case "SMALLINT" | "INT" | "BIGINT":
            return _is_within(column, INTEGER_BITS[type_.name], value)
        case "DECIMAL" if type_.args:
            digits, scale = type_.args
            number = _number(value)
            return number is None or abs(round(number, scale)) < 10 ** (digits - scale)
        case "CHAR" | "VARCHAR":
            longest = type_.args[0] if type_.args else 1
            return not isinstance(value, str) or len(value.rstrip(" ")) <= longest
        case "UUIDB":
            return not isinstance(value, bytes) or len(value) <= 16  # noqa: PLR2004 (its bytes)
        case _:
            return True


def _is_within(column: Column, bits: int, value: Scalar) -> bool:
    number = _number(value)
    unsigned = "UNSIGNED" in column.options or "ZEROFILL" in column.options
    least = 0 if unsigned else -(2 ** (bits - 1))
    return number is None or least <= round(number) < least + 2**bits


def _number(value: Scalar) -> Decimal | None:
    """Return a number as it is written; ``None``: it is none, and the server will say so."""
    try:
        number = None if isinstance(value, bytes) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
