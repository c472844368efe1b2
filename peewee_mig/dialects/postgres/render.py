"""Schema objects as PostgreSQL's DDL, and the names that PostgreSQL makes up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.postgres.types import text_literal, type_sql
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.names import bare, qualified, schema_of, split
from peewee_mig.schema.objects import PARTITION_BY, TABLESPACE, Column, Index, Options, Table

#: Bytes of a name that PostgreSQL keeps (NAMEDATALEN - 1).
NAME_BYTES = 63

#: Words before a value that no operator binds less than: the default needs no parentheses.
_SIGNS = ("-", "+")

#: Words behind a part of an index that say nothing of its value.
_ORDER = frozenset({"ASC", "DESC", "NULLS", "FIRST", "LAST"})

METHOD = "USING "


def create_table(dialect: Dialect, table: Table) -> tuple[str, ...]:
    """Spell a table with its indexes and keys, and its comments."""
    create, *others = ddl.create_table(dialect, table)
    words = table.options.words
    kind = "UNLOGGED TABLE" if "UNLOGGED" in words else "TABLE"
    create = create.replace("CREATE TABLE", f"CREATE {kind}", 1)
    create += partitions(dialect, table.options)
    create += "".join(f" {word}" for word in words if word.startswith(METHOD))
    create += f" WITH ({', '.join(storage(table.options))})" if storage(table.options) else ""
    spaces = [word for word in words if word.startswith(TABLESPACE)]
    create += "".join(f" {tablespace(dialect, word)}" for word in spaces)
    return create, *others, *_comments(dialect, table)


def tablespace(dialect: Dialect, word: str) -> str:
    """Spell where rows are, as an option says it."""
    return f"{TABLESPACE}{dialect.quote(word.removeprefix(TABLESPACE))}"


def storage(options: Options) -> tuple[str, ...]:
    """Return the storage parameters among the options of a table."""
    plain = (word for word in options.words if word != options.partitions)
    return tuple(word for word in plain if "=" in word)


def partitions(dialect: Dialect, options: Options) -> str:
    """Spell how a table is partitioned, with a blank before; empty: it is not."""
    key = options.partitions.removeprefix(PARTITION_BY)
    return f" {PARTITION_BY}{dialect.expression_sql(Expression(key))}" if key else ""


def changed_options(dialect: Dialect, old: Options, new: Options) -> Iterator[str]:
    """Spell the changes of an ALTER TABLE that lead from some options to others."""
    before, after = _settings(storage(old)), _settings(storage(new))
    lost = [name for name in before if name not in after]
    changed = [f"{name}={value}" for name, value in after.items() if before.get(name) != value]
    if lost:
        yield f"RESET ({', '.join(lost)})"
    if changed:
        yield f"SET ({', '.join(changed)})"
    if ("UNLOGGED" in old.words) != ("UNLOGGED" in new.words):
        yield "SET UNLOGGED" if "UNLOGGED" in new.words else "SET LOGGED"
    if _word(old, METHOD, "heap") != _word(new, METHOD, "heap"):
        yield f"SET ACCESS METHOD {_word(new, METHOD, 'heap')}"
    space = _word(new, TABLESPACE, "pg_default")
    if _word(old, TABLESPACE, "pg_default") != space:
        yield f"SET {TABLESPACE}{dialect.quote(space)}"


def _settings(words: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def _word(options: Options, prefix: str, usual: str) -> str:
    found = (word.removeprefix(prefix) for word in options.words if word.startswith(prefix))
    return next(found, usual)


def _comments(dialect: Dialect, table: Table) -> Iterator[str]:
    if table.options.comment:
        yield comment_on_table(dialect, table.name, table.options.comment)
    for column in table.columns:
        if column.comment:
            yield comment_on_column(dialect, table.name, column)


def comment_on_table(dialect: Dialect, table: str, comment: str | None) -> str:
    """Spell the comment of a table; none takes away what is there."""
    return f"COMMENT ON TABLE {dialect.quote_table(table)} IS {_comment(comment)}"


def comment_on_column(dialect: Dialect, table: str, column: Column) -> str:
    """Spell the comment of a column; none takes away what is there."""
    place = f"{dialect.quote_table(table)}.{dialect.quote(column.name)}"
    return f"COMMENT ON COLUMN {place} IS {_comment(column.comment)}"


def _comment(comment: str | None) -> str:
    return text_literal(comment) if comment else "NULL"


def column_definition(
    dialect: Dialect, column: Column, *, null: bool | None = None, default: str = ""
) -> str:
    """Spell a column without its keys; ``null`` and ``default`` override its own."""
    takes_null = column.null if null is None else null
    words = f"{dialect.quote(column.name)} {typed(dialect, column)}"
    words += "" if takes_null else " NOT NULL"
    if column.computed is not None:
        kind = "STORED" if column.computed.stored else "VIRTUAL"
        expression = dialect.expression_sql(column.computed.expression)
        return f"{words} GENERATED ALWAYS AS ({expression}) {kind}"
    default = default or default_sql(dialect, column)
    return f"{words} DEFAULT {default}" if default else words


def typed(dialect: Dialect, column: Column) -> str:
    """Spell the type of a column, with its collation."""
    words = type_sql(column.type)
    return words if column.collation is None else f"{words} {collate(dialect, column.collation)}"


def collate(dialect: Dialect, collation: str) -> str:
    """Spell a collation, with its schema if it says one."""
    return f"COLLATE {dialect.quote_table(collation)}"


def default_sql(dialect: Dialect, column: Column) -> str:
    """Spell what the server gives a new row; empty for nothing."""
    if column.sequence is not None:
        return next_value(dialect, column.sequence)
    if column.default is None:
        return ""
    words = dialect.expression_sql(column.default)
    return words if _is_atom(column.default) else f"({words})"


def next_value(dialect: Dialect, sequence: str) -> str:
    """Spell the next value of a sequence."""
    return f"nextval({text_literal(dialect.quote_table(sequence))})"


def _is_atom(expression: Expression) -> bool:
    found = expression.tokens
    signed = len(found) == 2 and found[0].value in _SIGNS  # noqa: PLR2004 (sign and number)
    called = len(found) > 2 and found[0].kind == "word" and found[1].value == "("  # noqa: PLR2004
    whole = called and Expression(" ".join(map(str, found[1:]))).unwrapped.tokens != found[1:]
    empty = called and [each.value for each in found[1:]] == ["(", ")"]
    return len(found) == 1 or signed or whole or empty


def add_column(
    dialect: Dialect, table: str, column: Column, *, null: bool | None = None, default: str = ""
) -> str:
    """Spell a new column; ``null`` and ``default`` override its own."""
    words = column_definition(dialect, column, null=null, default=default)
    return ddl.alter(dialect, table, f"ADD COLUMN {words}")


def create_index(dialect: Dialect, table: str, index: Index) -> str:
    """Spell an index."""
    kind = "UNIQUE INDEX" if index.unique else "INDEX"
    words = f"CREATE {kind} {dialect.quote(index.name)} ON {dialect.quote_table(table)}"
    words += f" USING {dialect.quote(index.using)}" if index.using else ""
    parts = ", ".join(map(dialect.expression_sql, index.parts))
    words += f" ({parts or dialect.quote_all(index.columns)})"
    words += f" INCLUDE ({dialect.quote_all(index.include)})" if index.include else ""
    words += "" if index.nulls_distinct else " NULLS NOT DISTINCT"
    spaces = [word for word in index.options if word.startswith(TABLESPACE)]
    stored = [word for word in index.options if word not in spaces]
    words += f" WITH ({', '.join(stored)})" if stored else ""
    words += "".join(f" {tablespace(dialect, word)}" for word in spaces)
    return words + (f" WHERE {dialect.expression_sql(index.where)}" if index.where else "")


def part_value(part: Expression) -> Expression:
    """Return what a part of an index holds, without its collation, class and order."""
    found = list(part.tokens)
    depth = 0
    for place, token in enumerate(found):
        if depth == 0 and place and token.kind in ("word", "name") and _ends(found, place):
            return Expression(" ".join(map(str, found[:place])))
        if token.kind == "sign":
            depth += (token.value == "(") - (token.value == ")")
    return part


def _ends(found: list, place: int) -> bool:  # type: ignore[type-arg]
    """Whether a word begins what stands behind the value: it follows a value, and no sign."""
    before = found[place - 1]
    return before.kind in ("name", "word", "text", "number") or before.value == ")"


def index_name(table: str, index: str) -> str:
    """Return the whole name of an index: it is in the schema of its table."""
    return qualified(schema_of(table), index)


def stored_name(name: str) -> str:
    """Cut a name as PostgreSQL does: after the last whole character within 63 bytes.

    Source: ``truncate_identifier`` of PostgreSQL's ``scansup.c``, for databases in UTF-8.
    """
    return name.encode()[:NAME_BYTES].decode(errors="ignore")


def stored_table(name: str) -> str:
    """Cut the name of a table, and that of its schema."""
    if len(name.encode()) <= NAME_BYTES:
        return name
    schema, own = split(name)
    return qualified(None if schema is None else stored_name(schema), stored_name(own))


def key_name(name: str) -> str | None:
    """Return the name of a primary key as it is read back; none for one that PostgreSQL makes up.

    A table that was renamed has its key under the name that its first one gave.
    """
    return None if re.fullmatch(r".*_pkey\d*", name, re.DOTALL) else stored_name(name)


def object_name(table: str, columns: tuple[str, ...], label: str) -> str:
    """Return the name that PostgreSQL gives an object: ``table_column_label``.

    Where it is too long, the longer of table and columns is cut byte by byte (source:
    ``makeObjectName`` of PostgreSQL's ``indexcmds.c``).
    """
    first, second = bare(table).encode(), "_".join(columns).encode()[:NAME_BYTES]
    room = NAME_BYTES - len(label) - 1 - (1 if columns else 0)
    one, two = len(first), len(second)
    while one + two > room:
        if one > two:
            one -= 1
        else:
            two -= 1
    parts = [first[:one].decode(errors="ignore"), second[:two].decode(errors="ignore"), label]
    return "_".join(part for part in parts if part)
