"""A table -> the class of its model, and the lines behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from peewee_mig.layout import INDENT, Group, Node, laid_out, string
from peewee_mig.schema.names import split
from peewee_mig.schema.objects import (
    ON_CONFLICT,
    TABLESPACE,
    Check,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    Table,
    Unique,
)
from peewee_mig.sources.written import sql
from peewee_mig.sources.written.book import Through, deferred_name
from peewee_mig.sources.written.fields import Fields
from peewee_mig.sources.written.sql import Speller

#: Words of options that are attributes of Meta.
_FLAGS = {"STRICT": "strict_tables", "WITHOUT ROWID": "without_rowid"}


@dataclass(frozen=True)
class Writer:
    """Writes one model; ``throughs``: the many-to-many relations that it owns."""

    fields: Fields
    base: str
    throughs: tuple[Through, ...] = ()

    @property
    def table(self) -> Table:
        """The table."""
        return self.fields.table

    @property
    def _class(self) -> str:
        return self.fields.book.classes[self.table.name]

    def lines(self) -> list[str]:
        """Return the class, and the statements that add its other indexes."""
        body = [line for column in self.table.columns for line in self.field(column.name)]
        body += [line for each in self.throughs for line in self._many_to_many(each)]
        meta = [
            line
            for name, node in self._meta()
            for line in laid_out(INDENT * 2, f"{name} = ", node, "")
        ]
        found = [f"class {self._class}({self.base}):", *body, "", f"{INDENT}class Meta:", *meta]
        more = [line for each in self._indexes() for line in laid_out("", "", each, "")]
        return [*found, *(["", "", *more] if more else [])]

    def field(self, column: str) -> list[str]:
        """Return the lines of a field."""
        name, node = self.fields.line(self.table.column(column))
        return laid_out(INDENT, f"{name} = ", node, "")

    def _many_to_many(self, through: Through) -> list[str]:
        book, kinds = self.fields.book, self.fields.kinds
        items: tuple[tuple[str, Node], ...] = (
            ("", book.classes[through.other]),
            ("backref=", string(through.backref)),
            ("through_model=", deferred_name(book.classes[through.table])),
        )
        call = Group(f"{kinds.use('peewee', 'ManyToManyField')}(", items, ")")
        return laid_out(INDENT, f"{through.attribute} = ", call, "")

    def _meta(self) -> Iterator[tuple[str, Node]]:
        schema, name = split(self.table.name)
        yield "table_name", string(name)
        if schema is not None:
            yield "schema", string(schema)
        yield from self.primary_key()
        yield from self.options(self.table.options)
        indexes: list[Node] = [*self._plain_indexes()]
        if indexes:
            yield "indexes", _tuple(indexes)
        constraints = [*self._constraints()]
        if constraints:
            yield "constraints", Group("[", tuple(("", each) for each in constraints), "]")

    def primary_key(self) -> Iterator[tuple[str, Node]]:
        """Yield what ``Meta`` says of the key, if a field does not."""
        key = self.table.primary_key
        if key is None:
            yield "primary_key", "False"
        elif len(key.columns) > 1:
            names = [self.fields.book.attribute(self.table.name, each) for each in key.columns]
            word = self.fields.kinds.use("peewee", "CompositeKey")
            yield "primary_key", Group(f"{word}(", tuple(("", string(n)) for n in names), ")")

    def options(self, options: Options) -> Iterator[tuple[str, Node]]:
        """Yield what ``Meta`` says of the options and the comment."""
        settings = []
        for word in options.words:
            if word in _FLAGS:
                yield _FLAGS[word], "True"
            else:
                settings.append(_setting(word))
        if settings:
            yield "table_settings", Group("[", tuple(("", string(e)) for e in settings), "]")
        if options.comment is not None:
            yield "comment", string(options.comment)

    def _plain_indexes(self) -> Iterator[Group]:
        """Yield the indexes over several columns that have the name that Peewee gives them."""
        for index in self.table.indexes:
            usual = index.name == self.fields.usual_index(index.columns)
            if index.plain and len(index.columns) > 1 and usual:
                self.fields.said.indexes.add(index.name)
                yield _tuple([_tuple(self._attributes(index)), str(index.unique)])

    def _attributes(self, index: Index) -> list[Node]:
        book = self.fields.book
        return [string(book.attribute(self.table.name, each)) for each in index.columns]

    def _constraints(self) -> Iterator[Node]:
        said, table = self.fields.said.constraints, self.table
        things: tuple[Check | Unique | Exclusion | ForeignKey, ...] = (
            *table.checks,
            *table.uniques,
            *table.exclusions,
            *table.foreign_keys,
        )
        yield from (self.constraint(each) for each in things if each not in said)

    def constraint(self, thing: Check | Unique | Exclusion | ForeignKey) -> Node:
        """Return a constraint as ``Meta.constraints`` has it."""
        spell, columns = self.fields.spell, self.table.column_names
        match thing:
            case Check():
                return sql.check(spell.plain(thing.expression, columns), thing.name)
            case Unique():
                words = _unique(thing, spell)
            case Exclusion():
                words = f"EXCLUDE {spell.plain(thing.expression, columns)}"
            case ForeignKey():
                words = _key(thing, spell)
        name = f"CONSTRAINT {spell.quoted(thing.name)} " if thing.name else ""
        return sql.sql(name + words)

    def _indexes(self) -> Iterator[Group]:
        for index in self.table.indexes:
            if index.name not in self.fields.said.indexes:
                yield self.index(index)

    def _makes_gin(self, column: str) -> bool:
        return self.fields.kinds.is_indexed(self.table.column(column).type)

    def index(self, index: Index) -> Group:
        """Return the statement that adds an index to the model."""
        if not index.plain or any(map(self._makes_gin, index.columns)):
            raw = sql.sql(_create_index(self.table, index, self.fields.spell))
            return Group(f"{self._class}.add_index(", (("", raw),), ")")
        names = self.fields.book.attributes
        items = [("", f"{self._class}.{names[self.table.name, c]}") for c in index.columns]
        items += [("unique=", "True")] if index.unique else []
        items.append(("name=", string(index.name)))
        return Group(f"{self._class}.add_index(", tuple(items), ")")


def _setting(word: str) -> str:
    """Spell a setting: what has a small letter first stands in WITH."""
    name, _, value = word.partition("=")
    return f"WITH ({name}={value})" if value and name == name.lower() else word


def _unique(unique: Unique, spell: Speller) -> str:
    nulls = "" if unique.nulls_distinct else " NULLS NOT DISTINCT"
    later = f" DEFERRABLE {unique.deferrable}" if unique.deferrable else ""
    conflict = f" {ON_CONFLICT}{unique.conflict}" if unique.conflict else ""
    return f"UNIQUE{nulls} ({spell.names(unique.columns)}){later}{conflict}"


def _key(key: ForeignKey, spell: Speller) -> str:
    words = f"FOREIGN KEY ({spell.names(key.columns)}) REFERENCES {spell.table(key.referred_table)}"
    words += f" ({spell.names(key.referred_columns)})"
    words += f" ON DELETE {key.on_delete}" if key.on_delete else ""
    words += f" ON UPDATE {key.on_update}" if key.on_update else ""
    return words + (f" DEFERRABLE {key.deferrable}" if key.deferrable else "")


def _create_index(table: Table, index: Index, spell: Speller) -> str:
    columns = table.column_names
    method = {"fulltext": "FULLTEXT ", "spatial": "SPATIAL "}.get(index.using or "", "")
    words = f"CREATE {'UNIQUE ' if index.unique else ''}{method}INDEX {spell.quoted(index.name)}"
    using = f" USING {index.using}" if index.using and not method else ""
    parts = [spell.plain(each, columns) for each in index.parts]
    words += (
        f" ON {spell.table(table.name)}{using} ({', '.join(parts) or spell.names(index.columns)})"
    )
    words += f" INCLUDE ({spell.names(index.include)})" if index.include else ""
    words += "" if index.nulls_distinct else " NULLS NOT DISTINCT"
    settings = [each for each in index.options if not each.startswith(TABLESPACE)]
    words += f" WITH ({', '.join(settings)})" if settings else ""
    words += "".join(f" {each}" for each in index.options if each not in settings)
    where = index.where and spell.plain(index.where, columns)
    return words + (f" WHERE {where}" if where else "")


def _tuple(items: list[Node]) -> Group:
    return Group("(", tuple(("", each) for each in items), ",)" if len(items) == 1 else ")")
