"""Schema objects as MySQL's DDL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.lowering import in_primary_key
from peewee_mig.dialects.mysql.kept import Kept
from peewee_mig.dialects.mysql.parts import METHODS, leading_columns, part_of
from peewee_mig.dialects.mysql.texts import default_sql
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import Column, ForeignKey, Index, Options, Table

_NUMBERED = " AUTO_INCREMENT"
_CHARSET = "CHARACTER SET "
_SIGNS = ("UNSIGNED", "ZEROFILL")


def create_table(dialect: Dialect, table: Table) -> tuple[str, ...]:
    """Spell a table with its keys and indexes; a key after an index that has its own's name."""
    late = [key for key in table.foreign_keys if _makes_way(key, table)]
    early = tuple(key for key in table.foreign_keys if key not in late)
    whole = replace(table, columns=numbered_in_key(table), foreign_keys=early)
    create, *rest = ddl.create_table(dialect, whole)
    return (
        " ".join((create, *option_words(dialect, table.options))),
        *rest,
        *(ddl.add_foreign_key(dialect, table.name, key) for key in late),
    )


def create_own_table(dialect: Dialect, table: Table) -> tuple[str, ...]:
    """Spell a table that takes any text and transactions, whatever the database's defaults."""
    create, *rest = create_table(dialect, table)
    return (f"{create} DEFAULT CHARSET=utf8mb4 ENGINE=InnoDB", *rest)


def option_words(dialect: Dialect, options: Options) -> Iterator[str]:
    """Yield the settings behind a table."""
    yield from options.words
    if options.comment is not None:
        yield f"COMMENT={dialect.text_sql(options.comment)}"


def create_index(dialect: Dialect, table: str, index: Index) -> str:
    """Spell an index; its method is its kind, or goes before its table."""
    kind, name, place = _index_words(dialect, index)
    return f"CREATE {kind} {name} ON {dialect.quote_table(table)} {place}"


def add_index(dialect: Dialect, index: Index) -> str:
    """Spell an index as a part of ALTER TABLE."""
    return f"ADD {' '.join(_index_words(dialect, index))}"


def _index_words(dialect: Dialect, index: Index) -> tuple[str, str, str]:
    """Return the kind of an index, its name with the method, and its columns."""
    kinds = {"fulltext": "FULLTEXT ", "spatial": "SPATIAL "}
    kind = kinds.get(index.using or "", "UNIQUE " if index.unique else "")
    method = f" USING {index.using.upper()}" if index.using and index.using not in kinds else ""
    parts = dialect.quote_all(index.columns) or ", ".join(
        _part(dialect, part) for part in index.parts
    )
    return f"{kind}INDEX", f"{dialect.quote(index.name)}{method}", f"({parts})"


def _part(dialect: Dialect, part: Expression) -> str:
    """Spell a part of an index; an expression of MySQL's is in parentheses."""
    found = part_of(part)
    order = " DESC" if found.descending else ""
    if found.column is None:
        return f"({dialect.expression_sql(found.over.unwrapped)}){order}"
    prefix = f"({found.prefix})" if found.prefix else ""
    return f"{dialect.quote(found.column)}{prefix}{order}"


def definition(
    dialect: Dialect,
    column: Column,
    kept: Kept = Kept(),  # noqa: B008 (a value, frozen)
    *,
    null: bool | None = None,
    default: str = "",
) -> str:
    """Spell a whole definition without keys; ``null`` and ``default`` override the column's."""
    words = (
        dialect.quote(column.name),
        type_words(dialect, column),
        kept.collation,
        *_computed(dialect, column),
        *_null(column, column.null if null is None else null),
        *_default(dialect, column, default),
        *(word for word in column.options if word.startswith("ON UPDATE")),
        *([] if column.comment is None else [f"COMMENT {dialect.text_sql(column.comment)}"]),
        *kept.options,
    )
    return " ".join(filter(None, words))


def type_words(dialect: Dialect, column: Column) -> str:
    """Spell the type of a column with all that makes its values other values."""
    base, numbered, _ = dialect.type_sql(column.type).partition(_NUMBERED)
    words = (
        base,
        *(word for word in _SIGNS if word in column.options),
        *(word for word in column.options if word.startswith(_CHARSET)),
        *([f"COLLATE {column.collation}"] if column.collation else []),
    )
    return " ".join(words) + numbered


def _computed(dialect: Dialect, column: Column) -> Iterator[str]:
    if column.computed is not None:
        expression = dialect.expression_sql(column.computed.expression)
        kind = "STORED" if column.computed.stored else "VIRTUAL"
        yield f"GENERATED ALWAYS AS ({expression}) {kind}"


def _null(column: Column, null: bool) -> Iterator[str]:  # noqa: FBT001 (called by place)
    """Spell NOT NULL, which MariaDB does not take in a generated column.

    A timestamp takes no NULL unless it says so, with an old default of some servers.
    """
    if column.computed is None and not null:
        yield "NOT NULL"
    elif column.computed is None and column.type.name.startswith("timestamp"):
        yield "NULL"


def _default(dialect: Dialect, column: Column, default: str) -> Iterator[str]:
    if default:
        yield f"DEFAULT {default}"
    elif column.default is not None:
        spelled = dialect.expression_sql(column.default)
        yield f"DEFAULT {default_sql(column.default, spelled, dialect.type_sql(column.type))}"


def modify(dialect: Dialect, column: Column, kept: Kept = Kept()) -> str:  # noqa: B008 (a value, frozen)
    """Spell the change of a column: its whole definition, without its keys."""
    return f"MODIFY {definition(dialect, column, kept)}"


def plain(column: Column) -> Column:
    """Return the column without AUTO_INCREMENT, which only a key column can have."""
    return replace(column, type=column.type.plain)


def numbered_in_key(table: Table) -> tuple[Column, ...]:
    """Return the columns of a table; those outside of its primary key do not number themselves."""
    return tuple(each if in_primary_key(table, each) else plain(each) for each in table.columns)


def takes_place(index: Index, key: ForeignKey) -> bool:
    """Whether an index takes the name or the place of the one that InnoDB makes for a key.

    One that serves the key itself may. One over texts serves none, but the server drops the
    other for it: then the table cannot be changed any more (measured, MariaDB 10.11).
    """
    columns = leading_columns(replace(index, using=None))
    if columns[: len(key.columns)] == key.columns:
        return index.using in METHODS
    made = key.name or key.columns[0]
    return index.name.casefold() == made.casefold()


def _makes_way(key: ForeignKey, table: Table) -> bool:
    named = [Index(each.name, each.columns) for each in table.uniques if each.name]
    return any(takes_place(index, key) for index in (*table.indexes, *named))
