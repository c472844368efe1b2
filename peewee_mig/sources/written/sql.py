"""Expressions as a person writes them: quotation marks only where they are needed."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from peewee_mig.layout import Group, Node, Text, string
from peewee_mig.schema.expressions import Expression, Token, expression
from peewee_mig.schema.names import split

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Speller:
    """Spells for an engine, in raw SQL that Peewee hands to it as it is."""

    engine: str

    def plain(self, value: Expression, columns: Collection[str]) -> str:
        """Spell an expression without quotation marks around its columns, if it can be read so."""

        def name(text: str) -> str:
            return text if _PLAIN.fullmatch(text) and text in columns else self._marked(text)

        bare = value.spelled(name, _text)
        read = expression(bare, columns, marks_text=True)
        return bare if read == value else value.spelled(self._marked, _text)

    def default(self, value: Expression, columns: Collection[str]) -> str:
        """Spell a default: only PostgreSQL takes one of several words without parentheses."""
        words = self.plain(value, columns)
        found = value.tokens
        signed = [each.kind for each in found] == ["sign", "number"]
        return words if self.engine == "postgres" or len(found) == 1 or signed else f"({words})"

    def table(self, name: str) -> str:
        """Spell the name of a table or collation, with its schema if it has one."""
        schema, own = split(name)
        return self.quoted(own) if schema is None else f"{self.quoted(schema)}.{self.quoted(own)}"

    def collation(self, name: str) -> str:
        """Spell a collation; only PostgreSQL looks at its case."""
        return self.table(name) if self.engine == "postgres" else name

    def names(self, columns: Sequence[str]) -> str:
        """Spell a list of columns."""
        return ", ".join(self.quoted(column) for column in columns)

    def quoted(self, name: str) -> str:
        """Spell a name, in quotation marks where it needs them."""
        return name if _PLAIN.fullmatch(name) and name.upper() not in _WORDS else self._marked(name)

    def _marked(self, name: str) -> str:
        """Spell a name in quotation marks, which are those of a text on MySQL."""
        if self.engine == "mysql":
            return f"`{name.replace('`', '``')}`"
        return str(Token("name", name))


def _text(value: str) -> str:
    return str(Token("text", value))


def sql(text: str) -> Group:
    """Wrap text of SQL for Peewee, whose drivers take ``%`` for a place."""
    return Group("SQL(", (("", Text(text.replace("%", "%%"))),), ")")


def check(text: str, name: str | None) -> Group:
    """Call Peewee's ``Check``."""
    items: list[tuple[str, Node]] = [("", Text(text.replace("%", "%%")))]
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
