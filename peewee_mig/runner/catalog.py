"""What a live database holds besides our own records."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from peewee_mig.declare import Declaration, Trigger, View
from peewee_mig.dialects.assuming import assumed
from peewee_mig.dialects.base import Dialect, Inspection, Query, Spellings, Unmanaged
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.history.records import OwnTables
from peewee_mig.schema.filtering import EVERYTHING, Filter
from peewee_mig.schema.names import schema_of
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema


def read_catalog(
    dialect: Dialect,
    query: Query,
    own: OwnTables,
    *,
    schemas: Iterable[str] = (),
    without: Filter = EVERYTHING,
) -> Inspection:
    """Inspect a database, leaving out our own tables and what hangs on them.

    ``schemas``: those to look at beside the schema of the connection; ``without``: leaves out more.
    """
    return without_excluded(without_own(dialect.inspect(query, frozenset(schemas)), own), without)


def without_excluded(found: Inspection, without: Filter) -> Inspection:
    """Return what was found without the tables and views that are left out, and what hangs there.

    Keys to them stay.
    """
    if not without:
        return found
    return replace(
        found,
        schema=without.managed(found.schema),
        unmanaged=tuple(each for each in found.unmanaged if not _is_excluded(each, without)),
    )


def read_declarations(
    dialect: Dialect, query: Query, schemas: Collection[str], without: Filter = EVERYTHING
) -> tuple[Declaration, ...]:
    """Return what models can declare beside tables, but for what is left out."""
    found = dialect.declarations(query, schemas)
    return tuple(each for each in found if not _is_left_out(each, without))


def _is_left_out(declared: Declaration, without: Filter) -> bool:
    match declared:
        case View(name=name):
            return without.leaves_out("view", name)
        case Trigger(table=str(table)):
            return without.hangs_out(table)
        case _:
            return False


def _is_excluded(thing: Unmanaged, without: Filter) -> bool:
    """Tell by what it is, as catalogs call it, or by what it hangs on."""
    if "view" in thing.kind and not thing.table:
        return without.leaves_out("view", thing.name)
    if "table" in thing.kind and not thing.table:
        return without.leaves_out("table", thing.name)
    return without.hangs_out(thing.table)


def without_own(found: Inspection, own: OwnTables) -> Inspection:
    """Return what was found without our own tables and what hangs on them."""
    return replace(
        found,
        schema=found.schema.with_tables(t for t in found.schema if t.name not in own.names),
        unmanaged=tuple(each for each in found.unmanaged if each.table not in own.names),
    )


def schemas_of(names: Iterable[str]) -> frozenset[str]:
    """Return the schemas that names of tables say."""
    return frozenset(filter(None, map(schema_of, names)))


_UNASKED = (
    "this server cannot be asked how it spells expressions (it takes no changes, or the role may"
    " make no temporary table)"
)


@dataclass
class Speller:
    """Asks a server, once for each table, how it spells what is declared.

    Only tables are asked about that cannot be told to be equal without it. ``assumes``: where
    the server cannot be asked, expressions in the same place count as equal, and ``notes`` say
    of which tables.
    """

    dialect: Dialect
    query: Query
    assumes: bool = False
    known: dict[Table, dict[tuple[Table, str], str]] = field(
        default_factory=dict[Table, dict[tuple[Table, str], str]]
    )
    unproved: set[str] = field(default_factory=set[str])

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed, in words."""
        names = ", ".join(sorted(self.unproved))
        return (f"{_UNASKED}; taken for equal: the expressions of {names}",) if names else ()

    def respelled(self, found: Inspection, declared: Schema) -> Inspection:
        """Return what was found with the spellings that a comparison needs."""
        doubtful = self._doubtful(found, declared)
        new = [table for table in doubtful if table not in self.known]
        if new:
            self._ask(new)
        spellings = {key: words for each in doubtful for key, words in self.known[each].items()}
        guesses = self._assumed(found, doubtful) if self.assumes else {}
        return replace(found, spellings={**guesses, **spellings})

    def _assumed(self, found: Inspection, doubtful: list[Table]) -> Spellings:
        if not doubtful or self.dialect.can_spell(self.query):
            return {}
        self.unproved.update(each.name for each in doubtful)
        there = ((found.schema.find_table(each.name), each) for each in doubtful)
        guesses = (assumed(one, each) for one, each in there if one is not None)
        return {key: words for each in guesses for key, words in each.items()}

    def _doubtful(self, found: Inspection, declared: Schema) -> list[Table]:
        settled = settle(recognize(found, declared, self.dialect), declared)
        return [
            table
            for table in declared
            if table.name in settled and settled.table(table.name) != table and _has_words(table)
        ]

    def _ask(self, tables: list[Table]) -> None:
        answered = self.dialect.spellings(self.query, tables)
        for table in tables:
            self.known[table] = {}
        for (table, words), spelled in answered.items():
            self.known[table][table, words] = spelled


def _has_words(table: Table) -> bool:
    """Whether a table has anything that a server spells its own way."""
    return bool(
        table.checks
        or table.exclusions
        or table.options.words
        or any(index.parts or index.where for index in table.indexes)
        or any(
            each.default or each.computed or each.type.native or each.collation or each.options
            for each in table.columns
        )
    )
