"""Clauses of a CREATE TABLE, and the text of a CREATE INDEX, as objects of our kinds. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from peewee_mig.dialects.sqlite.ddl import Clause, Token, inner, standard, tokens
from peewee_mig.errors import SchemaError
from peewee_mig.schema.expressions import Expression, expression
from peewee_mig.schema.objects import Check, Computed, Index, Table, Unique
from peewee_mig.schema.standalone import VirtualTable

#: Words of a clause that no kind of ours has.
_MORE = {"DESC", "COLLATE"}
#: Clauses that say what happens to a row in the way.
_CHOOSING = ("not null", "unique", "primary key")


def check_of(clause: Clause, columns: Sequence[str]) -> Check:
    """Read a check of a column or table."""
    return Check(_expression(inner(clause.text), columns), name_of(clause))


def unique_of(clause: Clause, column: str = "") -> Unique:
    """Read a unique constraint; ``column``: the one that it stands at."""
    columns = (column,) if column else names_of(inner(clause.text))
    return Unique(columns, name_of(clause), conflict=conflict_of(clause))


def computed_of(clause: Clause, columns: Sequence[str]) -> Computed:
    """Read what a generated column is computed from."""
    stored = tokens(clause.text)[-1].value.upper() == "STORED"
    return Computed(_expression(inner(clause.text), columns), stored)


def _expression(sql: str, columns: Sequence[str]) -> Expression:
    return expression(standard(sql), columns, marks_text=True)


def collation_of(clause: Clause) -> str:
    """Read the name of a collation."""
    return tokens(clause.text)[-1].value


def deferral_of(clause: Clause) -> str | None:
    """Read when a foreign key is checked, if not at once."""
    words = [token.value.upper() for token in tokens(clause.text) if token.kind == "word"]
    if "DEFERRABLE" not in words or words[words.index("DEFERRABLE") - 1] == "NOT":
        return None
    ending = words[words.index("DEFERRABLE") + 1 :][:2]
    return " ".join(ending) if ending == ["INITIALLY", "DEFERRED"] else "INITIALLY IMMEDIATE"


def name_of(clause: Clause) -> str | None:
    """Return the name that a constraint was given."""
    first, *rest = tokens(clause.text)
    return rest[0].value if first.value.upper() == "CONSTRAINT" and first.kind == "word" else None


def names_of(text: str) -> tuple[str, ...]:
    """Return names that are listed with commas between."""
    return tuple(token.value for token in tokens(text) if token.kind in ("name", "word"))


def is_special(clause: Clause) -> bool:
    """Whether a clause of a kind of ours says more than ours do."""
    if clause.kind in ("check", "default", "generated", "collate"):
        return "CONFLICT" in _words(clause.text.rpartition(")")[2])
    more = _MORE if clause.kind in _CHOOSING else {*_MORE, "CONFLICT"}
    return bool(more & set(_words(clause.text)))


def conflict_of(clause: Clause) -> str | None:
    """Read what happens to a row in the way, if that is not as usual."""
    words = [token.value.upper() if token.kind == "word" else "" for token in tokens(clause.text)]
    pairs = zip(words, words[1:], words[2:], strict=False)
    said = (word for *before, word in pairs if before == ["ON", "CONFLICT"])
    word = next(said, "ABORT")
    return None if word == "ABORT" else word


def index_of(sql: str, name: str, *, unique: bool, columns: Sequence[str]) -> Index:
    """Read a CREATE INDEX that pragmas do not tell all of."""
    listed, behind = _list_of_index(sql)
    where = None
    if behind and behind[0].value.upper() == "WHERE":
        where = _expression(sql[behind[1].start : behind[-1].end], columns)
    parts = (plain_part(expression(standard(sql[i[0].start : i[-1].end]), columns)) for i in listed)
    return Index(name, (), unique, parts=tuple(parts), where=where)


def plain_part(part: Expression) -> Expression:
    """Leave out the word ASC, which says nothing."""
    found = part.tokens
    if found[-1].kind == "word" and found[-1].value.upper() == "ASC":
        return Expression(part.text[: -len("ASC")])
    return part


def virtual_of(sql: str, name: str) -> VirtualTable:
    """Read a CREATE VIRTUAL TABLE."""
    all_tokens = tokens(sql)
    using = next(i for i, t in enumerate(all_tokens) if t.value.upper() == "USING")
    module = all_tokens[using + 1]
    listed: list[list[Token]] = []
    if len(all_tokens) > using + 2:
        listed, _ = _list_of_index(sql)
    arguments = (sql[item[0].start : item[-1].end] for item in listed if item)
    return VirtualTable(name, module.value, tuple(arguments))


def is_same_check(clause: Clause, table: Table) -> bool:
    """Whether a check as written is one that a table declares."""
    try:
        found = check_of(clause, table.column_names)
    except SchemaError:
        return False
    return any(found.expression == each.expression for each in table.checks)


def _list_of_index(sql: str) -> tuple[list[list[Token]], list[Token]]:
    """Return the tokens of each part, and those behind the parenthesis."""
    all_tokens = tokens(sql)
    opening = next(i for i, t in enumerate(all_tokens) if t.kind == "mark" and t.value == "(")
    depth, items = 0, [list[Token]()]
    for place, token in enumerate(all_tokens[opening:], opening):
        mark = token.value if token.kind == "mark" else ""
        depth += (mark == "(") - (mark == ")")
        if depth == 0:
            return items, all_tokens[place + 1 :]
        if depth == 1 and mark == ",":
            items.append([])
        elif place != opening:
            items[-1].append(token)
    raise SchemaError(f"the index {sql!r} does not end")


def _words(text: str) -> Iterable[str]:
    return (token.value.upper() for token in tokens(text) if token.kind == "word")
