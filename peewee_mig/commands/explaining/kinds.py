"""The kinds of errors that are known."""

from __future__ import annotations

from collections.abc import Mapping

from peewee_mig.commands.explaining import kinds_objects, kinds_rows, kinds_running
from peewee_mig.commands.explaining.kind import Kind

KINDS: Mapping[str, Kind] = {
    **kinds_rows.ROWS,
    **kinds_objects.OBJECTS,
    **kinds_running.RUNNING,
    **kinds_running.CONNECTING,
    **kinds_running.PEEWEE,
}
