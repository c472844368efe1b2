"""Random schemas, made such that MySQL and MariaDB can have them."""

import unicodedata
from dataclasses import replace

from hypothesis import assume
from properties.strategies import Change, changes, schemas

from peewee_mig.dialects.mysql.refuse import refuse
from peewee_mig.diff import Renames
from peewee_mig.errors import RefusedError
from peewee_mig.schema import Schema
from peewee_mig.schema.types import ColumnType

_INT = ColumnType("INT")
_SHORT_TEXT = ColumnType("VARCHAR", (30,))
_NONE = {"ANY", "BARE", "HSTORE", "IDENTITY", "IDENTITY_ALWAYS", "INTERVAL", "JSONB",
         "TIMESTAMPTZ", "TSVECTOR"}  # fmt: skip
#: Types that take no part in a key without the length of a prefix.
_LONG = {"BLOB", "JSON", "TEXT"}


def mysql_schemas(**options):
    """Draw schemas that MySQL and MariaDB can have."""
    return schemas(**options).map(fit)


def fit(schema, *, long_types=True):
    """Return the schema with what the engines cannot have replaced; discard the rest."""
    _assume_distinct([table.name for table in schema])
    schema = Schema.of(_with_names(table) for table in schema)
    keys = [key.name for table in schema for key in table.foreign_keys if key.name]
    taken = {name for name in keys if [*map(_folded, keys)].count(_folded(name)) > 1}
    schema = Schema.of(_with_types(table, schema, long_types) for table in schema)
    return Schema.of(_with_actions(table, schema, taken) for table in schema)


def _with_names(table):
    _assume_distinct(table.column_names)
    _assume_distinct([index.name for index in table.indexes])
    return replace(
        table,
        name=_name(table.name),
        columns=tuple(replace(c, name=_name(c.name)) for c in table.columns),
        primary_key=table.primary_key
        and replace(table.primary_key, columns=_names(table.primary_key.columns)),
        indexes=tuple(
            replace(i, name=_index_name(i.name), columns=_names(i.columns)) for i in table.indexes
        ),
        foreign_keys=tuple(
            replace(
                key,
                columns=_names(key.columns),
                referred_table=_name(key.referred_table),
                referred_columns=_names(key.referred_columns),
                name=key.name and f"{_name(key.name)} key",
            )
            for key in table.foreign_keys
        ),
    )


def _names(names):
    return tuple(map(_name, names))


def _name(name):
    """Only characters of two bytes in UTF-16, no space at the end."""
    return "".join(c if "!" <= c < "\ud800" else "_" for c in name)


def _index_name(name):
    return f"{_name(name)} index" if name.casefold() == "primary" else _name(name)


def _assume_distinct(names):
    """Names that differ only in case or accents are one to the server."""
    folded = [_folded(_name(name)) for name in names]
    assume(len(set(folded)) == len(folded))


def _folded(name):
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain if not unicodedata.combining(c)).upper().casefold()


def _with_types(table, schema, long_types):
    in_keys = {name for index in table.indexes for name in index.columns}
    in_keys |= set(table.primary_key.columns) if table.primary_key else set()
    in_keys |= {name for key in table.foreign_keys for name in key.columns}
    in_keys |= {name for _, key in schema.referring(table.name) for name in key.referred_columns}
    short = in_keys if long_types else set(table.column_names)
    columns = (replace(c, type=_type(c.type, short=c.name in short)) for c in table.columns)
    return replace(table, columns=tuple(columns))


def _type(type_, *, short):
    if type_.name in _NONE or (short and type_.name in _LONG):
        return _INT
    return _SHORT_TEXT if type_ == ColumnType("VARCHAR") else type_


def _with_actions(table, schema, taken):
    keys = []
    for key in table.foreign_keys:
        fitting = replace(key, name=None if key.name in taken else key.name)
        for name in ("on_delete", "on_update"):
            one = replace(table, foreign_keys=(replace(fitting, on_delete=None, on_update=None),))
            tried = replace(one.foreign_keys[0], **{name: getattr(key, name)})
            if not _takes(replace(one, foreign_keys=(tried,)), schema):
                fitting = replace(fitting, **{name: None})
        keys.append(fitting)
    return replace(table, foreign_keys=tuple(keys))


def _takes(table, schema):
    try:
        refuse(Schema(), schema.with_table(table), product="MariaDB")
    except RefusedError:
        return False
    return True


def mysql_changes():
    """Draw changed versions of such schemas, with the answers about renames."""
    return changes().map(fit_change)


def fit_change(change, *, long_types=True):
    before, after = (fit(each, long_types=long_types) for each in (change.before, change.after))
    columns = {
        (_name(t), _name(old)): _name(new) for (t, old), new in change.renames.columns.items()
    }
    tables = {_name(old): _name(new) for old, new in change.renames.tables.items()}
    return Change(before, after, Renames(tables, columns), {})
