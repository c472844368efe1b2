"""Columns that move to a related table: which rows their values belong to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from peewee_mig.diff.renames import Candidate, Renames
from peewee_mig.errors import SchemaError
from peewee_mig.operations.replay import is_key
from peewee_mig.operations.verbs import Copy
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema

#: Pairs of equal columns: of the table that gets values, and of the one that has them.
Relation = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """Two tables as they were: ``source`` loses a column, ``table`` gets one."""

    source: Table
    table: Table

    @property
    def relation(self) -> Relation | None:
        """How each row of the table finds its one row of the source.

        ``None``: not at all, or in more than one way.
        """
        found = {*self._by_keys_of_table(), *self._by_keys_of_source()}
        return found.pop() if len(found) == 1 else None

    def _by_keys_of_table(self) -> Iterator[Relation]:
        for key in self.table.foreign_keys:
            if key.referred_table == self.source.name:
                yield tuple(zip(key.columns, key.referred_columns, strict=True))

    def _by_keys_of_source(self) -> Iterator[Relation]:
        for key in self.source.foreign_keys:
            if key.referred_table == self.table.name and is_key(self.source, key.columns):
                yield tuple(zip(key.referred_columns, key.columns, strict=True))


def sides(before: Schema, renames: Renames, place: tuple[str, str]) -> Sides:
    """Return the tables of the column at ``place``, of which an answer says that it moved there."""
    source, _ = renames.moves[place]
    return Sides(before.table(source), before.table(renames.old_table(place[0])))


def copies(
    before: Schema, after: Schema, renames: Renames, namer: Callable[[str], Callable[[str], str]]
) -> tuple[Copy, ...]:
    """Return the operations that copy what moved; :exc:`SchemaError` where nothing relates rows.

    They belong behind the addition of the columns, before that of keys and indexes. ``namer``:
    of a table by its new name, the names that its columns have then.
    """
    return tuple(_copy(before, after, renames, namer, place) for place in renames.moves)


def _copy(
    before: Schema,
    after: Schema,
    renames: Renames,
    namer: Callable[[str], Callable[[str], str]],
    place: tuple[str, str],
) -> Copy:
    (table, column), (source, old) = place, renames.moves[place]
    relation = sides(before, renames, place).relation
    if relation is None:
        raise SchemaError(f"no foreign key tells which row of {source} has {table}.{column}")
    kept = renames.new_table(source)
    stays = kept in after and renames.old_table(kept) == source
    of_source = namer(kept) if stays else str
    on = tuple((namer(table)(own), of_source(other)) for own, other in relation)
    back = stays and is_key(after.table(table), [own for own, _ in on])
    return Copy(table, column, kept, of_source(old), on, back)


def reversible(copy: Copy, schema: Schema) -> Copy:
    """Return a copy whose way back is left out where keys that it needs come later."""
    return replace(copy, back=copy.back and is_key(schema.table(copy.table), copy.columns))


def keys_needed(before: Schema, renames: Renames, table: str) -> set[tuple[str, ...]]:
    """Return the unique columns of a table, by its old name, that tell which row is related."""
    found = [sides(before, renames, place) for place in renames.moves]
    pairs = [(each, each.relation or ()) for each in found]
    own = {tuple(a for a, _ in pair) for each, pair in pairs if each.table.name == table}
    return own | {tuple(b for _, b in pair) for each, pair in pairs if each.source.name == table}


def refuse_doomed(renames: Renames, doomed: Collection[str]) -> None:
    """Refuse to drop a table before its values are copied."""
    for (table, column), (source, old) in renames.moves.items():
        if source in doomed:
            raise SchemaError(
                f"{source} has to make way for a name or a key before {source}.{old} can be"
                f" copied to {table}.{column}",
                hint="move the column first, drop the table in a second migration",
            )


def refuse_taken(renames: Renames, source: str, old: str) -> None:
    """Refuse to drop a column before its values are copied; names differ by more than case."""
    for (table, column), place in renames.moves.items():
        if place == (source, old):
            raise SchemaError(
                f"another column takes the name of {source}.{old} before that can be copied to"
                f" {table}.{column}",
                hint="move the column first, make the other one in a second migration",
            )


def given_wholly(before: Schema, renames: Renames) -> frozenset[tuple[str, str]]:
    """Return the columns that get a value from another table in each row."""
    return frozenset(
        place
        for place, (_, old) in renames.moves.items()
        if _gives_all(sides(before, renames, place), old)
    )


def _gives_all(found: Sides, old: str) -> bool:
    """Whether each row refers to a row, and that has a value."""
    own = tuple(name for name, _ in found.relation or ())
    refers = any(key.columns == own for key in found.table.foreign_keys)
    needed = [*map(found.table.column, own), found.source.column(old)]
    return refers and not any(each.null for each in needed)


def move_candidates(before: Schema, after: Schema, decided: Renames) -> Iterator[Candidate]:
    """Yield columns that one table lost and a related one got, of one name and type."""
    for table in after:
        was = before.find_table(decided.old_table(table.name))
        if was is None:
            continue
        for source in before:
            for name in _gone(source, after, decided):
                if _has_come(was, table, name, decided) and _is_alike(source, table, name):
                    relation = Sides(source, was).relation
                    if source.name != was.name and relation is not None:
                        yield _candidate(source, table, name, relation, decided)


def _candidate(
    source: Table, table: Table, name: str, relation: Relation, decided: Renames
) -> Candidate:
    own = ", ".join(each for each, _ in relation)
    reason = f"both {table.column(name).type}, and related by {own}"
    now = decided.new_table(source.name)
    return Candidate("move", table.name, name, name, 0.5, reason, now)


def _gone(source: Table, after: Schema, decided: Renames) -> list[str]:
    """Return the columns that a table loses and that were not renamed or moved.

    None of a table whose name another one takes: the question could not say which is meant.
    """
    now = decided.new_table(source.name)
    if decided.old_table(now) != source.name:
        return []
    new = after.find_table(now)
    answers = decided.columns_of(now)
    moved = {old for table, old in decided.moves.values() if table == source.name}
    return [
        name
        for name in source.column_names
        if name not in answers
        and name not in moved
        and (new is None or new.find_column(name) is None)
    ]


def _has_come(was: Table, table: Table, name: str, decided: Renames) -> bool:
    taken = decided.columns_of(table.name).values()
    is_new = table.find_column(name) is not None and was.find_column(name) is None
    return is_new and name not in taken and (table.name, name) not in decided.moves


def _is_alike(source: Table, table: Table, name: str) -> bool:
    """Whether values can be copied as they are; keys are made anew, not moved."""
    old, new = source.column(name), table.column(name)
    if old.computed or new.computed or old.type.auto or new.type.auto:
        return False
    keyed = {each for key in source.foreign_keys for each in key.columns}
    primary = source.primary_key.columns if source.primary_key else ()
    return old.type == new.type and name not in keyed and name not in primary
