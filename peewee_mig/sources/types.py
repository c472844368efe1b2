"""The type of a field's column, and what else its words say.

A field is asked for its DDL with field types that are marked, so that Peewee's own words, which
each database spells its own way, are told from words that are the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from peewee import (
    AutoField,
    CompositeKey,
    Context,
    DeferredForeignKey,
    Field,
    ForeignKeyField,
    PostgresqlDatabase,
)

from peewee_mig.errors import SchemaError
from peewee_mig.schema.expressions import Token
from peewee_mig.schema.names import split
from peewee_mig.schema.types import ARITY, ColumnType, native_type, parse_type, type_by_engine
from peewee_mig.sources.clauses import at_clause, read_clauses
from peewee_mig.sources.reader import Reader
from peewee_mig.sources.sqltext import neutral

#: Without types: Peewee has none.
_CONTEXT: Any = Context

_MARK = "peewee_mig_logical_"
_MARKED = {name: _MARK + name for name in ARITY} | {"DEFAULT": _MARK + "BARE"}
if "JSON" not in PostgresqlDatabase.field_types:  # Peewee 3 writes the word everywhere
    del _MARKED["JSON"]

#: Words that every database writes as they are, so that they are the logical types.
_SAME = frozenset(
    {"CHAR", "DATE", "HSTORE", "INTERVAL", "JSONB", "TEXT", "TIME", "TIMESTAMPTZ", "TSVECTOR"}
    | {"VARCHAR"}
)

#: Words that MySQL writes as they are: the types that can be UNSIGNED.
_SAME_UNSIGNED = {"INTEGER": "INT"} | {
    name: name for name in ("BIGINT", "DECIMAL", "DOUBLE", "FLOAT", "INT", "SMALLINT")
}

#: What numbers the values -> the type that has it -> what it becomes.
_NUMBERED = {
    "AUTOINCREMENT": dict.fromkeys(("AUTO", "INT", "int", "integer"), "AUTOINCREMENT"),
    "AUTO": dict.fromkeys(("AUTO", "INT", "int", "integer"), "AUTO")
    | dict.fromkeys(("BIGAUTO", "BIGINT", "bigint"), "BIGAUTO"),
    "IDENTITY": dict.fromkeys(("INT", "int", "integer"), "IDENTITY")
    | dict.fromkeys(("BIGINT", "bigint"), "BIGIDENTITY"),
    "IDENTITY_ALWAYS": dict.fromkeys(("INT", "int", "integer"), "IDENTITY_ALWAYS")
    | dict.fromkeys(("BIGINT", "bigint"), "BIGIDENTITY_ALWAYS"),
}

#: What an array of playhouse.postgres_ext is made of.
_HELD = "_ArrayField__field"

_LITERAL = re.compile(r"(\w+)(?:\((\d+(?:, ?\d+)*)\))?((?:\[\])*)")


@dataclass(frozen=True, slots=True)
class Declared:
    """What the DDL of a field says: its type, and the tokens of the clauses behind it.

    ``whole``: the clauses hold what the arguments of the field say, too.
    """

    type: ColumnType
    clauses: tuple[Token, ...] = ()
    whole: bool = False


def declared(field: Field) -> Declared:
    """Return what the field's class writes: the type, and the clauses behind it.

    The type of a foreign key is what it refers to, without numbering. Raises
    :exc:`ValueError`, whose text goes on after the field's name, for what has none.
    """
    if isinstance(field, ForeignKeyField):
        return _of_key(field)
    if isinstance(field, DeferredForeignKey):
        raise ValueError(f"waits for a model {field.rel_model_name!r} that no module defines")  # noqa: TRY004 (as below)
    said = type_of(field)
    if said is not None:
        return Declared(said)
    enum = enum_of(field)
    if enum is not None:
        return Declared(enum_type(enum[0], dimensions=_dimensions(field)))
    kind: Any = type(field)
    if _own(kind, "ddl"):
        return _of_ddl(field)
    return _of_reader(Reader.of(_sql(field, "ddl_datatype")))


def numbered(type_: ColumnType, numbering: str) -> ColumnType:
    """Return a type whose values the database numbers; :exc:`ValueError` if it cannot."""
    name = _NUMBERED[numbering].get(type_.name) if numbering else type_.name
    if name is None:
        raise ValueError(
            f"has the type {type_} with {numbering} behind it, which no logical type is;"
            " use AutoField, BigAutoField or IdentityField"
        )
    return ColumnType(name, type_.args, type_.dimensions)


def unsigned(type_: ColumnType) -> ColumnType:
    """Return the logical type for the words of a number that MySQL writes as they are."""
    match = _LITERAL.fullmatch(str(type_).upper())
    name = _SAME_UNSIGNED.get(match[1]) if match and type_.native else None
    return (_logical(name, match[2], match[3]) if name and match else None) or type_


def enum_of(field: Any) -> tuple[str, tuple[str, ...]] | None:  # noqa: ANN401 (the user's)
    """Return the name and the values of the enum type that a field declares, if it does.

    A field declares one by an attribute ``peewee_mig_enum = ("mood", ["sad", "happy"])`` of
    its class or of itself.
    """
    held = getattr(field, _HELD, field)
    value = getattr(field, "peewee_mig_enum", None) or getattr(held, "peewee_mig_enum", None)
    if value is None:
        return None
    right = isinstance(value, list | tuple) and len(value) == 2  # noqa: PLR2004 (name, values)
    if not right or not isinstance(value[0], str) or not all(isinstance(v, str) for v in value[1]):
        raise ValueError(f'has peewee_mig_enum = {value!r}; write ("name", ["one", "other"])')
    return value[0], tuple(value[1])


def type_of(field: Any) -> ColumnType | None:  # noqa: ANN401 (the user's)
    """Return the type that a field says by ``peewee_mig_type``, if it does.

    A text (``"citext"``), or texts by engine with the others under ``""``
    (``{"postgres": "inet", "": "VARCHAR(45)"}``), on its class or on itself.
    """
    value = getattr(field, "peewee_mig_type", None)
    if value is None:
        return None
    types = value if isinstance(value, dict) else {"": value}
    if not all(isinstance(each, str) and each.strip() for each in types.values()):
        raise ValueError(
            f'has peewee_mig_type = {value!r}; write "citext", or'
            ' {"postgres": "inet", "": "VARCHAR(45)"}'
        )
    try:
        return type_by_engine({name: _said_type(text) for name, text in types.items()})
    except SchemaError as error:
        raise ValueError(
            f"has peewee_mig_type = {value!r}: {error.message}"
            + (f"; {error.hint}" if error.hint else "")
        ) from error


def said_type(field: Any) -> ColumnType | None:  # noqa: ANN401 (the user's)
    """Return the type that a field says, or what it refers to; ``None`` if nobody says one."""
    try:
        return type_of(_end_of_chain(field))
    except ValueError:
        return None


def _said_type(text: str) -> ColumnType:
    """Read a type that Peewee calls so, else one of the database."""
    words = " ".join(text.split())
    match = _LITERAL.fullmatch(words)
    is_known = match is not None and match[1] in ARITY
    return parse_type(words) if is_known else native_type(words)


def enum_type(name: str, *, dimensions: int = 0) -> ColumnType:
    """Return the type of a column that has an enum type of that name."""
    words = (part for part in split(name) if part is not None)
    plain = (w if re.fullmatch(r"[a-z_][a-z0-9_]*", w) else str(Token("name", w)) for w in words)
    return ColumnType(".".join(plain), (), dimensions)


def _dimensions(field: Any) -> int:  # noqa: ANN401 (Peewee's)
    return int(field.dimensions) if hasattr(field, _HELD) else 0


def referred_field(key: ForeignKeyField) -> Any:  # noqa: ANN401 (a composite key is no Field)
    """Return the field that a key refers to, as it is now: it may have been deferred once."""
    field = key.rel_field
    return key.rel_model._meta.fields.get(getattr(field, "name", None), field)  # noqa: SLF001 (Peewee's)


def _end_of_chain(field: Any) -> Any:  # noqa: ANN401 (Peewee's)
    """Follow a chain of foreign keys to the field that is none; :exc:`ValueError` if endless."""
    seen: list[Field] = []
    while isinstance(field, ForeignKeyField):
        if any(field is each for each in seen):
            raise ValueError("refers to itself")
        seen.append(field)
        target = referred_field(field)
        composite = isinstance(target, CompositeKey)
        if composite or not isinstance(target, Field):
            kind = "a composite" if composite else "no"
            text = f"refers to {field.rel_model.__name__}, which has {kind} primary key"
            raise ValueError(f"{text}; name a unique field with field=")
        field = target
    return field


@cache
def _own(kind: type[object], method: str) -> bool:
    """Whether a field class outside Peewee has its own method."""
    return next(each for each in kind.__mro__ if method in vars(each)).__module__ != "peewee"


def _of_key(key: ForeignKeyField) -> Declared:
    """Read the type of a key; what the type says beyond, such as UNSIGNED, is that of the key."""
    kind: Any = type(key)
    method = next((name for name in ("ddl", "ddl_datatype") if _own(kind, name)), "")
    if method:
        raise ValueError(f"has a class of foreign keys with its own {method} ({kind.__name__})")
    end = _end_of_chain(key)
    found = declared(end)
    if isinstance(end, AutoField) or found.whole:
        clauses = read_clauses(Reader(found.clauses), end.column_name, ())
        signs = tuple(Token("word", word) for word in clauses.options if word == "UNSIGNED")
        type_ = unsigned(found.type) if signs else found.type
        return Declared(numbered(type_, clauses.numbering).plain, signs)
    return Declared(found.type.plain, found.clauses)


def _of_ddl(field: Any) -> Declared:  # noqa: ANN401 (Peewee's)
    """Read the type and the clauses from the whole DDL."""
    reader = Reader.of(_sql(field, "ddl"))
    token = reader.peek()
    if token is None or token.value != field.column_name or token.kind not in ("name", "word"):
        raise reader.wrong()
    reader.next()
    return replace(_of_reader(reader), whole=True)


def _sql(field: Any, method: str) -> str:  # noqa: ANN401 (Peewee's)
    try:
        node = getattr(field, method)(_CONTEXT(field_types=_MARKED))
        return "" if node is None else neutral(node, field_types=_MARKED)
    except ValueError:
        raise
    except Exception as error:
        kind = type(field).__name__
        raise ValueError(
            f"has a field class whose {method} fails without a database ({kind}:"
            f" {type(error).__name__}: {error})"
        ) from error


def _of_reader(reader: Reader) -> Declared:
    words = reader.until(lambda: at_clause(reader))
    return Declared(_type(words), reader.rest())


def _type(words: Sequence[Token]) -> ColumnType:
    """Return the type that words say: a logical one if they are marked, or the same everywhere."""
    sql = _spelled(words)
    match = _LITERAL.fullmatch(sql)
    word = match[1] if match else ""
    name = word.removeprefix(_MARK)
    if sql in ("", "DEFAULT", _MARK + "BARE"):
        return ColumnType("BARE")
    if match and (word != name or name.upper() in _SAME):
        known = _logical(name.upper(), match[2], match[3])
        if known is not None:
            return known
    return native_type(sql.replace(_MARK, ""))


def _logical(name: str, args: str | None, dimensions: str) -> ColumnType | None:
    numbers = tuple(int(each) for each in args.split(",")) if args else ()
    known = len(numbers) in ARITY.get(name, ())
    return ColumnType(name, numbers, dimensions.count("[]")) if known else None


def _spelled(words: Sequence[Token]) -> str:
    """Spell a type as catalogs do: ``numeric(10,2)``, ``timestamp(3) without time zone``."""
    text = ""
    for token in words:
        word = str(token)
        tight = token.kind == "sign" and word in ("(", ")", ",", "[", "]", "[]", ".")
        open_ = text[-1:] in ("", "(", ",", "[", ".")
        text += word if tight or open_ else f" {word}"
    return text
