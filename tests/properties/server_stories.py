"""Random changes of schemas that a server can have, with rows and values that it takes."""

from dataclasses import dataclass

from hypothesis import assume
from hypothesis import strategies as st
from live.mysql_schemas import fit_change
from postgres_schemas import possible_change
from strategies import (
    EDITS,
    EDITS_OF_VALUES,
    Change,
    changes_of,
    pool,
    schemas,
    unique_columns,
)

from peewee_mig.dialects.guards import INTEGER_BITS
from peewee_mig.diff import Renames
from peewee_mig.diff.renames import pairs
from peewee_mig.operations.verbs import Constant, Generated
from peewee_mig.schema import Schema

#: Types that MySQL takes in no key.
LONG = {"BLOB", "JSON", "TEXT"}


@dataclass(frozen=True)
class Story:
    """A change and the rows that it meets, by table."""

    change: Change
    rows: dict


@st.composite
def stories(draw, engine):
    """Draw a change of schemas that an engine can have, values for new columns, and rows."""
    edits = draw(st.sampled_from([EDITS, EDITS_OF_VALUES]))
    change = FIT[engine](draw(changes_of(draw(schemas(min_tables=1)), edits, least=2)))
    fills = {}
    for table in change.after:
        for column in table.columns:
            if not column.null and not column.type.auto and draw(st.booleans()):
                fills[table.name, column.name] = draw(_fills(column.type, engine))
    rows = {table.name: draw(_rows(table, engine)) for table in change.before}
    return Story(Change(change.before, change.after, change.renames, fills), rows)


@st.composite
def histories(draw, engine):
    """Draw a schema and changes that follow each other, as an engine can have them."""
    schema = draw(schemas(min_tables=1))
    found = [Change(Schema(), schema, Renames(), {})]
    for _ in range(draw(st.integers(2, 4))):
        found.append(draw(changes_of(found[-1].after)))
    return [FIT[engine](change) for change in found]


def _fit_mysql(change):
    """Discard a column that leaves a key and becomes long at once: no order of steps takes that."""
    change = fit_change(change, long_types=True)
    for old, new in pairs(change.before, change.after, change.renames):
        answers = change.renames.columns_of(new.name)
        for name in {name for columns in unique_columns(old) for name in columns}:
            column = new.find_column(answers.get(name, name))
            assume(column is None or column.type.name not in LONG)
    return change


FIT = {"postgres": possible_change, "mysql": _fit_mysql}


def _fills(type_, engine):
    return st.sampled_from(_pool(type_, engine)).map(Constant) | st.just(Generated("empty"))


def _rows(table, engine):
    values = [_values(column, engine) for column in table.columns]
    return st.lists(st.tuples(*values), min_size=1, max_size=5)


def _values(column, engine):
    values = st.sampled_from(_pool(column.type, engine))
    return st.none() | values if column.null else values


def _pool(type_, engine):
    """Return values that a column takes as they are."""
    return [value for value in pool(type_.plain) if fits(value, type_.plain, engine)]


def fits(value, type_, engine):
    match type_.name:
        case "SMALLINT" | "INT" | "BIGINT":
            return abs(value) < 2 ** (INTEGER_BITS[type_.name] - 1)
        case "DECIMAL":
            digits, scale = type_.args
            return round(value, scale) == value and abs(value) < 10 ** (digits - scale)
        case "CHAR" if not type_.args:
            return len(value) <= 1
        case "UUIDB":
            return len(value) == 16
        case "DATETIME":
            return engine != "mysql" or "." not in value
        case _:
            return True
