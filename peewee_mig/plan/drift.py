"""How a live database differs from what should be there. Pure.

Three answers: what differs of the objects that we manage, what hangs on our tables and is
beyond our kinds, and what stands apart and is somebody else's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from peewee_mig.dialects.base import Dialect, Inspection, Unmanaged
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.schema.compare import difference
from peewee_mig.schema.objects import Schema


@dataclass(frozen=True, slots=True)
class Drift:
    """A live database against the schema that it should have.

    ``found``: the managed tables in the words of ``expected``, with the names that their
    indexes have; ``lines``: what differs, in words; ``attached``: objects on managed tables
    that no kind of ours describes; ``apart``: tables and other objects that nothing of ours
    names.
    """

    expected: Schema
    found: Schema
    lines: tuple[str, ...]
    attached: tuple[Unmanaged, ...]
    apart: tuple[Unmanaged, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """All that differs on managed tables, one line each."""
        return (*self.lines, *(words(each) for each in self.attached))


def drift(
    inspection: Inspection, expected: Schema, dialect: Dialect, *, ours: Collection[str] = ()
) -> Drift:
    """Compare a catalog with a schema.

    ``ours``: names of tables that are managed although the schema does not have them (any
    more); every other one stands apart.
    """
    recognized = recognize(inspection, expected, dialect)
    managed = {*expected.names, *ours}
    found = Schema.of(table for table in recognized if table.name in managed)
    stored = {dialect.stored_name(name) for name in managed}
    strangers = [Unmanaged("table", t.name) for t in recognized if t.name not in managed]
    return Drift(
        expected,
        found,
        lines=tuple(difference(expected, settle(found, expected))),
        attached=tuple(each for each in inspection.unmanaged if each.table in stored),
        apart=(*strangers, *(each for each in inspection.unmanaged if each.table not in stored)),
    )


def words(object_: Unmanaged) -> str:
    """Say what an object is, in one line."""
    detail = f": {object_.detail}" if object_.detail else ""
    place = f" on {object_.table}" if object_.table and object_.table not in object_.name else ""
    return f"{object_.kind} {object_.name}{place}{detail}"
