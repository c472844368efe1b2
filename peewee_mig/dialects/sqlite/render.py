"""Schema objects as SQLite's DDL, in the form in which Peewee's ``create_tables`` writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from peewee_mig.dialects.sqlite.types import strict_type, text_literal, type_sql
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import (
    NULL_DEFAULT,
    ON_CONFLICT,
    Check,
    Column,
    Computed,
    ForeignKey,
    Index,
    Table,
    Unique,
)
from peewee_mig.schema.standalone import View, VirtualTable
from peewee_mig.schema.words import conflict_words

#: Operators that SQLite calls otherwise than Peewee does.
OPERATORS = {"ILIKE": "LIKE"}


def quote(name: str) -> str:
    """Quote an identifier."""
    return '"' + name.replace('"', '""') + '"'


def quote_all(names: Iterable[str]) -> str:
    """Quote identifiers, with commas between."""
    return ", ".join(quote(name) for name in names)


def quote_table(name: str) -> str:
    """Quote the name of a table or view, which is in no schema here."""
    return quote(bare(name))


def column_sql(column: Column, type_: str | None = None, *, key: str = "") -> str:
    """Spell a column; ``type_`` takes the place of its own, ``key`` stands behind NOT NULL."""
    words = [
        quote(column.name),
        type_ or type_sql(column.type),
        "" if column.null else " ".join(("NOT NULL", *_conflicts(column))),
        key,
        f"COLLATE {_word(column.collation)}" if column.collation else "",
        f"DEFAULT {default_sql(column.default)}" if column.default else "",
        NULL_DEFAULT if NULL_DEFAULT in column.options and not column.default else "",
        _computed(column.computed) if column.computed else "",
    ]
    return " ".join(word for word in words if word)


def _conflicts(column: Column) -> Iterator[str]:
    yield from (word for word in column.options if word.startswith(ON_CONFLICT))


def default_sql(default: Expression) -> str:
    """Spell a default: a literal, or an expression in parentheses."""
    words = expression_sql(default)
    return words if is_literal(default) or _is_time(default) else f"({words})"


def is_literal(default: Expression) -> bool:
    """Whether a default is one value: only such a column can be added to rows."""
    kinds = [token.kind for token in default.tokens]
    if kinds[:1] == ["sign"] and default.tokens[0].value in "+-":
        kinds.pop(0)
    word = default.text.upper() in ("TRUE", "FALSE") or kinds == ["raw"]
    return (kinds in (["text"], ["number"]) and "\0" not in default.text) or word


def expression_sql(expression: Expression) -> str:
    """Spell an expression."""
    return expression.spelled(quote, text_literal, lambda word: OPERATORS.get(word.upper(), word))


def constraint_sql(thing: Check | Unique) -> str:
    """Spell a check or a unique constraint of a table."""
    name = f"CONSTRAINT {quote(thing.name)} " if thing.name else ""
    if isinstance(thing, Check):
        return f"{name}CHECK ({expression_sql(thing.expression)})"
    return f"{name}UNIQUE ({quote_all(thing.columns)}){conflict_words(thing.conflict)}"


def object_sql(thing: View | VirtualTable) -> str:
    """Spell a view or a virtual table."""
    name = quote_table(thing.name)
    if isinstance(thing, View):
        return f"CREATE VIEW {name} AS {expression_sql(thing.select)}"
    # FTS4 knows only options without blanks (measured: SQLite 3.40).
    options = (re.sub(r"^(\w+) = ", r"\1=", each) for each in thing.arguments)
    arguments = f" ({', '.join(options)})" if thing.arguments else ""
    return f"CREATE VIRTUAL TABLE {name} USING {thing.module}{arguments}"


def foreign_key_sql(key: ForeignKey) -> str:
    """Spell a foreign key as a constraint of its table."""
    name = f"CONSTRAINT {quote(key.name)} " if key.name else ""
    return f"{name}FOREIGN KEY ({quote_all(key.columns)}) {references_sql(key)}"


def references_sql(key: ForeignKey) -> str:
    """Spell what a foreign key refers to, and its actions."""
    words = f"REFERENCES {quote_table(key.referred_table)} ({quote_all(key.referred_columns)})"
    words += f" ON DELETE {key.on_delete}" if key.on_delete else ""
    words += f" ON UPDATE {key.on_update}" if key.on_update else ""
    return words + (f" DEFERRABLE {key.deferrable}" if key.deferrable else "")


@dataclass(frozen=True, slots=True)
class Written:
    """What a table has besides our own words for it, as SQL.

    ``columns``, by name; ``clauses`` of our own columns, ``endings`` of keys, ``constraints``
    and ``options`` are added; ``types``, by column, take the place of ours.
    """

    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    clauses: Mapping[str, str] = field(default_factory=dict[str, str])
    types: Mapping[str, str] = field(default_factory=dict[str, str])
    endings: Mapping[ForeignKey, str] = field(default_factory=dict[ForeignKey, str])
    constraints: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    autoincrement: bool = False


def create_table_sql(table: Table, *, name: str = "", written: Written | None = None) -> str:
    """Spell a table."""
    more = written or Written()
    words = (*table.options.words, *more.options)
    key = table.primary_key.columns if table.primary_key else ()
    lines = [_column_line(column, table, words, more) for column in table.columns]
    lines += more.columns.values()
    if len(key) > 1:
        lines.append(f"{_key_words(table)} ({quote_all(key)}){_conflict_of_key(table)}")
    lines += [
        f"{foreign_key_sql(each)} {more.endings.get(each, '')}".rstrip()
        for each in table.foreign_keys
    ]
    lines += map(constraint_sql, table.uniques)
    lines += map(constraint_sql, table.checks)
    lines += more.constraints
    body = ",\n  ".join(lines)
    ending = f" {', '.join(words)}" if words else ""
    return f"CREATE TABLE {quote(name or bare(table.name))} (\n  {body}\n){ending}"


def _column_line(column: Column, table: Table, words: Sequence[str], more: Written) -> str:
    type_ = more.types.get(column.name) or _type(column, words)
    counts = more.autoincrement or column.type.name == "AUTOINCREMENT"
    alone = table.primary_key is not None and table.primary_key.columns == (column.name,)
    ending = f"{_conflict_of_key(table)}{' AUTOINCREMENT' * counts}"
    own = f"{_key_words(table)}{ending}" if alone else ""
    return f"{column_sql(column, type_, key=own)} {more.clauses.get(column.name, '')}".rstrip()


def _key_words(table: Table) -> str:
    name = table.primary_key.name if table.primary_key else None
    return f"CONSTRAINT {quote(name)} PRIMARY KEY" if name else "PRIMARY KEY"


def _conflict_of_key(table: Table) -> str:
    return conflict_words(table.primary_key.conflict if table.primary_key else None)


def create_index_sql(table: str, index: Index) -> str:
    """Spell an index."""
    unique = "UNIQUE " if index.unique else ""
    parts = ", ".join(map(expression_sql, _parts(index.parts))) or quote_all(index.columns)
    where = f" WHERE {expression_sql(index.where)}" if index.where else ""
    return f"CREATE {unique}INDEX {quote(index.name)} ON {quote_table(table)} ({parts}){where}"


def _parts(parts: Sequence[Expression]) -> Iterator[Expression]:
    """Leave out the parentheses that Peewee leaves out, which SQLite does not need.

    Those around the only part, and around CASE.
    """
    for part in parts:
        plain = part.unwrapped
        words = [each.value.upper() for each in plain.tokens if each.kind == "word"]
        case = str(plain.tokens[0]).upper() == "CASE" and str(plain.tokens[-1]).upper() == "END"
        yield plain if len(parts) == 1 or (case and words.count("CASE") == 1) else part


def create_table(table: Table) -> tuple[str, ...]:
    """Spell a table and its indexes."""
    indexes = (create_index_sql(table.name, index) for index in table.indexes)
    return (create_table_sql(table), *indexes)


def _type(column: Column, options: Sequence[str]) -> str:
    return strict_type(column.type) if "STRICT" in options else type_sql(column.type)


def _computed(computed: Computed) -> str:
    kind = "STORED" if computed.stored else "VIRTUAL"
    return f"GENERATED ALWAYS AS ({expression_sql(computed.expression)}) {kind}"


def _is_time(default: Expression) -> bool:
    return default.text.upper() in ("CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME")


def _word(name: str) -> str:
    return name if name.isidentifier() else quote(name)
