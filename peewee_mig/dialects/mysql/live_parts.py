"""Steps that look up constraints by what they say, and what stands in the way of a table."""

from __future__ import annotations

from dataclasses import dataclass

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect, LiveStep, Query
from peewee_mig.dialects.mysql.catalog import Catalog, folded
from peewee_mig.dialects.mysql.live import (
    Change,
    ModifyColumns,
    is_table,
    made_index,
    own_indexes,
)
from peewee_mig.dialects.mysql.read_tables import managed_checks
from peewee_mig.dialects.mysql.render import numbered_in_key
from peewee_mig.dialects.mysql.rows import CheckRow
from peewee_mig.dialects.mysql.texts import neutral
from peewee_mig.errors import RefusedError
from peewee_mig.schema.names import bare, schema_of
from peewee_mig.schema.objects import Check, ForeignKey, Table, Unique


@dataclass(frozen=True, slots=True)
class DropCheck(LiveStep):
    """Drop a check by its name, or by its words: a server makes a name up."""

    operations: tuple[int, ...]
    dialect: Dialect
    table: Table
    check_: Check

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that it changes."""
        return (self.table.name,)

    @property
    def note(self) -> str:
        """Say which name is assumed."""
        name = self.check_.name
        return "" if name else f"assumes that the {self._what} is named {self._assumed}"

    @property
    def _what(self) -> str:
        return f"check of {self.table.name} ({self.check_.expression})"

    @property
    def _assumed(self) -> str:
        """Return the name that MariaDB makes up."""
        unnamed = [each for each in self.table.checks if each.name is None]
        return f"CONSTRAINT_{unnamed.index(self.check_) + 1 if self.check_ in unnamed else 1}"

    def preview(self) -> tuple[str, ...]:
        """Return the statement for the name that MariaDB makes up."""
        return (self._drop(self.check_.name or self._assumed),)

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statements for the check in the catalog."""
        found = self._found(query)
        if not found:
            raise RefusedError(
                f"the database has no {self._what}",
                hint="somebody changed the database; print the SQL that puts the check back:"
                " peewee-mig diff --plan",
            )
        return tuple(sql for row in found for sql in self._statements(query, row))

    def _found(self, query: Query) -> list[CheckRow]:
        """Return the rows of the check: that of its name, else all that say the same."""
        catalog = Catalog(query, schema_of(self.table.name))
        rows = list(managed_checks(catalog, bare(self.table.name)))
        if self.check_.name:
            name = folded(self.check_.name)
            return [r for r in rows if r.level != "Column" and folded(r.name) == name]
        others = {each.name for each in self.table.checks}
        rows = [r for r in rows if r.level == "Column" or r.name not in others]
        spelled = self.dialect.spellings(query, [self.table])
        text = self.check_.expression.text
        wanted = {text, spelled.get((self.table, text), text)}
        names, escaped = self.table.column_names, not catalog.facts.mariadb
        return [
            r for r in rows if neutral(r.clause, names, escaped=escaped).unwrapped.text in wanted
        ]

    def _statements(self, query: Query, row: CheckRow) -> tuple[str, ...]:
        if row.level != "Column":
            return (self._drop(row.name),)
        changes = (
            Change(column, column, column.type, early=False, without=row.clause)
            for column in numbered_in_key(self.table)
            if column.name == self._owner(query, row)
        )
        step = ModifyColumns(self.operations, self.dialect, self.table.name, tuple(changes))
        return step.resolve(query)

    def _owner(self, query: Query, row: CheckRow) -> str:
        """Return the column in whose definition the check is."""
        catalog = Catalog(query, schema_of(self.table.name))
        text: str = catalog.rows(f"SHOW CREATE TABLE {catalog.place(bare(self.table.name))}")[0][1]
        lines = [line.removesuffix(",") for line in text.split("\n")]
        own = [line for line in lines if line.endswith(f" CHECK ({row.clause})")]
        return next(
            name
            for name in self.table.column_names
            if any(
                folded(line).startswith(folded(f"  {self.dialect.quote(name)} ")) for line in own
            )
        )

    def _drop(self, name: str) -> str:
        return ddl.alter(
            self.dialect, self.table.name, f"DROP CONSTRAINT {self.dialect.quote(name)}"
        )


@dataclass(frozen=True, slots=True)
class DropUnique(LiveStep):
    """Drop the index that keeps a unique constraint whose name the server made up."""

    operations: tuple[int, ...]
    dialect: Dialect
    table: str
    unique: Unique
    #: The indexes and constraints of the table that have names of their own.
    others: tuple[str, ...]

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that it changes."""
        return (self.table,)

    @property
    def note(self) -> str:
        """Say which name is assumed."""
        return f"assumes that the {self._what} is named {self.unique.columns[0]}"

    @property
    def _what(self) -> str:
        return f"unique constraint of {self.table} ({', '.join(self.unique.columns)})"

    def preview(self) -> tuple[str, ...]:
        """Return the statement for the name that a server makes up."""
        return (self._drop(self.unique.columns[0]),)

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statement for the index in the catalog."""
        found = own_indexes(query, self.table, self.unique.columns, unique=True)
        names = [name for name in found if name not in (*self.others, "PRIMARY")]
        if not names:
            raise RefusedError(
                f"the database has no {self._what}",
                hint="somebody changed the database; print the SQL that puts the constraint back:"
                " peewee-mig diff --plan",
            )
        return (self._drop(names[0]),)

    def _drop(self, name: str) -> str:
        return ddl.alter(self.dialect, self.table, f"DROP INDEX {self.dialect.quote(name)}")


@dataclass(frozen=True, slots=True)
class MoveTable(LiveStep):
    """Move a table to another database of the server; its triggers cannot go along."""

    operations: tuple[int, ...]
    dialect: Dialect
    old: str
    new: str
    #: Whether its triggers can be told before the migration.
    early: bool

    @property
    def tables(self) -> tuple[str, ...]:
        """The table by both names."""
        return (self.old, self.new)

    @property
    def note(self) -> str:
        """Say what is assumed."""
        return f"assumes that {self.old} has no triggers"

    def check(self, query: Query) -> None:
        """Refuse to move a table with triggers."""
        if self.early:
            self.resolve(query)

    def preview(self) -> tuple[str, ...]:
        """Return the statement."""
        old, new = self.dialect.quote_table(self.old), self.dialect.quote_table(self.new)
        return (f"RENAME TABLE {old} TO {new}",)

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statement; :exc:`RefusedError` if there is a trigger."""
        on = is_table(self.old).replace("table_schema", "event_object_schema")
        on = on.replace("table_name", "event_object_table")
        rows = query(f"SELECT trigger_name FROM information_schema.triggers WHERE {on}")
        if rows:
            names = ", ".join(str(name) for (name,) in rows)
            raise RefusedError(
                f"{self.old} cannot move to another database with its triggers: {names}",
                hint="drop them by hand, migrate again, and make them anew on the moved table",
            )
        return self.preview()


@dataclass(frozen=True, slots=True)
class ResetEngine(LiveStep):
    """Give a table the engine that the server gives a new one."""

    operations: tuple[int, ...]
    dialect: Dialect
    table: str

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that it changes."""
        return (self.table,)

    @property
    def note(self) -> str:
        """Say which engine is assumed."""
        return "assumes that the server's default engine is InnoDB"

    def preview(self) -> tuple[str, ...]:
        """Return the statement for InnoDB."""
        return (ddl.alter(self.dialect, self.table, "ENGINE=InnoDB"),)

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statement for the server's engine."""
        engine = query("SELECT @@default_storage_engine")[0][0]
        return (ddl.alter(self.dialect, self.table, f"ENGINE={engine}"),)


@dataclass(frozen=True, slots=True)
class ReplaceOwnIndex(LiveStep):
    """Make an index that serves a key, in the place of the one that InnoDB made for it.

    InnoDB drops its own by itself, but not one that was renamed with its column (measured,
    MariaDB 10.11).
    """

    operations: tuple[int, ...]
    dialect: Dialect
    table: str
    key: ForeignKey
    #: The whole statement where InnoDB's own is not there, and the words of ALTER TABLE.
    statement: str
    words: str

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that it changes."""
        return (self.table,)

    @property
    def note(self) -> str:
        """Say nothing: the statement is right as a rule."""
        return ""

    def preview(self) -> tuple[str, ...]:
        """Return the statement that lets InnoDB drop its own."""
        return (self.statement,)

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statement that drops the index in the catalog, if it is there."""
        made = made_index(query, self.table, self.key, self.key.name or self.key.columns[0])
        if not made:
            return self.preview()
        drop = f"DROP INDEX {self.dialect.quote(made)}"
        return (ddl.alter(self.dialect, self.table, drop, self.words),)
