"""What columns, tables and indexes can say on each engine: finite lists, to check any against.

A list is what a strategy draws from, and what is asked whether words still fit a table whose
columns have changed.
"""

from functools import lru_cache
from itertools import permutations

from peewee_mig.dialects.sqlite.dialect import DIALECT as SQLITE
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import Computed
from peewee_mig.schema.types import native_type, parse_type

#: The same words are asked for many times while a schema is drawn.
expression = lru_cache(50_000)(Expression)

INTEGERS = {"SMALLINT", "INT", "BIGINT", "mediumint"}
NUMBERS = INTEGERS | {"DECIMAL", "FLOAT", "DOUBLE", "numeric"}
TEXTS = {"TEXT", "VARCHAR", "CHAR"}
#: Types that MySQL takes in no key, and those without an order on PostgreSQL.
LONG = {"BLOB", "JSON", "TEXT"}
GIN = {"JSON", "JSONB", "TSVECTOR", "HSTORE"}

#: Types of one engine, each with values as SQL.
OWN_TYPES = {
    "sqlite": {
        "mediumint": ["1", "2"],
    },
    "postgres": {
        "INT[]": ["'{}'", "'{1,2}'"],
        "VARCHAR(5)[]": ["'{}'", "'{a,b}'"],
        "JSONB": ["'{}'", "'[1]'"],
        "HSTORE": ["'a=>1'", "''"],
        "TIMESTAMPTZ": ["'2020-01-02 03:04:05+00'", "'2024-02-29 12:30:00+02'"],
        "INTERVAL": ["'1 day'", "'00:00:01'"],
        "TSVECTOR": ["'a b'", "''"],
        "inet": ["'10.0.0.1'", "'::1'"],
        "numeric": ["1", "2.5"],
        "timestamp(3)": ["'2020-01-02 03:04:05.678'"],
    },
    "mysql": {
        "mediumint": ["1", "2"],
        "enum('x', 'y')": ["'x'", "'y'"],
        "datetime(6)": ["'2020-01-02 03:04:05.678901'"],
    },
}

COLLATIONS = {
    "sqlite": ["NOCASE", "RTRIM"],
    "postgres": ["C", "POSIX"],
    "mysql": ["utf8mb4_bin", "utf8mb4_general_ci"],
}
COMMENTS = {"sqlite": [], "postgres": ["it's", "100% \\ x"], "mysql": ["it's", "100% \\ x"]}
WORDS = {
    "sqlite": ["STRICT", "WITHOUT ROWID"],
    "postgres": ["fillfactor=70", "fillfactor=90"],
    "mysql": ["ROW_FORMAT=COMPACT", "ROW_FORMAT=COMPRESSED"],
}

_TEXT_DEFAULTS = ["''", "'a'", "'it''s'", "lower('A')"]
_MOMENTS = ["CURRENT_TIMESTAMP", "'2020-01-02 03:04:05'"]
_DEFAULTS = {
    "BOOL": ["TRUE", "FALSE"],
    "DATE": ["'2020-01-02'"],
    "DATETIME": _MOMENTS,
    "TIMESTAMPTZ": _MOMENTS,
    "TIME": ["'12:30:00'"],
    "INTERVAL": ["'1 day'"],
    "JSONB": ["'{}'"],
}
_DEFAULTS_OF = {
    "sqlite": {"ANY": ["1", "'a'"], "JSON": ["'{}'"]},
    "postgres": {
        "JSON": ["'{}'", "'[]'::jsonb"],
        "UUID": ["gen_random_uuid()"],
        "DATE": ["'2020-01-02'", "CURRENT_DATE"],
        "BLOB": ["'\\x00'"],
        "inet": ["'::1'"],
    },
    "mysql": {"JSON": ["'{}'"], "enum('x', 'y')": ["'x'", "'y'"],
              "datetime(6)": ["CURRENT_TIMESTAMP(6)"]},
}  # fmt: skip


def own_type(words):
    return native_type(words) if words[:1].islower() else parse_type(words)


def defaults(type_, engine):
    """Return what a server can give a new row of a type."""
    if type_.auto:
        return []
    return [expression(words) for words in _default_words(type_, engine)]


def _default_words(type_, engine):
    if type_.dimensions:
        return ["'{}'"]
    if type_.name in NUMBERS:
        return ["0", "5", "-7", "1 + 2"]
    if type_.name in TEXTS:
        limit = type_.args[0] if type_.args else 1 if type_.name == "CHAR" else 99
        return [w for w in _TEXT_DEFAULTS if len(w.strip("'").replace("''", "'")) <= limit]
    return _DEFAULTS_OF[engine].get(type_.name) or _DEFAULTS.get(type_.name, [])


def conditions(table):
    """Return what can be said of the rows of a table, true of some and not of others."""
    found = []
    columns = [column for column in table.columns if not column.type.auto]
    for column in columns:
        found += _about(column)
    for one, other in permutations(columns, 2):
        name, second = quoted(one), quoted(other)
        found.append(f"{name} IS NOT NULL OR {second} IS NOT NULL")
        if _class(one) == _class(other) == "number":
            found.append(f"{name} <= {second}")
            found.append(f"({name} > 0 AND NOT {second} = 2) OR {second} IS NULL")
    return [expression(words) for words in found]


def _about(column):
    name = quoted(column)
    yield f"{name} IS NOT NULL"
    match _class(column):
        case "number":
            yield f"{name} > 0"
            yield f"{name} IN (1, 2)"
            yield f"{name} BETWEEN -1 AND 9"
        case "text":
            yield f"{name} <> 'it''s'"
            yield f"length({name}) < 3"
            yield f"{name} IN ('a', 'b', '')"
        case "truth":
            yield f"{name} = TRUE"


def computations(table, engine):
    """Return types with what a generated column of that type can be computed from."""
    in_keys = {name for key in table.foreign_keys for name in key.columns}
    for column in table.columns:
        if column.type.auto or column.computed or (engine == "mysql" and column.name in in_keys):
            continue
        name = quoted(column)
        if column.type.name in INTEGERS and not column.type.dimensions:
            yield parse_type("BIGINT"), expression(f"{name} + 1")
            yield parse_type("BIGINT"), expression(f"{name} * 2")
        elif _class(column) == "text" and (engine != "mysql" or column.type.name != "CHAR"):
            yield parse_type("VARCHAR(200)"), expression(f"upper({name})")


def computed_columns(table, engine):
    """Return types with all forms that a generated column can have."""
    forms = (True,) if engine == "postgres" else (True, False)
    return [
        (type_, Computed(words, stored))
        for type_, words in computations(table, engine)
        for stored in forms
    ]


def index_parts(table, engine):
    """Return what an index can be over besides plain columns."""
    return [
        expression(words)
        for column in table.columns
        if keyable(column, engine)
        for words in _parts_of(column, engine)
    ]


def _parts_of(column, engine):
    name = quoted(column)
    yield f"{name} DESC"
    if engine == "mysql":
        if _class(column) == "text" and column.type.args and column.type.args[0] > 2:
            yield f"{name}(2)"
        return
    if _class(column) == "number" and not column.type.auto:
        yield f"({name} + 1)"
    if _class(column) == "text":
        yield f"lower({name})"
        yield f'{name} COLLATE "C"' if engine == "postgres" else f"{name} COLLATE NOCASE"
    if engine == "postgres":
        yield f"{name} DESC NULLS LAST"


def keyable(column, engine):
    """Whether a plain index or a unique constraint can be over a column."""
    return engine != "mysql" or column.type.name not in LONG


def has_gin(column):
    return bool(column.type.dimensions) or column.type.name in GIN


def takes_words(table, words):
    """Whether a table of SQLite can have an option."""
    if words == "STRICT":
        kinds = {"INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"}
        return all(SQLITE.type_sql(column.type) in kinds for column in table.columns)
    if words == "WITHOUT ROWID":
        key = table.primary_key
        return key is not None and not any(table.column(n).type.auto for n in key.columns)
    return True


def is_text(column):
    return _class(column) == "text"


def _class(column):
    if column.type.dimensions:
        return ""
    kinds = {"number": NUMBERS, "text": TEXTS, "truth": {"BOOL"}}
    return next((kind for kind, names in kinds.items() if column.type.name in names), "")


def quoted(column):
    return '"' + column.name.replace('"', '""') + '"'
