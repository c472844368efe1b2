"""Refuses what PostgreSQL cannot change of a partitioned table. Pure.

How a table is partitioned is said when it is made; its partitions are nobody's but the user's.
"""

from __future__ import annotations

from peewee_mig.errors import RefusedError
from peewee_mig.schema.objects import Column, Options, Table

_HINT = "declare a second table and move the rows to it, or keep this as it is"


def refuse_other_partitions(table: str, old: Options, new: Options) -> None:
    """Refuse to partition a table that is there in another way."""
    if old.partitions != new.partitions:
        said = new.partitions or "no PARTITION BY"
        raise RefusedError(
            f"PostgreSQL cannot change how table {table} is partitioned: it has"
            f" {old.partitions or 'no PARTITION BY'}, and is to have {said}",
            hint=_HINT,
        )


def refuse_retyped_key(table: Table, old: Column, new: Column) -> None:
    """Refuse another type of a column that says which partition a row is in."""
    if old.name in table.options.partitioned_by:
        raise RefusedError(
            f"PostgreSQL cannot change column {table.name}.{old.name} from {old.type} to"
            f" {new.type}: the table is {table.options.partitions}",
            hint=_HINT,
        )
