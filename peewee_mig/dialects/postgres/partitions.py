"""Partitioned tables: what PostgreSQL cannot change of one, and one that is declared later.

How a table is partitioned is said when it is made; its partitions are nobody's but the user's.
"""

from __future__ import annotations

from dataclasses import dataclass

from peewee_mig.dialects.base import Dialect, LiveStep, Query
from peewee_mig.dialects.postgres.reading import catalog_expression
from peewee_mig.dialects.postgres.render import stored_name
from peewee_mig.dialects.postgres.types import text_literal
from peewee_mig.errors import RefusedError
from peewee_mig.schema.objects import PARTITION_BY, Column, Options, Table

_HINT = "declare a second table and move the rows to it, or keep this as it is"


def refuse_other_partitions(table: str, old: Options, new: Options) -> None:
    """Refuse to partition a table that is declared to be partitioned in another way."""
    if old.partitions and old.partitions != new.partitions:
        raise _refused(table, old.partitions, new.partitions)


def refuse_retyped_key(table: Table, old: Column, new: Column) -> None:
    """Refuse another type of a column that says which partition a row is in."""
    if old.name in table.options.partitioned_by:
        raise RefusedError(
            f"PostgreSQL cannot change column {table.name}.{old.name} from {old.type} to"
            f" {new.type}: the table is {table.options.partitions}",
            hint=_HINT,
        )


@dataclass(frozen=True, slots=True)
class IsPartitioned(LiveStep):
    """Take down that a table is partitioned, which it must be in the database already.

    ``table``: as it is when the step comes, with its new options; ``early``: whether the
    database can be asked before the migration, since the table has the same names then.
    """

    operations: tuple[int, ...]
    dialect: Dialect
    table: Table
    early: bool

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that it looks at."""
        return (self.table.name,)

    @property
    def note(self) -> str:
        """Say what is assumed."""
        return f"assumes that table {self.table.name} has {self.table.options.partitions} already"

    def check(self, query: Query) -> None:
        """Refuse a table that is partitioned in another way, or not at all."""
        if self.early:
            self.resolve(query)

    def preview(self) -> tuple[str, ...]:
        """Return nothing: PostgreSQL has no statement for it."""
        return ()

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return nothing, once the table is seen to be partitioned in this way."""
        found, wanted = self._found(query), self.table.options.partitions
        if found == wanted:
            return ()
        spelled = self.dialect.spellings(query, [self.table]).get((self.table, wanted))
        if found != spelled:
            raise _refused(self.table.name, found, wanted)
        return ()

    def _found(self, query: Query) -> str:
        """Return how the table is partitioned, in the words of the catalog; empty: it is not."""
        name = text_literal(self.dialect.quote_table(self.table.name))
        ((words,),) = query(f"SELECT pg_get_partkeydef(to_regclass({name}))")
        if words is None:
            return ""
        names = {stored_name(each): each for each in self.table.column_names}
        return PARTITION_BY + catalog_expression(words, names).renamed(names).text


def _refused(table: str, has: str, wanted: str) -> RefusedError:
    return RefusedError(
        f"PostgreSQL cannot change how table {table} is partitioned: it has"
        f" {has or 'no PARTITION BY'}, and is to have {wanted or 'no PARTITION BY'}",
        hint=_HINT,
    )
