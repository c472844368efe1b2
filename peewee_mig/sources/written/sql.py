"""Expressions as a person writes them: quotation marks only where they are needed."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from peewee_mig.layout import Group, Node, string
from peewee_mig.schema.expressions import Expression, Token, expression
from peewee_mig.schema.names import split

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


def plain(value: Expression, columns: Collection[str]) -> str:
    """Spell an expression without quotation marks around its columns, if it can be read so."""

    def name(text: str) -> str:
        return text if _PLAIN.fullmatch(text) and text in columns else str(Token("name", text))

    bare = value.spelled(name, lambda text: str(Token("text", text)))
    return bare if expression(bare, columns, marks_text=True) == value else value.text


def default(value: Expression, columns: Collection[str], engine: str) -> str:
    """Spell a default: only PostgreSQL takes one of several words without parentheses."""
    words = plain(value, columns)
    found = value.tokens
    if engine == "postgres":
        return words
    signed = len(found) == 2 and found[0].kind == "sign" and found[1].kind == "number"  # noqa: PLR2004
    return words if len(found) == 1 or signed else f"({words})"


def collation(name: str) -> str:
    """Spell a collation, with its schema if it has one."""
    return table(name)


def table(name: str) -> str:
    """Spell the name of a table, with its schema if it has one."""
    schema, own = split(name)
    return quoted(own) if schema is None else f"{quoted(schema)}.{quoted(own)}"


def names(columns: Sequence[str]) -> str:
    """Spell a list of columns."""
    return ", ".join(quoted(column) for column in columns)


def quoted(name: str) -> str:
    """Spell a name, in quotation marks where it needs them."""
    return (
        name if _PLAIN.fullmatch(name) and name.upper() not in _WORDS else str(Token("name", name))
    )


def sql(text: str) -> Group:
    """Wrap text of SQL for Peewee, whose drivers take ``%`` for a place."""
    return Group("SQL(", (("", string(text.replace("%", "%%"))),), ")")


def check(text: str, name: str | None) -> Group:
    """Call Peewee's ``Check``."""
    items: list[tuple[str, Node]] = [("", string(text.replace("%", "%%")))]
    items += [("name=", string(name))] if name else []
    return Group("Check(", tuple(items), ")")


#: Words that must be quoted as names on one engine at least; any that is missing is a column
#: that somebody called so, and the engine says it.
_WORDS = frozenset({
    "ADD", "ALL", "ALTER", "ANALYZE", "AND", "ANY", "AS", "ASC", "BEFORE", "BETWEEN", "BOTH",
    "BY", "CASE", "CAST", "CHANGE", "CHECK", "COLLATE", "COLUMN", "CONDITION", "CONSTRAINT",
    "CREATE", "CROSS", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "CURRENT_USER",
    "DATABASE", "DEFAULT", "DEFERRABLE", "DELETE", "DESC", "DESCRIBE", "DISTINCT", "DIV", "DO",
    "DROP", "EACH", "ELSE", "END", "ESCAPE", "EXCEPT", "EXISTS", "EXPLAIN", "FALSE", "FETCH",
    "FOR", "FOREIGN", "FROM", "FULL", "FUNCTION", "GRANT", "GROUP", "GROUPS", "HAVING", "IF",
    "IGNORE", "IN", "INDEX", "INDEXED", "INNER", "INSERT", "INTERSECT", "INTERVAL", "INTO", "IS",
    "ISNULL", "JOIN", "KEY", "KEYS", "KILL", "LAST", "LEADING", "LEFT", "LIKE", "LIMIT", "LINES",
    "LOAD", "LOCK", "LONG", "LOOP", "MATCH", "MOD", "NATURAL", "NOT", "NOTNULL", "NULL", "OFFSET",
    "ON", "ONLY", "OPTION", "OR", "ORDER", "OUT", "OUTER", "OVER", "PARTITION", "PLACING",
    "PRIMARY", "PROCEDURE", "RANGE", "RANK", "READ", "READS", "RECURSIVE", "REFERENCES", "REGEXP",
    "RELEASE", "RENAME", "REPEAT", "REPLACE", "REQUIRE", "RESTRICT", "RETURN", "RETURNING",
    "REVOKE", "RIGHT", "RLIKE", "ROW", "ROWS", "SCHEMA", "SELECT", "SESSION_USER", "SET", "SHOW",
    "SIMILAR", "SOME", "SQL", "SSL", "STARTING", "SYSTEM", "TABLE", "THEN", "TO", "TRAILING",
    "TRIGGER", "TRUE", "UNDO", "UNION", "UNIQUE", "UNLOCK", "UNSIGNED", "UPDATE", "USAGE", "USE",
    "USER", "USING", "VALUES", "VARIADIC", "VARYING", "VERBOSE", "WHEN", "WHERE", "WHILE",
    "WINDOW", "WITH", "WRITE", "XOR",
})  # fmt: skip
