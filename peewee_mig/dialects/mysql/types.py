"""Logical types in MySQL's words and back, constants, fills and conversions.

Source of the words: ``MySQLDatabase.field_types`` and ``peewee.FIELD`` (Peewee 4.5.3).
"""

from __future__ import annotations

import json
import math
import re
from typing import assert_never

from peewee_mig.dialects.fills import empty_value
from peewee_mig.dialects.guards import (
    BYTES,
    DATE_PATTERN,
    FALSE_WORDS,
    FLOAT_BITS,
    INTEGER_BITS,
    NUMBERS,
    TEXTS,
    TIMES,
    TRUE_WORDS,
    WHOLE_TIME_PATTERN,
    castable,
    number_misfit,
    number_widens,
)
from peewee_mig.dialects.mysql.native import empty_sql, is_known, normal_words
from peewee_mig.errors import RefusedError
from peewee_mig.operations.verbs import Constant, Fill, Function, Generated
from peewee_mig.schema.types import ColumnType

_WORDS = {
    "AUTO": "INTEGER AUTO_INCREMENT",
    "AUTOINCREMENT": "INTEGER AUTO_INCREMENT",
    "BIGAUTO": "BIGINT AUTO_INCREMENT",
    "BIGINT": "BIGINT",
    "BLOB": "BLOB",
    "BOOL": "BOOL",
    "CHAR": "CHAR",
    "DATE": "DATE",
    "DATETIME": "DATETIME",
    "DECIMAL": "NUMERIC",
    "DOUBLE": "DOUBLE PRECISION",
    "FLOAT": "FLOAT",
    "INT": "INTEGER",
    "JSON": "JSON",
    "SMALLINT": "SMALLINT",
    "TEXT": "TEXT",
    "TIME": "TIME",
    "UUID": "VARCHAR(40)",
    "UUIDB": "VARBINARY(16)",
    "VARCHAR": "VARCHAR",
}

#: The catalog's words -> the logical type that stands for all types spelled so.
_LOGICAL = {
    "bigint": "BIGINT",
    "blob": "BLOB",
    "date": "DATE",
    "datetime": "DATETIME",
    "double": "DOUBLE",
    "float": "FLOAT",
    "int": "INT",
    "json": "JSON",
    "smallint": "SMALLINT",
    "text": "TEXT",
    "time": "TIME",
    "tinyint(1)": "BOOL",
    "varbinary(16)": "UUIDB",
}
_SIZED = re.compile(r"(char|varchar|decimal)\((\d+)(?:,(\d+))?\)")

_LONG = re.compile(r"(?:tiny|medium|long)?(?:text|blob)|json", re.IGNORECASE)

#: 32 hexadecimal digits of a version 4 UUID, random for each row, on all versions.
_UUID_HEX = "insert(insert(md5(concat(uuid(), rand())), 13, 1, '4'), 17, 1, 'a')"
_UUID_TEXT = (
    f"insert(insert(insert(insert({_UUID_HEX}, 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-')"
)
_UUID_PATTERN = "^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$"
_FORMAT_UUID = _UUID_PATTERN.replace("{", "{{").replace("}", "}}")
#: What a text must look like to be read as a type.
_PATTERNS = {
    "BOOL": f"^[[:space:]]*({'|'.join((*TRUE_WORDS, *FALSE_WORDS))})[[:space:]]*$",
    "DATE": f"^{DATE_PATTERN}$",
    "DATETIME": f"^{DATE_PATTERN}([ T]{WHOLE_TIME_PATTERN})?$",
    "TIME": f"^{WHOLE_TIME_PATTERN}$",
    "UUID": _UUID_PATTERN,
    "UUIDB": _UUID_PATTERN,
}
_SURROGATE = r"(?-i)\\x{ED}[\\x{A0}-\\x{BF}]"
_INTEGER_PATTERN = "^[[:space:]]*[-+]?[0-9]{1,30}[[:space:]]*$"
_NUMBER_PATTERN = "^[[:space:]]*[-+]?([0-9]{1,30}[.]?[0-9]{0,30}|[.][0-9]{1,30})[[:space:]]*$"
_TRUE_PATTERN = f"^[[:space:]]*({'|'.join(TRUE_WORDS)})[[:space:]]*$"
#: From, to, the type on the way (empty: that of UUIDs, or the old one) and the value.
_CONVERSIONS = (
    ({*TEXTS, "UUID"}, {"UUIDB"}, "VARBINARY(40)", "unhex(replace({0}, '-', ''))"),
    ({"UUID"}, {"BLOB"}, "VARBINARY(40)", "unhex(replace({0}, '-', ''))"),
    ({"UUIDB"}, {*TEXTS, "UUID"}, "VARBINARY(40)", "lower(hex({0}))"),
    ({"BLOB"}, {"UUID"}, "VARBINARY(40)", "lower(hex({0}))"),
    (TEXTS, {"UUID"}, "", "lower(replace({0}, '-', ''))"),
    (TEXTS, {"BOOL"}, "", f"lower({{0}}) REGEXP '{_TRUE_PATTERN}'"),
    ({"BOOL"}, {"JSON"}, "TEXT", "elt({0} + 1, 'false', 'true')"),
    ({"JSON"}, {"BOOL"}, "TEXT", "trim({0}) = 'true'"),
)
#: The type that keeps every number that such a text has, digit by digit.
_EXACT = "DECIMAL(65, 30)"
#: Casts of which only some values are good, besides those of numbers and texts.
_BAD = {
    ("BLOB", "UUID"): "octet_length({0}) <> 16",
    ("BLOB", "UUIDB"): "octet_length({0}) <> 16",
    ("UUIDB", "UUID"): "octet_length({0}) <> 16",
    ("UUID", "UUIDB"): f"{{0}} NOT REGEXP '{_FORMAT_UUID}'",
    ("UUID", "BLOB"): f"{{0}} NOT REGEXP '{_FORMAT_UUID}'",
    ("JSON", "BOOL"): "json_type({0}) <> 'BOOLEAN'",
    ("DATETIME", "DATE"): "{0} <> date({0})",
    ("DATETIME", "TIME"): "TRUE",
}


def type_sql(type_: ColumnType) -> str:
    """Spell a logical type as Peewee does; a native one as it is."""
    native = type_.native and is_known(str(type_))
    if type_.dimensions or not (native or type_.name in _WORDS):
        raise RefusedError(
            f"MySQL and MariaDB have no column type {type_}",
            hint="use another field, or leave mysql out of `engines` in the configuration",
        )
    if native:
        return str(type_)
    if type_.name == "VARCHAR" and not type_.args:
        raise RefusedError(
            "MySQL and MariaDB have no VARCHAR without a length",
            hint="give the field a max_length, or use a TextField",
        )
    return str(ColumnType(_WORDS[type_.name], type_.args))


def catalog_type(words: str) -> tuple[ColumnType, tuple[str, ...]]:
    """Read a type of a server, and the options of its column that are in it."""
    normal, options = normal_words(words)
    return _logical(normal), options


def meaning(type_: ColumnType) -> ColumnType:
    """Return the logical type whose values a native type has, if its words say just that.

    Sixteen bytes need not be those of a UUID.
    """
    found, options = catalog_type(str(type_).lower()) if type_.native else (type_, ())
    return type_ if options or found.native or found.name == "UUIDB" else found


def text_or_meaning(type_: ColumnType) -> ColumnType:
    """Return the logical type that values come from: of texts of any length, TEXT."""
    text = type_.native and re.fullmatch("(tiny|medium|long)text", str(type_).lower())
    return ColumnType("TEXT") if text else meaning(type_)


def _logical(words: str) -> ColumnType:
    """Read a type in normal words; one that Peewee does not have is native."""
    if words in _LOGICAL:
        return ColumnType(_LOGICAL[words])
    match = _SIZED.fullmatch(words)
    if match is None:
        return ColumnType(words)
    return ColumnType(match[1].upper(), tuple(int(each) for each in match.groups()[1:] if each))


def is_long(words: str) -> bool:
    """Whether a type in words is one of which no key can hold the whole."""
    return _LONG.fullmatch(words) is not None


def normal_type(type_: ColumnType) -> ColumnType:
    """Return a logical type as it is read back."""
    type_sql(type_)  # refuses what no column can have
    if type_.name == "AUTOINCREMENT":
        return ColumnType("AUTO")
    if type_.name == "UUID":
        return ColumnType("VARCHAR", (40,))
    return ColumnType("CHAR", (1,)) if type_ == ColumnType("CHAR") else type_


def literal(constant: Constant, type_: ColumnType) -> str:
    """Spell a constant for a column of that type."""
    value = constant.value
    if type_.name == "JSON" and not isinstance(value, str | bytes):
        return text_literal(json.dumps(value))
    match value:
        case bytes():
            return f"x'{value.hex()}'"
        case str():
            return text_literal(value)
        case bool() | int():
            number = str(int(value))
        case float():
            number = _finite(value)
        case _:
            assert_never(value)
    return number if type_.name in {*NUMBERS, "BOOL"} else text_literal(number)


def text_literal(text: str) -> str:
    """Spell a text, assuming that a backslash escapes (the default of ``sql_mode``)."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''").replace("\0", "\\0") + "'"


def fill_sql(fill: Fill, type_: ColumnType) -> str:
    """Spell the value that existing rows get, in the form in which Peewee stores it."""
    match fill:
        case Constant():
            return literal(fill, type_)
        case Generated():
            return _generated(fill.function, type_)
        case _:
            assert_never(fill)


def conversion(column: str, old: ColumnType, new: ColumnType) -> tuple[str, str] | None:
    """Return a type on the way and the value it then gets; ``None``: the server converts.

    UUIDs have another spelling as text, in Peewee's UUIDField (32 digits) and as bytes;
    truth has others in JSON and as text.
    """
    one, other = text_or_meaning(old.plain).name, meaning(new.plain).name
    for olds, news, between, value in _CONVERSIONS:
        if one != other and one in olds and other in news:
            return between or type_sql(new if other == "UUID" else old), value.format(column)
    return None


def cast_sql(value: str, old: ColumnType, new: ColumnType) -> str:
    """Spell what a value is after a change of its type."""
    converted = conversion(value, old, new)
    old, new = text_or_meaning(old), meaning(new)
    if converted is not None:
        return converted[1]
    if new.name in TEXTS and old.name not in TEXTS:
        return f"CAST({value} AS CHAR)"
    if new.name in NUMBERS and old.name in TEXTS:
        return f"CAST({value} AS DECIMAL(65, 30))"
    return value


def bad_value(column: str, old: ColumnType, new: ColumnType) -> str:
    """Spell the condition that a value cannot be held unchanged; empty: all can."""
    if not castable(old, new):
        return "TRUE"
    if old.name in NUMBERS and new.name in {*NUMBERS, "BOOL"}:
        kind = "DOUBLE" if old.name in FLOAT_BITS else _EXACT
        return "" if number_widens(old, new) else _misfit(column, new, kind)
    if old.name in TEXTS and new.name not in TEXTS:
        return _bad_text(column, new)
    if new.name in TEXTS:
        return _no_text(column, old, new)
    if old.name == "JSON" and new.name in NUMBERS:
        misfit = _misfit(f"CAST({column} AS {_EXACT})", new, _EXACT)
        number = f"json_type({column}) IN ('INTEGER', 'DOUBLE')"
        return f"CASE WHEN {number} THEN {misfit} ELSE TRUE END"
    return _BAD.get((old.name, new.name), "").format(column)


def _misfit(number: str, new: ColumnType, kind: str) -> str:
    """Spell what is true of a number, of an SQL type, that does not fit.

    A FLOAT is read back with six digits. Source: measured, MariaDB 10.11.
    """
    read = f"CAST(CAST(CAST({number} AS {new.name}) AS CHAR) AS {kind})"
    return number_misfit(number, new, read)


def _no_text(column: str, old: ColumnType, new: ColumnType) -> str:
    """Spell what is true of a longer text, and of bytes that are none in UTF-8.

    What is none becomes question marks on MariaDB, NULL on MySQL; half a pair of surrogates
    is kept, though no client reads it. Measured on MariaDB 10.11.
    """
    text, digits = column, f"2 * octet_length({column})"
    wrong = []
    if old.name == "BLOB":
        text = f"CONVERT({column} USING utf8mb4)"
        wrong.append(f"NOT (CAST({text} AS BINARY) <=> CAST({column} AS BINARY))")
        wrong.append(f"CONVERT({column} USING latin1) REGEXP '{_SURROGATE}'")
    if new.limit:
        length = digits if old.name == "UUIDB" else f"char_length({text})"
        wrong.append(f"{length} > {new.limit}")
    return " OR ".join(wrong)


def _bad_text(column: str, new: ColumnType) -> str:
    if new.name == "JSON":
        return f"NOT json_valid({column})"
    if new.name in NUMBERS:
        pattern = _INTEGER_PATTERN if new.name in INTEGER_BITS else _NUMBER_PATTERN
        misfit = _misfit(f"CAST({column} AS {_EXACT})", new, _EXACT)
        return f"CASE WHEN {column} REGEXP '{pattern}' THEN {misfit} ELSE TRUE END"
    if new.name == "BOOL":
        column = f"lower({column})"
    pattern = _PATTERNS.get(new.name, "")
    return f"{column} NOT REGEXP '{pattern}'" if pattern else ""


def _finite(value: float) -> str:
    if not math.isfinite(value):
        raise RefusedError(
            f"MySQL and MariaDB cannot store the number {value}", hint="use a finite number"
        )
    return repr(value)


def _generated(function: Function, type_: ColumnType) -> str:
    match function:
        case "empty":
            return _empty(type_)
        case "uuid4":
            return _uuid(type_)
        case "now":
            return _time("now(6)", type_)
        case "utcnow":
            return _time("utc_timestamp(6)", type_)
        case "today":
            return _time("current_date", type_)
        case _:
            assert_never(function)


def _empty(type_: ColumnType) -> str:
    if not type_.native:
        return literal(empty_value(type_), type_)
    found = empty_sql(str(type_))
    if not found:
        raise RefusedError(
            f"no value is known that stands for none in a column of the type {type_}",
            hint="make the column null, or give its rows a value with --fill",
        )
    return found


def _uuid(type_: ColumnType) -> str:
    if type_.name in BYTES:
        return f"unhex({_UUID_HEX})"
    return _UUID_TEXT if type_.name in TEXTS else _UUID_HEX


def _time(moment: str, type_: ColumnType) -> str:
    """Spell a moment for a column; numbers hold seconds since 1970 (``TimestampField``)."""
    if type_.name in NUMBERS:
        return f"floor(unix_timestamp({'current_date' if moment == 'current_date' else ''}))"
    if type_.name in TIMES:
        return f"CAST({moment} AS {type_.name})"
    return f"CAST({moment} AS CHAR)"
