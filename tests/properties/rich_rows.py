"""Rows that may fit a rich schema: values of each type as an engine takes them."""

from hypothesis import strategies as st
from rich_words import OWN_TYPES, own_type
from rich_world import Sql
from server_stories import fits
from strategies import pool


@st.composite
def rows_of(draw, schema, engine):
    """Draw rows by table, without values of generated columns; a database keeps what fits."""
    return {
        table.name: draw(st.lists(st.tuples(*_values(table, engine)), min_size=1, max_size=5))
        for table in schema
    }


def _values(table, engine):
    for column in table.columns:
        if not column.computed:
            found = values_of(column, engine)
            yield st.sampled_from([*found, None] if column.null else found)


def values_of(column, engine):
    own = {own_type(words): values for words, values in OWN_TYPES[engine].items()}
    if column.type in own:
        return list(map(Sql, own[column.type]))
    found = [value for value in pool(column.type.plain) if fits(value, column.type.plain, engine)]
    if "UNSIGNED" in column.options:
        found = [value for value in found if value >= 0]
    return found
