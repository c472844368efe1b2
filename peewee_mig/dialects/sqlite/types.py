"""Logical types in SQLite's words, constants, and casts.

Source: ``SqliteDatabase.field_types`` and ``peewee.FIELD`` (Peewee 4.5.3).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import assert_never

from peewee_mig.dialects.guards import FALSE_WORDS, TRUE_WORDS
from peewee_mig.errors import RefusedError
from peewee_mig.operations.verbs import Constant, Fill, Function, Generated
from peewee_mig.schema.types import ARITY, ColumnType, native_type

_WORDS = {
    "ANY": "ANY",
    "AUTO": "INTEGER",
    "AUTOINCREMENT": "INTEGER",
    "BARE": "",
    "BIGAUTO": "INTEGER",
    "BIGINT": "INTEGER",
    "BLOB": "BLOB",
    "BOOL": "INTEGER",
    "CHAR": "CHAR",
    "DATE": "DATE",
    "DATETIME": "DATETIME",
    "DECIMAL": "DECIMAL",
    "DOUBLE": "REAL",
    "FLOAT": "REAL",
    "INT": "INTEGER",
    "JSON": "TEXT",
    "JSONB": "JSONB",
    "SMALLINT": "INTEGER",
    "TEXT": "TEXT",
    "TIME": "TIME",
    "UUID": "TEXT",
    "UUIDB": "BLOB",
    "VARCHAR": "VARCHAR",
}

#: SQLite's words -> the logical type that stands for all types spelled so.
_LOGICAL = {"INTEGER": "INT", "REAL": "FLOAT", "": "BARE"}
_SYNONYMS = {"DOUBLE PRECISION": "DOUBLE"}
#: A number of any digits: SQLite does not hold values to those that a type has.
_DECIMAL = ColumnType("DECIMAL", (0, 0))

_INTEGERS = {"INT", "BIGINT", "SMALLINT", "AUTO", "AUTOINCREMENT", "BIGAUTO", "BOOL"}
_REALS = {"FLOAT", "DOUBLE", "DECIMAL"}
_TEXTS = {"VARCHAR", "CHAR", "TEXT"}
_TIMES = {"DATETIME": "datetime", "DATE": "date", "TIME": "time"}
_BLOBS = {"BLOB", "UUIDB"}
_UUID_DIGITS = 32
#: What a type says that gives its column an affinity, in this order.
_AFFINITIES = (
    ("INTEGER", ("INT",)),
    ("TEXT", ("CHAR", "CLOB", "TEXT")),
    ("BLOB", ("BLOB",)),
    ("REAL", ("REAL", "FLOA", "DOUB")),
)

_TRUE = ", ".join(f"'{word}'" for word in TRUE_WORDS)
_FALSE = ", ".join(f"'{word}'" for word in FALSE_WORDS)
#: The bytes of hexadecimal digits, one by one: there is no unhex() before SQLite 3.41.
_DIGIT = "instr('0123456789abcdef', substr(digits, n{}, 1))"
_UNHEX = (
    "(WITH RECURSIVE byte(n, digits, done) AS (SELECT 1, lower(replace({0}, '-', '')), x''"
    f" UNION ALL SELECT n + 2, digits, CAST(done || substr(x'{bytes(range(256)).hex()}',"
    f" 16 * ({_DIGIT.format('')} - 1) + {_DIGIT.format(' + 1')}, 1) AS BLOB)"
    " FROM byte WHERE n < 32 AND digits IS NOT NULL) SELECT done FROM byte WHERE n = 33)"
)
#: Days and moments in the form in which Peewee stores and compares them; others stay.
_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_AS_DAY = f"CASE WHEN {{0}} GLOB '{_DAY}*' THEN substr({{0}}, 1, 10) ELSE {{0}} END"
_AS_MOMENT = (
    f"CASE WHEN {{0}} GLOB '{_DAY}' THEN {{0}} || ' 00:00:00'"
    f" WHEN {{0}} GLOB '{_DAY}[ T][0-9][0-9]:[0-9][0-9]'"
    " THEN substr({0}, 1, 10) || ' ' || substr({0}, 12) || ':00'"
    f" WHEN {{0}} GLOB '{_DAY}T*' THEN substr({{0}}, 1, 10) || ' ' || substr({{0}}, 12)"
    " ELSE {0} END"
)
#: What stands in quotation marks, or outside of them.
_PIECES = re.compile(r"""("[^"]*"|'[^']*')|[^"']+""")
#: From, to, and the cast; the first that fits.
_CASTS = (
    ({"DATETIME", *_TEXTS}, {"DATE"}, _AS_DAY),
    ({"DATE", *_TEXTS}, {"DATETIME"}, _AS_MOMENT),
    (_TEXTS, {"UUID"}, "lower(replace({0}, '-', ''))"),
    (_TEXTS, {"UUIDB"}, _UNHEX),
    ({"UUID"}, _BLOBS, _UNHEX),
    ({"UUIDB"}, {*_TEXTS, "UUID"}, "nullif(lower(hex({0})), '')"),
    ({"BLOB"}, {"UUID"}, "nullif(lower(hex({0})), '')"),
    (_TEXTS, {"BOOL"}, f"lower(trim({{0}})) IN ({_TRUE})"),
    (_TEXTS, _BLOBS, "CAST({0} AS BLOB)"),
    (_BLOBS, _TEXTS, "CAST({0} AS TEXT)"),
    (_REALS, _INTEGERS, "CAST({0} AS INTEGER)"),
)
#: What is true of a value that is none of a type.
_BAD = {
    "JSON": "NOT json_valid({0})",
    "UUID": ("length(replace({0}, '-', '')) <> 32 OR replace({0}, '-', '') GLOB '*[^0-9a-fA-F]*'"),
}

_UUID_HEX = (
    "lower(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) ||"
    " substr('89AB', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) ||"
    " hex(randomblob(6)))"
)
_EMPTY = {
    "BLOB": "X''",
    "UUIDB": f"X'{'00' * 16}'",
    "UUID": f"'{'0' * 32}'",
    "JSON": "'null'",
    "DATE": "'1970-01-01'",
    "DATETIME": "'1970-01-01 00:00:00'",
    "TIME": "'00:00:00'",
}


def type_sql(type_: ColumnType) -> str:
    """Spell a logical type as Peewee does; a native one, whose capitals are lost, in capitals."""
    if type_.native:
        return _outside(str(type_), lambda words: words.replace(",", ", ").upper())
    if type_.name not in _WORDS or type_.dimensions:
        raise RefusedError(
            f"SQLite has no column type {type_}",
            hint="use another field, or leave sqlite out of `engines` in the configuration",
        )
    return str(ColumnType(_WORDS[type_.name], type_.args))


def _outside(text: str, change: Callable[[str], str]) -> str:
    """Change what is not in quotation marks."""
    return _PIECES.sub(lambda each: each[0] if each[1] else change(each[0]), text)


def _compact(words: str) -> str:
    """Leave out the blanks around signs, as native types of models have none."""
    return re.sub(r"\s*([(),])\s*", r"\1", words)


def strict_type(type_: ColumnType) -> str:
    """Spell a logical type for a STRICT table, which takes no other words than these."""
    word = _WORDS.get(type_.name, "ANY")
    if word in ("INTEGER", "REAL", "TEXT", "BLOB"):
        return word
    return "TEXT" if type_.name in ("VARCHAR", "CHAR") else "ANY"


def logical_type(text: str) -> ColumnType:
    """Read a type of the catalog back; types that SQLite spells alike become one."""
    name, _, rest = text.upper().partition("(")
    args = rest.rstrip(") ").split(",") if rest else []
    numbers = tuple(int(each) for each in args if each.strip().isdigit())
    name = _LOGICAL.get(name.strip(), name.strip())
    if name not in ARITY or len(numbers) not in ARITY[name]:
        return native_type(_outside(text, _compact))
    return ColumnType(name, numbers)


def normal_type(type_: ColumnType) -> ColumnType:
    """Return the logical type as it is read back."""
    return logical_type(type_sql(type_))


def meaning(type_: ColumnType) -> ColumnType:
    """Return the logical type whose values a native type has, if its words say just that.

    Not of words with another affinity than those of Peewee: ``uuid`` makes numbers of digits.
    """
    if not type_.native or type_.dimensions:
        return type_
    words = type_.name.upper()
    exact = words.partition("(")[0].strip() in ("DECIMAL", "NUMERIC")
    found = _DECIMAL if exact else logical_type(_SYNONYMS.get(words, words))
    alike = found.name in _WORDS and affinity(type_sql(found)) == affinity(words)
    return found if alike else type_


def literal(constant: Constant) -> str:
    """Spell a constant."""
    match constant.value:
        case bool() as flag:
            return str(int(flag))
        case int() | float() as number:
            return repr(number)
        case str() as text:
            return text_literal(text)
        case bytes() as data:
            return f"X'{data.hex()}'"
        case _:
            assert_never(constant.value)


def text_literal(text: str) -> str:
    """Spell a text; a NUL, which ends a statement, is spelled as ``char(0)``."""
    quoted = "'" + text.replace("'", "''") + "'"
    return "(" + quoted.replace("\0", "' || char(0) || '") + ")" if "\0" in text else quoted


def fill_sql(fill: Fill, type_: ColumnType) -> str:
    """Spell the value that existing rows get, in the form in which Peewee stores it."""
    match fill:
        case Constant():
            return literal(fill)
        case Generated():
            return _generated(fill.function, type_)
        case _:
            assert_never(fill)


def _generated(function: Function, type_: ColumnType) -> str:
    match function:
        case "now" | "utcnow" | "today":
            return _time(function, type_)
        case "uuid4":
            return "randomblob(16)" if type_.name == "UUIDB" else _UUID_HEX
        case "empty":
            return _EMPTY.get(type_.name, "''" if type_.name in _TEXTS else "0")
        case _:
            assert_never(function)


def _time(function: Function, type_: ColumnType) -> str:
    """Spell a moment for a column; numbers hold seconds since 1970 (``TimestampField``)."""
    if type_.name in _INTEGERS | _REALS:
        day = ", 'localtime', 'start of day', 'utc'" if function == "today" else ""
        return f"CAST(strftime('%s', 'now'{day}) AS INTEGER)"
    zone = "" if function == "utcnow" else ", 'localtime'"
    forms = {"DATE": "%Y-%m-%d", "TIME": "%H:%M:%f"}
    if function == "today":
        return f"strftime('%Y-%m-%d', 'now'{zone})"
    return f"strftime('{forms.get(type_.name, '%Y-%m-%d %H:%M:%f')}', 'now'{zone})"


def cast_sql(value: str, old: ColumnType, new: ColumnType) -> str:
    """Spell the copy of a value into a column of another type.

    Most copies need no words: the affinity of the new column converts. UUIDs as text get
    the form that Peewee looks up, 32 lower-case digits.
    """
    old, new = meaning(old), meaning(new)
    found = (v for olds, news, v in _CASTS if old.name in olds and new.name in news)
    return value if old.name == new.name else next(found, "{0}").format(value)


def value_in(value: str, old: ColumnType, new: ColumnType) -> str:
    """Spell what a value is in a column of another type: its affinity converts."""
    old, new = meaning(old), meaning(new)
    value = cast_sql(value, old, new)
    if new.name in _INTEGERS or new.name in _REALS:
        return f"CAST({value} AS {type_sql(new)})"
    return f"CAST({value} AS TEXT)" if new.name in _TEXTS else value


def bad_value(value: str, old: ColumnType, new: ColumnType) -> str:
    """Spell the condition that a value cannot be held unchanged; empty: all can.

    Measured on SQLite 3.40: the affinity of a column turns '007' into 7 and '1e3' into
    1000 without a word, and keeps 'abc' as text in an INTEGER column.
    """
    if new.name in _INTEGERS:
        return _bad_integer(value, old, new)
    if new.name in _REALS:
        return _bad_real(value, old, new)
    if new.name in _TIMES:
        return _bad_time(value, old, new)
    if old.name == "BLOB" and new.name in _TEXTS:
        return _bad_bytes(value, new)
    return "" if new.name == old.name else _bad_words(value, old, new)


def native_misfit(value: str, old: ColumnType, new: ColumnType) -> str:
    """Spell the condition that the affinity of a native type changes a value.

    Source: https://sqlite.org/datatype3.html#determination_of_column_affinity.
    """
    one, other = affinity(type_sql(old)), affinity(type_sql(new))
    if other in (one, "TEXT", "BLOB"):
        return ""
    if one in ("TEXT", "BLOB"):
        number = f"{value} NOT GLOB '*[^0-9.eE+-]*' AND {value} GLOB '*[0-9]*'"
        changed = f"CAST(CAST({value} AS NUMERIC) AS TEXT) <> {value}"
        return f"typeof({value}) = 'text' AND {number} AND {changed}"
    return f"abs({value}) > {2**53}" if other == "REAL" else ""


def strict_misfit(value: str, old: ColumnType, new: ColumnType) -> str:
    """Spell the condition that a STRICT table does not take a value; empty: it takes all.

    ``CAST(x AS NUMERIC) = x`` compares as the affinity of a column converts: ``12abc`` is not 12.
    Source: https://sqlite.org/stricttables.html and datatype3.html#type_conversions.
    """
    value = cast_sql(value, old, new)
    number = f"CAST({value} AS NUMERIC)"
    integer = f"CAST({value} AS INTEGER) = {number} AND {number} = {value}"
    taken = {
        "INTEGER": integer,
        "REAL": f"{number} = {value}",
        "TEXT": f"typeof({value}) <> 'blob'",
        "BLOB": f"typeof({value}) = 'blob'",
    }.get(strict_type(new))
    return f"NOT ({taken})" if taken else ""


def affinity(words: str) -> str:
    """Return the affinity of a type in words."""
    for affinity_, parts in _AFFINITIES:
        if any(part in words.upper() for part in parts):
            return affinity_
    return "NUMERIC" if words else "BLOB"


def _bad_integer(value: str, old: ColumnType, new: ColumnType) -> str:
    if new.name == "BOOL" and old.name in _TEXTS:
        return f"lower(trim({value})) NOT IN ({_TRUE}, {_FALSE})"
    if new.name == "BOOL":
        return f"{value} NOT IN (0, 1)" if old.name != "BOOL" else ""
    if old.name in _INTEGERS:
        return ""
    if old.name in _REALS:
        return f"CAST({value} AS INTEGER) <> {value}"
    return f"CAST(CAST({value} AS INTEGER) AS TEXT) <> {value}"


def _bad_real(value: str, old: ColumnType, new: ColumnType) -> str:
    if old.name in _TEXTS:
        return _not_number(value)
    if old.name in _INTEGERS and new.name != "DECIMAL":
        return f"abs({value}) > {2**53}"  # what eight bytes hold exactly
    return ""


def _bad_words(value: str, old: ColumnType, new: ColumnType) -> str:
    """Spell what is true of what is no JSON or UUID, whose bytes are 16."""
    if old.name in _BLOBS:
        of_uuid = "UUID" in (new.name, old.name[:4], new.name[:4]) and new.name != "BLOB"
        if of_uuid and 0 < new.limit < _UUID_DIGITS:
            return "TRUE"
        return f"typeof({value}) <> 'blob' OR length({value}) <> 16" if of_uuid else ""
    name = "UUID" if new.name == "UUIDB" or (old.name, new.name) == ("UUID", "BLOB") else new.name
    return _BAD.get(name, "").format(value)


def _bad_bytes(value: str, new: ColumnType) -> str:
    """Spell what is true of bytes that are no text in UTF-8, or a longer one.

    SQLite takes all bytes for a text, but a character that is none is another one when it is
    made anew. It cuts texts at NUL. Walked by parts, since each step copies what is left.
    """
    text = f"CAST({value} AS TEXT)"
    walk = (
        f"WITH RECURSIVE part(head, rest) AS (SELECT '', {text} UNION ALL"
        " SELECT substr(rest, 1, 1000), substr(rest, 1001) FROM part WHERE rest <> ''),"
        " letter(head, rest) AS (SELECT '', head FROM part UNION ALL"
        " SELECT substr(rest, 1, 1), substr(rest, 2) FROM letter WHERE rest <> '')"
        " SELECT 1 FROM letter WHERE head <> '' AND char(unicode(head)) <> head"
    )
    bad = f"instr({value}, x'00') OR EXISTS ({walk})"
    if new.limit:
        bad = f"{bad} OR length({text}) > {new.limit}"
    return f"typeof({value}) = 'blob' AND ({bad})"


def _bad_time(value: str, old: ColumnType, new: ColumnType) -> str:
    if old.name == "DATETIME" and new.name == "DATE":
        return f"time({value}) <> '00:00:00'"
    if old.name not in _TEXTS:
        return ""
    if new.name == "TIME":
        return f"time({value}) IS NULL OR {value} NOT GLOB '[0-2][0-9]:[0-5][0-9]*'"
    # SQLite reads numbers as days, and takes 30 February until it has to calculate.
    day = f"substr({value}, 1, 10)"
    wrong = f"{_TIMES[new.name]}({value}) IS NULL OR date({day}, '+0 days') IS NOT {day}"
    return f"{wrong} OR time({value}) <> '00:00:00'" if new.name == "DATE" else wrong


def _not_number(value: str) -> str:
    return f"{value} GLOB '*[^0-9.+-]*' OR {value} NOT GLOB '*[0-9]*'"
