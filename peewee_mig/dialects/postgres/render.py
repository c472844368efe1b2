"""Schema objects as PostgreSQL's DDL, and the names that PostgreSQL makes up."""

from __future__ import annotations

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect
from peewee_mig.schema.objects import Column

#: Bytes of a name that PostgreSQL keeps (NAMEDATALEN - 1).
NAME_BYTES = 63


def add_column(dialect: Dialect, table: str, column: Column, *, default: str = "") -> str:
    """Spell a new column; ``default`` is an expression."""
    words = f"ADD COLUMN {ddl.column_definition(dialect, column)}"
    return ddl.alter(dialect, table, f"{words} DEFAULT {default}" if default else words)


def stored_name(name: str) -> str:
    """Cut a name as PostgreSQL does: after the last whole character within 63 bytes.

    Source: ``truncate_identifier`` of PostgreSQL's ``scansup.c``, for databases in UTF-8.
    """
    return name.encode()[:NAME_BYTES].decode(errors="ignore")


def object_name(table: str, columns: tuple[str, ...], label: str) -> str:
    """Return the name that PostgreSQL gives an object: ``table_column_label``.

    Where it is too long, the longer of table and columns is cut byte by byte (source:
    ``makeObjectName`` of PostgreSQL's ``indexcmds.c``).
    """
    first, second = table.encode(), "_".join(columns).encode()[:NAME_BYTES]
    room = NAME_BYTES - len(label) - 1 - (1 if columns else 0)
    one, two = len(first), len(second)
    while one + two > room:
        if one > two:
            one -= 1
        else:
            two -= 1
    parts = [first[:one].decode(errors="ignore"), second[:two].decode(errors="ignore"), label]
    return "_".join(part for part in parts if part)
