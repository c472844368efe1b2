"""Views and triggers of SQLite, as models would declare them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peewee_mig.declare import Declaration, Trigger, View
from peewee_mig.dialects.base import Query
from peewee_mig.schema.names import qualified

_DEFINED = (
    "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('view', 'trigger')"
    " ORDER BY type DESC, name"
)
#: A view without a list of its columns, up to its select.
_VIEW = re.compile(
    r"""\s*CREATE\s+VIEW\s+(?:"(?:[^"]|"")*"|`[^`]*`|\[[^]]*\]|\w+)\s+AS\s+(.*)""",
    re.IGNORECASE | re.DOTALL,
)


def declarations(query: Query) -> Iterator[Declaration]:
    """Yield those that a declaration says whole."""
    for kind, name, table, sql in query(_DEFINED):
        own = qualified(None, str(name))
        view = _VIEW.fullmatch(str(sql))
        if kind == "trigger":
            yield Trigger(own, table=qualified(None, str(table)), sqlite=str(sql))
        elif view is not None:
            yield View(own, view[1].strip().removesuffix(";"))
