"""Types in the words of the server: which there are, and their normal form. Pure.

Source: MySQL 8.0 manual, chapter 11; MariaDB's documentation, "Data Types".
"""

from __future__ import annotations

import re

_KNOWN = frozenset({
    "bigint", "binary", "bit", "blob", "bool", "boolean", "char", "character", "date", "datetime",
    "dec", "decimal", "double", "enum", "fixed", "float", "geomcollection", "geometry",
    "geometrycollection", "inet4", "inet6", "int", "int1", "int2", "int3", "int4", "int8",
    "integer", "json", "linestring", "long", "longblob", "longtext", "mediumblob", "mediumint",
    "mediumtext", "middleint", "multilinestring", "multipoint", "multipolygon", "national",
    "nchar", "numeric", "nvarchar", "point", "polygon", "real", "set", "smallint", "text", "time",
    "timestamp", "tinyblob", "tinyint", "tinytext", "uuid", "varbinary", "varchar", "varchar2",
    "vector", "xmltype", "year",
})  # fmt: skip

#: Other words for a type -> the catalog's.
_SYNONYMS = {
    "bool": "tinyint(1)",
    "boolean": "tinyint(1)",
    "character": "char",
    "character varying": "varchar",
    "dec": "decimal",
    "double precision": "double",
    "fixed": "decimal",
    "int1": "tinyint",
    "int2": "smallint",
    "int3": "mediumint",
    "int4": "int",
    "int8": "bigint",
    "integer": "int",
    "middleint": "mediumint",
    "numeric": "decimal",
    "real": "double",
}
#: Types with a size that they have when none is said.
_SIZES = {"binary": "(1)", "bit": "(1)", "char": "(1)", "decimal": "(10,0)"}
#: The width of an integer that is shown with zeros, where none was said.
_WIDTHS = {"bigint": "(20)", "int": "(10)", "mediumint": "(8)", "smallint": "(5)", "tinyint": "(3)"}

#: Types by their first words -> SQL of the value that stands for none.
_EMPTY = (
    (r"(?:tiny|small|medium|middle|big)?int(?:\d|eger)?\b", "0"),
    (r"(?:bit|bool|boolean|dec|decimal|double|fixed|float|numeric|real|year)\b", "0"),
    (r"(?:\w*text|(?:n|var)?char\w*|national|long|set)\b", "''"),
    (r"(?:\w*blob|(?:var)?binary)\b", "''"),
    (r"date\b", "'1970-01-01'"),
    (r"datetime\b", "'1970-01-01 00:00:00'"),
    (r"timestamp\b", "'1970-01-02 00:00:00'"),  # its first is that of 1970 in UTC
    (r"time\b", "'00:00:00'"),
    (r"json\b", "'null'"),
    (r"uuid\b", f"'{'0' * 8}-0000-0000-0000-{'0' * 12}'"),
    (r"inet4\b", "'0.0.0.0'"),
    (r"inet6\b", "'::'"),
    (r"(?:geometry|point)\b", "ST_GeomFromText('POINT(0 0)')"),
)

_PARTS = re.compile(
    r"(?P<base>[a-z][\w ]*?)\s*(?P<size>\([^)]*\))?(?P<unsigned> unsigned)?(?P<zeros> zerofill)?"
)


def is_known(words: str) -> bool:
    """Whether a type in words, in any case, is one of MySQL's or MariaDB's."""
    first = re.match(r"\w+", words)
    return first is not None and first[0].lower() in _KNOWN


def empty_sql(words: str) -> str:
    """Spell the empty value of a native type; empty if none is known.

    That of an enum is its first.
    """
    first = re.match(r"enum\s*\(\s*('(?:[^']|'')*')", words, re.IGNORECASE)
    if first:
        return first[1]
    found = (sql for start, sql in _EMPTY if re.match(start, words, re.IGNORECASE))
    return next(found, "")


def normal_words(words: str) -> tuple[str, tuple[str, ...]]:
    """Return a type as every server spells it, and the options of its column in it.

    The width of an integer changes nothing, and MySQL leaves it out since 8.0.19; but it
    stays where zeros fill it, and where it makes a truth of a ``tinyint``.
    """
    lists = re.fullmatch(r"(enum|set)\s*\((.*)\)", words, re.DOTALL)
    if lists:
        values = ",".join(re.findall(r"'(?:[^']|'')*'", lists[2]))
        return f"{lists[1]}({values})", ()
    found = _PARTS.fullmatch(words)
    if found is None:
        return words, ()
    options = (("UNSIGNED",) if found["unsigned"] or found["zeros"] else ()) + (
        ("ZEROFILL",) if found["zeros"] else ()
    )
    base = _SYNONYMS.get(found["base"], found["base"])
    return base + _size(base, (found["size"] or "").replace(" ", ""), bool(found["zeros"])), options


def _size(base: str, size: str, zeros: bool) -> str:  # noqa: FBT001 (called by place)
    if base in _WIDTHS:
        truth = base == "tinyint" and size == "(1)"
        return size if truth or (zeros and size != _WIDTHS[base]) else ""
    if base == "decimal" and size and "," not in size:
        return f"{size[:-1]},0)"
    if base == "year" or size == "(0)":
        return ""
    return size or _SIZES.get(base, "")
