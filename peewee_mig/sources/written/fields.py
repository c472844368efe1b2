"""A column -> the line of its field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from peewee_mig.layout import Group, Node, string
from peewee_mig.schema.names import split
from peewee_mig.schema.objects import (
    ON_CONFLICT,
    Check,
    Column,
    ForeignKey,
    Index,
    Table,
    Unique,
)
from peewee_mig.sources.naming import truncated
from peewee_mig.sources.written import sql
from peewee_mig.sources.written.book import Book, options_of_type
from peewee_mig.sources.written.kinds import Kinds

Items = Iterator[tuple[str, Node]]


@dataclass
class Said:
    """What fields have said of their table, so that nothing says it again."""

    indexes: set[str] = field(default_factory=set[str])
    constraints: set[Check | Unique | ForeignKey] = field(
        default_factory=set[Check | Unique | ForeignKey]
    )


@dataclass(frozen=True)
class Fields:
    """Writes the fields of one table; ``made``: the classes that stand before it."""

    table: Table
    book: Book
    kinds: Kinds
    made: frozenset[str]
    said: Said = field(default_factory=Said)

    def line(self, column: Column) -> tuple[str, Node]:
        """Return the attribute of a column, and the call that makes it."""
        name = self.book.attribute(self.table.name, column.name)
        key = self.book.relations.get((self.table.name, column.name))
        return name, self._plain(name, column) if key is None else self._key(name, column, key)

    def usual_index(self, columns: tuple[str, ...]) -> str:
        """Return what Peewee calls an index over columns."""
        prefix = self.book.classes[self.table.name].lower()
        return truncated(f"{prefix}_{clean('_'.join(columns))}")

    @property
    def spell(self) -> sql.Speller:
        """Spells for the engine."""
        return sql.Speller(self.kinds.engine)

    @property
    def _alone(self) -> str:
        """The column that is the primary key, if it is one."""
        key = self.table.primary_key
        return key.columns[0] if key and len(key.columns) == 1 else ""

    def _plain(self, name: str, column: Column) -> Group:
        kind = self.kinds.kind(column, is_key=column.name == self._alone)
        items = [*kind.arguments]
        items += self._named(name, column) if name != column.name else ()
        items += (
            [("primary_key=", "True")] if self._alone == column.name and not kind.is_key else []
        )
        items += self._index(column, "gin" if kind.is_indexed else None, by_default=kind.is_indexed)
        items += self._rest(column, kind.clauses)
        return Group(f"{kind.name}(", tuple(items), ")")

    def _key(self, name: str, column: Column, key: ForeignKey) -> Group:
        self.said.constraints.add(key)
        place = (self.table.name, column.name)
        items = [*self._target(key)]
        usual = name if name.endswith("_id") else f"{name}_id"
        items += self._named(name, column) if usual != column.name else ()
        if place in self.book.ids:
            items.append(("object_id_name=", string(self.book.ids[place])))
        items.append(("backref=", string(self.book.backrefs[place])))
        for word in ("on_delete", "on_update", "deferrable"):
            value = getattr(key, word)
            items += [(f"{word}=", string(value))] if value else []
        items += [("constraint_name=", string(key.name))] if key.name else []
        items += [("primary_key=", "True")] if self._alone == column.name else []
        items += self._index(column, None, by_default=True)
        items += self._rest(column, ())
        class_ = "ForeignKeyField" if self._is_made(key) else "DeferredForeignKey"
        return Group(f"{self.kinds.use('peewee', class_)}(", tuple(items), ")")

    def _is_made(self, key: ForeignKey) -> bool:
        return key.referred_table in self.made | {self.table.name}

    def _target(self, key: ForeignKey) -> Items:
        class_ = self.book.classes[key.referred_table]
        if key.referred_table == self.table.name:
            yield "", string("self")
        else:
            yield "", class_ if self._is_made(key) else string(class_)
        yield from self._referred(key)

    def _referred(self, key: ForeignKey) -> Items:
        name = self.book.attribute(key.referred_table, key.referred_columns[0])
        if (key.referred_table, key.referred_columns) not in self.book.alone:
            yield "field=", string(name)

    def _named(self, _name: str, column: Column) -> Items:
        yield "column_name=", string(column.name)

    def _index(self, column: Column, using: str | None, *, by_default: bool) -> Items:
        """Say whether there is an index that Peewee would make of this field by its flags."""
        usual = self.usual_index((column.name,))
        found = self.table.find_index(usual)
        plain = Index(usual, (column.name,), unique=bool(found and found.unique), using=using)
        if found is None or found.structure != plain.structure or column.name == self._alone:
            if by_default and column.name != self._alone:
                yield "index=", "False"
            return
        self.said.indexes.add(usual)
        if found.unique:
            yield "unique=", "True"
        elif not by_default:
            yield "index=", "True"

    def _rest(self, column: Column, clauses: tuple[str, ...]) -> Items:
        if column.null:
            yield "null=", "True"
        if column.collation:
            yield "collation=", string(self.spell.collation(column.collation))
        if column.sequence:
            yield "sequence=", string(self._sequence(column.sequence))
        constraints = [*map(sql.sql, clauses), *self._constraints(column)]
        if constraints:
            items = tuple(("", each) for each in constraints)
            yield "constraints=", Group("[", items, "]")
        if column.comment:
            yield "help_text=", string(column.comment)

    def _sequence(self, name: str) -> str:
        schema, own = split(name)
        return own if schema == split(self.table.name)[0] else name

    def _constraints(self, column: Column) -> Iterator[Node]:
        columns = self.table.column_names
        yield from map(sql.sql, self._conflicts(column))
        if column.default is not None:
            yield sql.sql(f"DEFAULT {self.spell.default(column.default, columns)}")
        if column.computed is not None:
            stored = "STORED" if column.computed.stored else "VIRTUAL"
            words = self.spell.plain(column.computed.expression, columns)
            yield sql.sql(f"GENERATED ALWAYS AS ({words}) {stored}")
        for word in column.options:
            if word not in options_of_type(column) and not word.startswith(ON_CONFLICT):
                yield sql.sql(word)
        for check in self.table.checks:
            if check.name is None and check.expression.names == {column.name}:
                self.said.constraints.add(check)
                yield sql.check(self.spell.plain(check.expression, columns), None)
        unique = self.table.find_unique((column.name,))
        if unique == Unique((column.name,)):
            self.said.constraints.add(unique)
            yield sql.sql("UNIQUE")

    def _conflicts(self, column: Column) -> Iterator[str]:
        """Yield what SQLite does with a bad value: it stands behind NOT NULL or PRIMARY KEY."""
        key = self.table.primary_key
        if key and key.conflict and self._alone == column.name:
            yield f"{ON_CONFLICT}{key.conflict}"
        yield from (word for word in column.options if word.startswith(ON_CONFLICT))


def clean(words: str) -> str:
    """Leave out what Peewee leaves out of the names of indexes."""
    return "".join(char for char in words if char.isalnum() or char == "_")
