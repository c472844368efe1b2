"""Values in another type: how they are cast, and which cannot be held unchanged."""

from __future__ import annotations

import re

from peewee_mig.dialects.guards import (
    BYTES,
    DATE_PATTERN,
    FLOAT_BITS,
    INTEGER_BITS,
    NUMBERS,
    TEXTS,
    TIME_PATTERN,
    castable,
    number_misfit,
    number_widens,
)
from peewee_mig.dialects.postgres.types import meaning, normal_type, plain_type, type_sql
from peewee_mig.errors import RefusedError
from peewee_mig.schema.types import ARITY, ColumnType

#: A text of a time that says its zone.
_ZONE = r"(Z|[-+][0-9]{2}(:?[0-9]{2})?)"
_HAS_ZONE = rf"[0-9]:[0-9:.]+\s*{_ZONE}\s*$"
_WITH_ZONE = "CASE WHEN {0} ~* '%s' THEN {0}::{1} ELSE {0}::TIMESTAMP AT TIME ZONE 'UTC' END"
#: A text that a vector was made of comes back as it was; every other one is parsed.
_VECTOR = (
    "CASE WHEN {0} ~ '^(''([^'']|'''')+''(:[0-9]+[ABCD]?(,[0-9]+[ABCD]?)*)?( |$))+$'"
    " THEN {0}::TSVECTOR ELSE to_tsvector({0}) END"
)
_UUID_BYTES = "decode(replace({0}::TEXT, '-', ''), 'hex')"
#: From, to, and the cast; the first that fits. {0} is the column, {1} the new type.
_CASTS = (
    ({"UUIDB"}, TEXTS, "encode({0}, 'hex')::UUID::TEXT"),
    (BYTES, TEXTS, "convert_from({0}, 'UTF8')"),
    (TEXTS, {"BLOB"}, "convert_to({0}, 'UTF8')"),
    (TEXTS | {"UUID"}, BYTES, _UUID_BYTES),
    (BYTES, {"UUID"}, "encode({0}, 'hex')::UUID"),
    ({"BOOL"}, NUMBERS, "{0}::INTEGER"),
    (NUMBERS, {"BOOL"}, "{0} <> 0"),
    (NUMBERS | {"BOOL"}, {"JSON"}, "to_jsonb({0})"),
    ({"JSON"}, NUMBERS | {"BOOL"}, "{0}::{1}"),
    ({"HSTORE"}, {"JSON"}, "{0}::{1}"),
    # Without a word about the zone, that of the session would count.
    ({"DATETIME"}, {"TIMESTAMPTZ"}, "{0} AT TIME ZONE 'UTC'"),
    ({"DATE"}, {"TIMESTAMPTZ"}, "{0}::TIMESTAMP AT TIME ZONE 'UTC'"),
    ({"TIMESTAMPTZ"}, {"DATETIME"}, "{0} AT TIME ZONE 'UTC'"),
    ({"TIMESTAMPTZ"}, {"DATE"}, "({0} AT TIME ZONE 'UTC')::DATE"),
    ({"TIMESTAMPTZ"}, TEXTS, "({0} AT TIME ZONE 'UTC')::TEXT || '+00:00'"),
    (TEXTS, {"TIMESTAMPTZ"}, _WITH_ZONE % _HAS_ZONE.replace("{2}", "{{2}}")),
    (TEXTS, {"TSVECTOR"}, _VECTOR),
    (TEXTS, frozenset(ARITY) - TEXTS, "{0}::{1}"),
)
#: Casts of which only some values are good, besides those of numbers and texts.
_BAD = {
    ("BLOB", "UUID"): "octet_length({0}) <> 16",
    ("BLOB", "UUIDB"): "octet_length({0}) <> 16",
    ("UUIDB", "UUID"): "octet_length({0}) <> 16",
    ("JSON", "BOOL"): "jsonb_typeof({0}) <> 'boolean'",
    ("DATETIME", "DATE"): "{0} <> date_trunc('day', {0})",
    ("DATETIME", "TIME"): "TRUE",
    ("TIMESTAMPTZ", "DATE"): (
        "{0} AT TIME ZONE 'UTC' <> date_trunc('day', {0} AT TIME ZONE 'UTC')"
    ),
}
#: Bytes, in hexadecimal digits, that are a text in UTF-8. Source: RFC 3629, section 4; without
#: NUL, which no text of the server has.
_UTF8 = (
    "^(0[1-9a-f]|[1-7].|(c[2-9a-f]|d.)[89ab].|e0[ab].[89ab].|(e[1-9a-cef]([89ab].){2})"
    "|ed[89].[89ab].|f0[9ab].([89ab].){2}|f[123]([89ab].){3}|f48.([89ab].){2})*$"
)
_JSON_STRING = r'"([^"\\[:cntrl:]]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*"'
_JSON_NUMBER = r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d{1,4})?"
#: What a text must look like to be read as a type. Stricter than the server, which also
#: takes words such as 'yesterday'. Lists and objects of JSON are believed: before PostgreSQL 16
#: only a cast can tell, and one that fails undoes the migration.
_PATTERNS = {
    "BOOL": r"^\s*([01]|t|f|true|false|y|n|yes|no|on|off)\s*$",
    "DATE": rf"^\s*{DATE_PATTERN}\s*$",
    "DATETIME": rf"^\s*{DATE_PATTERN}([ T]{TIME_PATTERN})?\s*$",
    "JSON": rf"(?c)^\s*([{{[]|({_JSON_STRING}|true|false|null|{_JSON_NUMBER})\s*$)",
    "TIME": rf"^\s*{TIME_PATTERN}\s*$",
    "TIMESTAMPTZ": rf"^\s*{DATE_PATTERN}([ T]{TIME_PATTERN}\s*{_ZONE}?)?\s*$",
    "UUID": r"^\s*[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\s*$",
    "UUIDB": r"^\s*[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\s*$",
}
#: Native types that take every text, and those of numbers and of JSON.
_OPEN = re.compile(r"(text|citext|character varying|varchar)", re.IGNORECASE)
_NUMBER = re.compile(r"(numeric|decimal|real|double precision|float\d*|(small|big)?int)")
_UUID_LENGTH = 36
#: A list of the elements of an array, each in quotation marks or not. Source: PostgreSQL
#: documentation, 8.15.2 and 8.15.6; without backslashes outside of quotation marks.
_ELEMENT = r"""("([^"\\]|\\.)*"|[^\s{}",\\]([^{}",\\]*[^\s{}",\\])?)"""
_ARRAY = rf"^\s*\{{\s*({_ELEMENT}(\s*,\s*{_ELEMENT})*)?\s*\}}\s*$"
_JSONS = frozenset({"JSON", "JSONB"})
_INTEGER_PATTERN = r"^\s*[-+]?\d{1,30}\s*$"
_NUMBER_PATTERN = r"^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,2})?\s*$"


def cast_sql(column: str, old: ColumnType, new: ColumnType) -> str:
    """Spell the value of a column in its new type; empty: the server's own cast does.

    The server casts by itself where an assignment would: among numbers, among times, and
    from everything to text (PostgreSQL documentation, ALTER TABLE and CREATE CAST). Of native
    types nobody knows more than that each can be written as a text.
    """
    target = type_sql(plain_type(new))
    old, new = meaning(plain_type(old)), meaning(plain_type(new))
    if old.dimensions or new.dimensions:
        return _array_cast(column, old, new, target)
    if old.native or new.native:
        return f"{_as_text(column, old)}::{target}"
    if not _castable(old, new):
        return f"NULL::{target}"
    one, other = _known(old).name, _known(new).name
    for olds, news, words in _CASTS:
        if one != other and one in olds and other in news:
            return words.format(column, target)
    return ""


def bad_value(column: str, old: ColumnType, new: ColumnType) -> str:
    """Spell the condition that a value cannot be held unchanged; empty: all can."""
    old, new = _known(old), _known(new)
    if not _castable(old, new):
        return "TRUE"
    if old.name in NUMBERS and new.name in {*NUMBERS, "BOOL"}:
        return _bad_number(column, old, new)
    if old.name in TEXTS and new.name not in TEXTS:
        return _bad_text(f"CAST({column} AS TEXT)", new)
    if new.name in TEXTS:
        return _no_text(column, old, new)
    if old.name == "JSON" and new.name in NUMBERS:
        misfit = _misfit(column, new)
        return f"CASE WHEN jsonb_typeof({column}) = 'number' THEN {misfit} ELSE TRUE END"
    return _BAD.get((old.name, new.name), "").format(column)


def native_misfit(column: str, old: ColumnType, new: ColumnType) -> str | None:
    """Spell the condition that a value comes back otherwise from a native type.

    What the type does not take at all, the server refuses, and nothing has changed. Only
    texts, and types that differ in their size, are cast.
    """
    old, new = plain_type(old), plain_type(new)
    if _OPEN.fullmatch(str(new)):
        return ""
    if new.dimensions and not old.dimensions:
        return _no_array(column, old, new)
    if _is_number(new) and (_is_number(old) or old.name in TEXTS):
        changed = f"{column}::TEXT::{type_sql(new)}::TEXT::NUMERIC <> {column}::TEXT::NUMERIC"
        number = f"{column} ~* '{_NUMBER_PATTERN}'"
        return changed if _is_number(old) else f"CASE WHEN {number} THEN {changed} ELSE TRUE END"
    if _JSONS.issuperset({str(old).upper(), str(new).upper()}):
        return ""
    alike = _base(old) == _base(new) or old.name in TEXTS or new.name in TEXTS
    was = _as_text(column, old)
    back = _as_text(f"{was}::{type_sql(new)}", new)
    return f"{back} <> {was}" if alike else None


def _as_text(value: str, type_: ColumnType) -> str:
    """Spell a value as the server shows it: only a cast of an inet has the mask of one host.

    Source: PostgreSQL documentation, Network Address Functions and Operators, ``abbrev``.
    """
    return f"abbrev({value})" if type_.name == "inet" and not type_.dimensions else f"{value}::TEXT"


def _base(type_: ColumnType) -> str:
    """Return the first words of a type, without its size."""
    words = type_sql(type_).partition("(")[0].partition("[")[0].strip().lower()
    return "integer" if _NUMBER.match(words) else words


def _is_number(type_: ColumnType) -> bool:
    return not type_.dimensions and (type_.name in NUMBERS or bool(_NUMBER.match(type_.name)))


def _known(type_: ColumnType) -> ColumnType:
    """Return a type under the name that the rules have for it."""
    return ColumnType("JSON") if type_ == ColumnType("JSONB") else type_


def _castable(old: ColumnType, new: ColumnType) -> bool:
    """Whether the values of one type have a counterpart in the other."""
    old, new = _known(old), _known(new)
    if old.dimensions or new.dimensions:
        same = bool(old.dimensions) == bool(new.dimensions)
        return same and _castable(old.element, new.element)
    if old.native or new.native:
        return normal_type(old) == normal_type(new)
    pair = {old.name, new.name}
    times = {"DATE", "DATETIME", "TIMESTAMPTZ"}
    return castable(old, new) or pair <= times or (old.name, new.name) == ("HSTORE", "JSON")


def _array_cast(column: str, old: ColumnType, new: ColumnType, target: str) -> str:
    """Spell the cast of an array, which is that of its elements by the server's own rules."""
    if not old.dimensions or not new.dimensions:
        known = new.name in TEXTS if old.dimensions else _no_array("x", old, new) is not None
        return f"{column}::{target}" if known else f"NULL::{target}"
    if not _castable(old, new):
        return f"NULL::{target}"
    words = cast_sql("{}", old.element, new.element)
    if words not in ("", f"{{}}::{type_sql(new.element)}"):
        raise RefusedError(
            f"PostgreSQL cannot cast {old} to {new} by itself",
            hint="add a column of the new type, fill it by op.run_sql, and drop the old one",
        )
    return f"{column}::{target}"


def _no_array(column: str, old: ColumnType, new: ColumnType) -> str | None:
    """Spell what is true of a text that is no list of elements; only of one dimension."""
    element = meaning(new.element)
    if old.name not in TEXTS or new.dimensions > 1 or not _is_cast_alone(element):
        return None
    is_array = f"{column} ~ '{_ARRAY}'"
    if element.native:
        bad = native_misfit("item", ColumnType("TEXT"), element)
    else:
        bad = bad_value("item", ColumnType("TEXT"), element)
    if not bad:
        return f"NOT {is_array}"
    items = f"unnest({column}::TEXT[]) AS item"
    wrong = f"EXISTS (SELECT 1 FROM {items} WHERE item IS NOT NULL AND ({bad}))"
    return f"CASE WHEN {is_array} THEN {wrong} ELSE TRUE END"


def _is_cast_alone(element: ColumnType) -> bool:
    """Whether the server casts a text to an element as we do."""
    words = cast_sql("{}", ColumnType("TEXT"), element)
    return words in ("", f"{{}}::{type_sql(element)}", f"{{}}::TEXT::{type_sql(element)}")


def _bad_number(column: str, old: ColumnType, new: ColumnType) -> str:
    if number_widens(old, new):
        return ""
    if {old.name, new.name} <= FLOAT_BITS.keys():
        column = f"CAST({column} AS TEXT)"
    return _misfit(column, new, whole=old.name in INTEGER_BITS)


def _misfit(value: str, new: ColumnType, *, whole: bool = False) -> str:
    """Spell what is true of what is a number, perhaps a whole one, and does not fit.

    As NUMERIC, binary fractions are cut to 6 or 15 digits; as TEXT they are not. Source:
    measured, PostgreSQL 15.
    """
    number = f"CAST({value} AS NUMERIC)"
    read = f"CAST(CAST(CAST({number} AS {type_sql(new)}) AS TEXT) AS NUMERIC)"
    return number_misfit(number, new, "" if whole else read)


def _no_text(column: str, old: ColumnType, new: ColumnType) -> str:
    """Spell what is true of a longer text, and of bytes that are none in UTF-8.

    Those of a UUID become its 36 characters.
    """
    if old.name == "UUIDB":
        fits = not new.limit or new.limit >= _UUID_LENGTH
        return f"octet_length({column}) <> 16" if fits else "TRUE"
    if old.name != "BLOB":
        return f"char_length(CAST({column} AS TEXT)) > {new.limit}" if new.limit else ""
    is_text = f"encode({column}, 'hex') ~ '{_UTF8}'"
    if not new.limit:
        return f"NOT {is_text}"
    length = f"char_length(convert_from({column}, 'UTF8'))"
    return f"CASE WHEN {is_text} THEN {length} > {new.limit} ELSE TRUE END"


def _bad_text(text: str, new: ColumnType) -> str:
    if new.name in NUMBERS:
        pattern = _INTEGER_PATTERN if new.name in INTEGER_BITS else _NUMBER_PATTERN
        misfit = _misfit(text, new)
        return f"CASE WHEN {text} ~* '{pattern}' THEN {misfit} ELSE TRUE END"
    pattern = _PATTERNS.get(new.name, "")
    return f"{text} !~* '{pattern}'" if pattern else ""
