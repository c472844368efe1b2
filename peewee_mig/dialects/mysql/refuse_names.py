"""Refuses a check with the name of another constraint of its table. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peewee_mig.errors import RefusedError
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import Check, Table


def refuse_names_of_checks(table: Table) -> None:
    """Refuse a name that another constraint has or may get, however it is written.

    MariaDB has one space of names for the checks, foreign keys and unique indexes of a table.
    Source: error 1826 (measured, 10.11). It lets a name that InnoDB makes up be taken, and then
    drops one for the other.
    """
    for check in table.checks:
        for what, name in _others(table, check):
            if check.name and re.fullmatch(name, check.name, re.IGNORECASE):
                raise RefusedError(
                    f"MariaDB takes the names of checks, foreign keys and unique indexes of a"
                    f" table for one, and {check.name} is also that of {what}",
                    where=f"check ({check.expression}) of {table.name}",
                    hint="give one of the two another name in its model",
                )


def _others(table: Table, check: Check) -> Iterator[tuple[str, str]]:
    """Yield the other constraints in words, with patterns of their names."""
    for index in table.indexes:
        if index.unique:
            yield f"the unique index on {table.name}", re.escape(index.name)
    for unique in table.uniques:
        columns = ", ".join(unique.columns)
        yield f"the unique constraint on ({columns})", re.escape(unique.name or unique.columns[0])
    for key in table.foreign_keys:
        made = f"{re.escape(bare(table.name))}_ibfk_[0-9]+"
        yield (
            f"the foreign key on ({', '.join(key.columns)})",
            re.escape(key.name) if key.name else made,
        )
    for other in table.checks:
        if other != check:
            yield (
                f"the check ({other.expression})",
                re.escape(other.name or "") or "constraint_[0-9]+",
            )
