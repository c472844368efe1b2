"""Views and triggers of MySQL and MariaDB, as models would declare them."""

from __future__ import annotations

from collections.abc import Iterator

from peewee_mig.declare import Declaration, Trigger, View
from peewee_mig.dialects.base import Query
from peewee_mig.schema.names import qualified

_DATABASE = "SELECT database()"
_VIEWS = (
    "SELECT table_name, view_definition FROM information_schema.views"
    " WHERE table_schema = database() AND check_option = 'NONE' AND security_type = 'DEFINER'"
    " ORDER BY table_name"
)
_TRIGGERS = (
    "SELECT trigger_name, event_object_table, action_timing, event_manipulation, action_statement"
    " FROM information_schema.triggers WHERE trigger_schema = database()"
    " ORDER BY event_object_table, action_timing, event_manipulation, action_order"
)


def declarations(query: Query) -> Iterator[Declaration]:
    """Yield those of the database of the connection that a declaration says whole."""
    here = f"`{query(_DATABASE)[0][0]}`."
    for name, select in query(_VIEWS):
        if select:  # a role that may not see it reads an empty text
            yield View(qualified(None, str(name)), str(select).replace(here, ""))
    for name, table, timing, event, body in query(_TRIGGERS):
        own, on = _quoted(str(name)), _quoted(str(table))
        sql = f"CREATE TRIGGER {own} {timing} {event} ON {on} FOR EACH ROW {body}"
        yield Trigger(qualified(None, str(name)), table=qualified(None, str(table)), mysql=sql)


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"
