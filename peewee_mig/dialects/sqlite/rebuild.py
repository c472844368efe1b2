"""The rebuild of a table: the only way to most changes in SQLite, and the most dangerous one.

Create new, copy, drop old, rename new (https://sqlite.org/lang_altertable.html#otheralter),
with foreign keys switched off and ``legacy_alter_table`` on, so that neither child rows nor
views and triggers are touched. What the catalog holds beyond our kinds is carried over word
for word: clauses, options, hand-made columns and indexes, triggers, the AUTOINCREMENT counter. What
cannot be carried is refused before anything runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from peewee_mig.dialects.base import LiveStep, Query
from peewee_mig.dialects.sqlite.clauses import conflict_of, is_same_check, is_special, unique_of
from peewee_mig.dialects.sqlite.ddl import (
    Clause,
    ColumnText,
    TableText,
    first_list,
    names_in,
    parse_create_table,
    tokens,
)
from peewee_mig.dialects.sqlite.render import (
    Written,
    create_index_sql,
    create_table_sql,
    quote,
    quote_all,
    quote_table,
)
from peewee_mig.dialects.sqlite.types import strict_type, text_literal
from peewee_mig.errors import RefusedError
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import NULL_DEFAULT, ON_CONFLICT, Column, ForeignKey, Table, Unique

#: Name of the new table until it takes the place of the old one.
PREFIX = "_peewee_mig_new_"

_DEFERRABLE = re.compile(r"\b(?:NOT\s+)?DEFERRABLE\b.*", re.IGNORECASE | re.DOTALL)

#: Clauses that stand at most once -> the attribute of a column that says the same.
_ATTRIBUTES = {"default": "default", "collate": "collation", "generated": "computed"}
#: Other clauses of a column that our own kinds describe.
_OURS = ("primary key", "not null", "null", "references")


@dataclass(frozen=True, slots=True)
class Carried(Written):
    """What a rebuild takes over from the live table, word for word.

    ``generated``: columns that compute their values; ``afterwards``: statements that make
    indexes and triggers again.
    """

    generated: frozenset[str] = frozenset()
    afterwards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rebuild(LiveStep):
    """Make ``before`` (the table as it is now) into ``after``.

    ``copies``: (column of ``after``, expression over ``before``) for each column that gets
    values; ``origins``: column of ``before`` -> its name in ``after``, for those that stay;
    ``children``: the tables that refer to it, whose rows must survive.
    """

    before: Table
    after: Table
    copies: tuple[tuple[str, str], ...]
    origins: tuple[tuple[str, str], ...]
    operations: tuple[int, ...]
    children: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """Say what the live catalog adds."""
        return (
            f"rebuild of {self.after.name}: triggers, hand-made indexes, defaults, checks and"
            " options found in the database are carried over"
        )

    @property
    def counted(self) -> tuple[str, ...]:
        """The tables whose rows are counted before and after."""
        return (self.after.name, *self.children)

    def preview(self) -> tuple[str, ...]:
        """Return the statements for a table that holds nothing but our kinds."""
        return self._statements(Carried())

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statements for the table as it is; refuse what would be lost."""
        name = text_literal(bare(self.before.name))
        found = query(f"SELECT sql FROM sqlite_master WHERE type = 'table' AND name = {name}")
        if not found:
            raise RefusedError(
                f"the database has no table {self.before.name}",
                hint="it was dropped or renamed by hand; print the SQL that puts it back:"
                " peewee-mig diff --plan",
            )
        text = parse_create_table(found[0][0])
        self._refuse_unknown_columns(text)
        self._refuse_special_key(text)
        carried = _Carrier(self, text).carried(query)
        rowid = _keeps_rowid(self.before, self.after, text)
        return self._statements(carried, rowid=rowid)

    def _statements(self, carried: Carried, *, rowid: bool = False) -> tuple[str, ...]:
        new = PREFIX + bare(self.after.name)
        create = create_table_sql(self.after, name=new, written=carried)
        return (
            create,
            self._copy(new, create, carried, rowid=rowid),
            *(self._counter(new) if carried.autoincrement or self._counts else ()),
            "PRAGMA legacy_alter_table = ON",
            f"DROP TABLE {quote_table(self.before.name)}",
            f"ALTER TABLE {quote(new)} RENAME TO {quote_table(self.after.name)}",
            "PRAGMA legacy_alter_table = OFF",
            *(create_index_sql(self.after.name, index) for index in self.after.indexes),
            *carried.afterwards,
        )

    def _copy(self, new: str, create: str, carried: Carried, *, rowid: bool) -> str:
        computed = {column.name for column in self.after.columns if column.computed}
        own = ((name, quote(name)) for name in carried.columns)
        copies = [e for e in (*self.copies, *own) if e[0] not in carried.generated | computed]
        columns = ["rowid"] * rowid + [quote(name) for name, _ in copies]
        values = ["rowid"] * rowid + [expression for _, expression in copies]
        # No row may go because the new table ignores, or takes away, what is in the way.
        insert = "INSERT OR ABORT INTO" if "CONFLICT" in create.upper() else "INSERT INTO"
        return (
            f"{insert} {quote(new)} ({', '.join(columns)})\n"
            f"SELECT {', '.join(values)} FROM {quote_table(self.before.name)}"
        )

    @property
    def _counts(self) -> bool:
        """Whether both tables number their keys without using a number again."""
        return all(
            column.type.name == "AUTOINCREMENT"
            for table in (self.before, self.after)
            for column in table.columns
            if table.primary_key and table.primary_key.columns == (column.name,)
        ) and any(column.type.name == "AUTOINCREMENT" for column in self.after.columns)

    def _counter(self, new: str) -> tuple[str, ...]:
        """Keep the AUTOINCREMENT counter, which DROP TABLE would forget."""
        name, old = text_literal(new), text_literal(bare(self.before.name))
        counter = f"SELECT {name}, seq FROM sqlite_sequence WHERE name = {old}"
        return (
            f"DELETE FROM sqlite_sequence WHERE name = {name}",
            f"INSERT INTO sqlite_sequence (name, seq) {counter}",
        )

    def _refuse_special_key(self, text: TableText) -> None:
        """Refuse a key that says more than a new table could."""
        for clause in text.clauses:
            if clause.kind == "primary key" and self._says_more(clause):
                raise RefusedError(
                    f"the rebuild of table {self.before.name} would lose what somebody wrote by"
                    f" hand: {clause.text}",
                    hint="give the table a plain primary key by hand, then migrate again",
                )

    def _says_more(self, key: Clause) -> bool:
        known = self.before.primary_key
        return is_special(key) or conflict_of(key) != (known.conflict if known else None)

    def _refuse_unknown_columns(self, text: TableText) -> None:
        known, live = set(self.before.column_names), {column.name for column in text.columns}
        taken = {name.lower() for name in live - known} & {
            name.lower() for name in self.after.column_names
        }
        if taken:
            raise RefusedError(
                f"table {self.before.name} has columns that the migrations do not know, and this"
                f" one makes others of these names: {', '.join(sorted(taken))}",
                hint="rename or drop those of the database by hand, then migrate again",
            )
        if known - live:
            raise RefusedError(
                f"table {self.before.name} lacks columns that the migrations made:"
                f" {', '.join(sorted(known - live))}",
                hint="print the SQL that puts them back: peewee-mig diff --plan",
            )


@dataclass(frozen=True, slots=True)
class _Carrier:
    """Sorts the clauses of a live table into ours and those to carry."""

    step: Rebuild
    text: TableText

    def carried(self, query: Query) -> Carried:
        return Carried(
            clauses=dict(filter(None, map(self._column, self._known_columns()))),
            columns={column.name: self._definition(column) for column in self._own_columns()},
            types=dict(self._types()) if "STRICT" in self._options() else {},
            generated=frozenset(self._generated()),
            endings=dict(self._endings()),
            constraints=tuple(self._kept(each) for each in self._constraints()),
            options=self._options(),
            autoincrement=self.text.autoincrement and self._one_key() and not self._declares(),
            afterwards=tuple(self._objects(query)),
        )

    def _known_columns(self) -> list[ColumnText]:
        return [e for e in self.text.columns if self.step.before.find_column(e.name)]

    def _own_columns(self) -> list[ColumnText]:
        """Return the columns that the migrations do not know: they are carried as written."""
        return [e for e in self.text.columns if not self.step.before.find_column(e.name)]

    def _definition(self, column: ColumnText) -> str:
        clauses = (self._kept(clause, own=column.name) for clause in column.clauses)
        return " ".join(filter(None, (quote(column.name), column.type, *clauses)))

    def _options(self) -> tuple[str, ...]:
        """Return the options that no migration knows; ours come with the table."""
        known = self.step.before.options.words
        return tuple(each for each in self.text.options if each.upper() not in known)

    def _declares(self) -> bool:
        """Whether AUTOINCREMENT is ours: then the new table says it or not."""
        return any(column.type.name == "AUTOINCREMENT" for column in self.step.before.columns)

    def _column(self, column: ColumnText) -> tuple[str, str] | None:
        """Return the column's new name and the clauses to carry; they go with the column."""
        new = dict(self.step.origins).get(column.name)
        kept = [
            self._kept(clause, own=column.name)
            for clause in column.clauses
            if self._is_hand_made(column, clause)
        ]
        return (new, " ".join(kept)) if new is not None and kept else None

    def _is_hand_made(self, column: ColumnText, clause: Clause) -> bool:
        """Whether a clause of a column is none that the migrations know."""
        known = self.step.before.column(column.name)
        new = self.step.after.find_column(dict(self.step.origins).get(column.name, ""))
        match clause.kind:
            case "references":
                return self._hand_made_reference(column, clause)
            case "default" | "collate" | "generated":
                both = [each for each in (known, new) if each is not None]
                ours = [getattr(each, _ATTRIBUTES[clause.kind]) for each in both]
                null = clause.kind == "default" and any(NULL_DEFAULT in e.options for e in both)
                return not (any(ours) or null)
            case "check" | "unique":
                return not self._is_known(clause, column.name)
            case "not null":
                stays = new is not None and not (new.null or _conflict(new))
                return stays and conflict_of(clause) != _conflict(known)
            case _:
                return clause.kind not in _OURS

    def _is_known(self, clause: Clause, column: str = "") -> bool:
        """Whether a check or unique constraint is one that the migrations know."""
        if clause.kind == "check":
            return is_same_check(clause, self.step.before)
        known = self.step.before.find_unique(unique_of(clause, column).columns)
        if known is None:
            return False
        more = is_special(clause) or conflict_of(clause) != known.conflict
        return not (more and self._stays(known))

    def _stays(self, unique: Unique) -> bool:
        """Whether a constraint is there afterwards, so that words of a user's go on with it.

        SQLite takes two over the same columns for one (measured, 3.40), unless they say two
        things of a row in the way.
        """
        after = self.step.after.find_unique(unique.columns)
        return after is not None and after.conflict is None

    def _types(self) -> Iterable[tuple[str, str]]:
        """Yield types that a STRICT table takes: as they are, or of the same affinity."""
        live = {column.name: column.type for column in self.text.columns}
        origins = {new: old for old, new in self.step.origins}
        for column in self.step.after.columns:
            origin = origins.get(column.name)
            same = origin and self.step.before.column(origin).type == column.type
            yield column.name, live[origin] if origin and same else strict_type(column.type)

    def _generated(self) -> Iterable[str]:
        """Yield the columns that compute their values, by their new names."""
        stay = dict(self.step.origins)
        for column in self._known_columns():
            made = (e for e in column.clauses if self._is_hand_made(column, e))
            if column.name in stay and any(each.kind == "generated" for each in made):
                yield stay[column.name]
        yield from (c.name for c in self._own_columns() if c.has("generated"))

    def _endings(self) -> Iterable[tuple[ForeignKey, str]]:
        """Yield the keys of ours that somebody made deferrable, with the words that say so."""
        stay = dict(self.step.origins)
        inline = [((c.name,), clause) for c in self.text.columns for clause in c.clauses]
        listed = [(_listed(each), each) for each in self.text.constraints]
        for columns, clause in (*inline, *listed):
            ending = _DEFERRABLE.search(clause.text)
            if clause.kind in ("references", "foreign key") and ending is not None:
                names = tuple(stay.get(name, "") for name in columns)
                key = self.step.after.find_foreign_key(names)
                known = self.step.before.find_foreign_key(columns)
                if key is not None and known is not None and known.deferrable is None:
                    yield key, ending.group()

    def _hand_made_reference(self, column: ColumnText, clause: Clause) -> bool:
        ours = self.step.before.find_foreign_key((column.name,))
        return clause.kind == "references" and ours is None

    def _constraints(self) -> Iterable[Clause]:
        for clause in self.text.constraints:
            if clause.kind == "foreign key":
                if not self._is_ours(clause):
                    yield clause
            elif clause.kind != "primary key" and not self._is_known(clause):
                yield clause

    def _is_ours(self, clause: Clause) -> bool:
        """Whether a FOREIGN KEY clause is one that the migrations know, by its columns."""
        known = {frozenset(n.lower() for n in k.columns) for k in self.step.before.foreign_keys}
        return frozenset(name.lower() for name in first_list(clause.text)) in known

    def _kept(self, clause: Clause, own: str = "") -> str:
        self._refuse_lost(clause.names, f"the constraint {clause.text}", own)
        return clause.text

    def _objects(self, query: Query) -> Iterable[str]:
        """Yield the statements that make hand-made indexes and triggers again."""
        ours = {index.name for index in self.step.before.indexes}
        rows = query(
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')"
            f" AND sql IS NOT NULL AND tbl_name = {text_literal(bare(self.step.before.name))}"
            " ORDER BY type, name"
        )
        for kind, name, sql in rows:
            if kind == "index" and name in ours:
                continue
            if kind == "index":
                self._refuse_lost(names_in(sql), f"index {name}")
            yield sql

    def _refuse_lost(self, names: frozenset[str], what: str, own: str = "") -> None:
        """Refuse to carry what names a column that goes."""
        stay = {old.lower() for old, new in self.step.origins if old == new}
        moved = {name.lower() for name in self.step.before.column_names} - stay
        lost = (names & moved) - {own.lower()}
        if lost:
            raise RefusedError(
                f"{what} of table {self.step.before.name} uses {', '.join(sorted(lost))},"
                " which this migration drops",
                hint="drop it by hand first (the migrations do not know it), then migrate again",
            )

    def _one_key(self) -> bool:
        key = self.step.after.primary_key
        return key is not None and len(key.columns) == 1


def _conflict(column: Column) -> str | None:
    found = (word for word in column.options if word.startswith(ON_CONFLICT))
    return next((word.removeprefix(ON_CONFLICT) for word in found), None)


def _keeps_rowid(before: Table, after: Table, text: TableText) -> bool:
    """Whether the hidden rowid must be copied, since full-text tables may refer to it."""
    words = (*text.options, *before.options.words, *after.options.words)
    if any("WITHOUT ROWID" in each.upper() for each in words):
        return False
    named = {"rowid", *(name.lower() for t in (before, after) for name in t.column_names)}
    if len(named) <= len({name.lower() for t in (before, after) for name in t.column_names}):
        return False
    return not (is_rowid(before) or is_rowid(after))


def _listed(clause: Clause) -> tuple[str, ...]:
    """Return the names in the first parenthesis of a constraint."""
    text = clause.text[clause.text.find("(") : clause.text.find(")") + 1]
    return tuple(token.value for token in tokens(text) if token.kind in ("name", "word"))


def is_rowid(table: Table) -> bool:
    """Whether the key is an alias of the rowid: one column of type INTEGER."""
    key = table.primary_key
    if key is None or len(key.columns) != 1:
        return False
    names = ("AUTO", "AUTOINCREMENT", "BIGAUTO", "INT", "BIGINT", "SMALLINT", "BOOL")
    return table.column(key.columns[0]).type.name in names


__all__ = ["PREFIX", "Rebuild", "quote_all"]
