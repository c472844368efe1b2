"""From the names in an error to the constraint, and to the line of the model. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from peewee_mig.commands.explaining.knowledge import Knowledge, find_table
from peewee_mig.commands.explaining.said import Said
from peewee_mig.operations.describe import object_words
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import (
    Check,
    Exclusion,
    ForeignKey,
    Index,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.schema import Schema

Constraint = Check | Exclusion | ForeignKey | Index | PrimaryKey | Unique

#: The name of every primary key on MySQL.
_PRIMARY = "PRIMARY"


@dataclass(frozen=True, slots=True)
class Found:
    """What an error is about, as far as it is known.

    ``table``: with the name that the models use; ``constraint``: the part of it; ``live``:
    the same part as the database has it.
    """

    table: Table | None = None
    columns: tuple[str, ...] = ()
    constraint: Constraint | None = None
    live: Constraint | None = None

    @property
    def words(self) -> str:
        """Name the constraint with its definition, as the database calls it."""
        part = self.live or self.constraint
        return object_words(self.table.name, part) if self.table and part else ""

    @property
    def key(self) -> ForeignKey | None:
        """The foreign key, if it is one."""
        part = self.constraint or self.live
        return part if isinstance(part, ForeignKey) else None


def find(said: Said, knowledge: Knowledge) -> Found:
    """Find the table, the columns and the constraint that an error names."""
    live, meant = _constraints(said, knowledge)
    owner, part = meant or live or (None, None)
    table = owner or knowledge.table(said.name("table")) or _only_owner(said, knowledge)
    if part is None and table is not None:
        part = _told_key(said, knowledge)
    columns = columns_of(part, table) if part is not None and table is not None else ()
    columns = columns or _named(said, table)
    return Found(table, columns, part, live[1] if live else None)


def _told_key(said: Said, knowledge: Knowledge) -> ForeignKey | None:
    """Return a foreign key that no schema has yet, as an error tells it."""
    other = knowledge.table(said.name("referred"))
    if said.kind != "key_missing" or other is None or not said.columns:
        return None
    told = said.name("referred_columns")
    primary = other.primary_key.columns if other.primary_key else ()
    columns = tuple(each.strip("` ") for each in told.split(",")) if told else primary
    if len(columns) != len(said.columns):
        return None
    return ForeignKey(said.columns, other.name, columns, name=said.name("constraint") or None)


def _only_owner(said: Said, knowledge: Knowledge) -> Table | None:
    """Return the only table that has the column, where a text names no table."""
    if said.name("table") or not said.columns or said.kind.startswith("missing"):
        return None
    tables = knowledge.schema
    found = [each for each in tables if each.find_column(said.columns[0]) is not None]
    return found[0] if len(found) == 1 else None


def columns_of(part: Constraint, table: Table) -> tuple[str, ...]:
    """Return the columns of a table that a constraint is over."""
    if isinstance(part, ForeignKey | Unique | PrimaryKey):
        return part.columns
    used = part.used if isinstance(part, Index) else part.expression.names
    return tuple(name for name in table.column_names if name in used)


Owned = tuple[Table, Constraint]


def _constraints(said: Said, knowledge: Knowledge) -> tuple[Owned | None, Owned | None]:
    """Return the constraint as the database has it, and as it is meant."""
    live = knowledge.live.schema if knowledge.live else None
    found = _only(_search(live, said, knowledge)) if live is not None else None
    for schema in knowledge.meant:
        if schema is live:
            continue
        same = _same(schema, found) if found else _only(_search(schema, said, knowledge))
        if same is not None:
            return found, same
    return found, None


def _only(found: Iterator[Owned]) -> Owned | None:
    """Return the first, unless other tables have one, too."""
    every = list(found)
    return every[0] if len({table.name for table, _ in every}) == 1 else None


def _search(schema: Schema, said: Said, knowledge: Knowledge) -> Iterator[Owned]:
    """Yield the constraints of a schema that an error can mean, the surest first."""
    table = find_table(schema, said.name("table"))
    tables = [table] if table else [*schema]
    name = said.name("constraint") or (said.name("name") if said.kind == "exists" else "")
    parts = [(each, part) for each in tables for part in _parts(each)]
    if name:
        yield from (each for each in parts if _is_called(*each, name, knowledge))
    if table and said.columns:  # the database makes up names that no model says
        kinds = _KINDS.get(said.kind, ())
        yield from (
            each
            for each in parts
            if isinstance(each[1], kinds)
            and set(columns_of(each[1], table)) == {*said.columns}
            and (not isinstance(each[1], Index) or each[1].unique)
        )


#: Kind of an error -> what it is about, where it names columns and no constraint.
_KINDS: dict[str, tuple[type[Constraint], ...]] = {
    "unique": (PrimaryKey, Unique, Index),
    "unique_rows": (PrimaryKey, Unique, Index),
    "key_missing": (ForeignKey,),
    "key_referred": (ForeignKey,),
    "key_truncate": (ForeignKey,),
}


def _parts(table: Table) -> Iterator[Constraint]:
    primary = (table.primary_key,) if table.primary_key else ()
    yield from chain(primary, table.uniques, table.indexes)
    yield from chain(table.foreign_keys, table.checks, table.exclusions)


def _is_called(table: Table, part: Constraint, name: str, knowledge: Knowledge) -> bool:
    if isinstance(part, PrimaryKey) and name in (_PRIMARY, f"{bare(table.name)}_pkey"):
        return name != _PRIMARY or knowledge.engine == "mysql"
    if part.name is not None and part.name.casefold() == name.casefold():
        return True
    columns = columns_of(part, table)
    if isinstance(part, Check) and _is_checked(table, part, columns, name):
        return True
    return part.name is None and _is_made(table, part, columns, name, knowledge)


def _is_made(
    table: Table, part: Constraint, columns: tuple[str, ...], name: str, knowledge: Knowledge
) -> bool:
    """Whether the engine makes up such a name for the constraint."""
    pattern = knowledge.dialect.made_names.get(type(part))
    if pattern is None or knowledge.engine == "mysql":  # those are numbers, which tell nothing
        return False
    words = pattern.format(table=re.escape(bare(table.name)), columns=re.escape("_".join(columns)))
    return re.fullmatch(words, name) is not None


def _is_checked(table: Table, part: Check, columns: tuple[str, ...], name: str) -> bool:
    """Whether a check without a name is called so.

    SQLite gives its text, or only the first word of that if it stands in quotation marks;
    MariaDB calls one of a column by the column.
    """
    text = part.expression.text
    first = text[1:].partition('"')[0] if text.startswith('"') else ""
    by_column = ".".join((bare(table.name), *columns))
    return _squeezed(name) == _squeezed(text) or name in (first, by_column)


def _squeezed(expression: str) -> str:
    return re.sub(r'[\s"`()]', "", expression).casefold()


def _same(schema: Schema, found: Owned) -> Owned | None:
    """Return the constraint of a schema that is the one found in the database."""
    table = find_table(schema, found[0].name)
    if table is None:
        return None
    wanted = columns_of(found[1], found[0])
    kinds = (Unique, Index) if isinstance(found[1], Unique | Index) else type(found[1])
    same = (e for e in _parts(table) if isinstance(e, kinds) and columns_of(e, table) == wanted)
    return next(((table, each) for each in same), None)


def _named(said: Said, table: Table | None) -> tuple[str, ...]:
    """Return the columns that a text names, spelled as the table does."""
    if table is None:
        return said.columns
    own = {name.casefold(): name for name in table.column_names}
    return tuple(own.get(name.casefold(), name) for name in said.columns)
