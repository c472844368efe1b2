"""How a live database differs from what should be there. Pure.

Three answers: what differs of the objects that we manage, what hangs on our tables and is
beyond our kinds, and what stands apart and is somebody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from peewee_mig.dialects.base import Dialect, Inspection, Unmanaged
from peewee_mig.dialects.recognize import recognize, settle, without_declared
from peewee_mig.operations import parts
from peewee_mig.operations.verbs import Part
from peewee_mig.schema.compare import Difference, differences
from peewee_mig.schema.objects import ForeignKey, Options, Table
from peewee_mig.schema.rows import Row, Rows
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import RawObject, Standalone, View, VirtualTable

#: Gives tables that were found the reference rows that they have, of those that they ought to.
RowReader = Callable[[Schema], Schema]


@dataclass(frozen=True, slots=True)
class Drift:
    """A live database against the schema that it should have.

    ``found``: the managed tables in the words of ``expected``, with the names that their
    indexes have; ``attached``: objects on managed tables that no kind of ours describes;
    ``missing``: such objects that should be there; ``apart``: tables and other objects that
    nothing of ours names.
    """

    expected: Schema
    found: Schema
    differences: tuple[Difference, ...]
    attached: tuple[Unmanaged, ...]
    missing: tuple[Unmanaged, ...] = ()
    apart: tuple[Unmanaged, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """What differs of the objects that we manage, one line each."""
        return (
            *(each.words for each in self.differences),
            *(f"{words(each)} is missing" for each in self.missing),
        )

    @property
    def words(self) -> tuple[str, ...]:
        """All that differs on managed tables, one line each."""
        return (*self.lines, *map(words, self.attached))

    @property
    def exact(self) -> tuple[str, ...]:
        """The same with definitions, as it is accepted: a change of anything shows."""
        return (*(each.exact for each in self.differences), *map(words, self.attached))

    def without(self, accepted: Collection[str]) -> Drift:
        """Return what is left when lines of ``exact`` that were accepted count as expected."""
        taken = [each for each in self.differences if each.exact in accepted]
        return replace(
            self,
            expected=_with(self.expected, taken),
            differences=tuple(each for each in self.differences if each not in taken),
            attached=tuple(each for each in self.attached if words(each) not in accepted),
        )


def drift(
    inspection: Inspection,
    expected: Schema,
    dialect: Dialect,
    *,
    ours: Collection[str] = (),
    rows: RowReader | None = None,
) -> Drift:
    """Compare a catalog with a schema.

    ``ours``: names of tables, also virtual ones, that are managed although the schema does
    not have them (any more); every other one stands apart. ``rows``: gives the tables that
    were found the reference rows that they have; without it, they have those expected.
    """
    recognized = recognize(inspection, expected, dialect)
    recognized = rows(recognized) if rows else recognized
    gone = _gone(inspection.schema, expected, ours)
    known = expected.with_objects([*expected.objects, *gone])
    inspection = without_declared(inspection, known, dialect)
    managed = {*expected.names, *ours}
    kept = (table for table in recognized if table.name in managed)
    found = Schema.of(kept, [*recognized.objects, *gone])
    stored = {dialect.stored_name(name) for name in managed}
    strangers = [Unmanaged("table", t.name) for t in recognized if t.name not in managed]
    return Drift(
        expected,
        found,
        differences=tuple(differences(expected, settle(found, expected))),
        attached=tuple(each for each in inspection.unmanaged if each.table in stored),
        apart=(*strangers, *(each for each in inspection.unmanaged if each.table not in stored)),
    )


def _gone(found: Schema, expected: Schema, ours: Collection[str]) -> list[VirtualTable]:
    """Return the virtual tables that are managed and that a schema does not have any more."""
    virtual = (each for each in found.virtual_tables if each.name in ours)
    return [each for each in virtual if not expected.find_virtual_table(each.name)]


def drift_between(here: Inspection, there: Inspection, declared: Schema, dialect: Dialect) -> Drift:
    """Compare a catalog with that of another database of the same engine, all of it.

    ``declared``: gives both their words. Names that engines gave to foreign keys of other
    tables do not count.
    """
    expected, found = (
        _nameless(recognize(each, declared, dialect), declared) for each in (there, here)
    )
    return Drift(
        expected,
        found,
        differences=tuple(differences(expected, settle(found, expected))),
        attached=_lacking(here.unmanaged, there.unmanaged),
        missing=_lacking(there.unmanaged, here.unmanaged),
    )


def words(object_: Unmanaged) -> str:
    """Say what an object is, in one line."""
    detail = f": {object_.detail}" if object_.detail else ""
    place = f" on {object_.table}" if object_.table and object_.table not in object_.name else ""
    return f"{object_.kind} {object_.name}{place}{detail}"


def _lacking(some: Iterable[Unmanaged], others: Collection[Unmanaged]) -> tuple[Unmanaged, ...]:
    return tuple(each for each in some if each not in others)


def _nameless(schema: Schema, declared: Schema) -> Schema:
    """Return the schema with names only for those foreign keys that are declared.

    Views and the like are compared as they were found, among what nobody manages.
    """
    known = (each for each in schema.objects if not isinstance(each, View | RawObject))
    tables = (_without_names(table, declared.find_table(table.name)) for table in schema)
    return Schema.of(tables, known)


def _without_names(table: Table, declared: Table | None) -> Table:
    keys = tuple(_key(key, declared) for key in table.foreign_keys)
    return replace(table, foreign_keys=keys)


def _key(key: ForeignKey, declared: Table | None) -> ForeignKey:
    known = declared is not None and declared.find_foreign_key(key.columns) is not None
    return key if known else replace(key, name=None)


def _with(schema: Schema, accepted: Iterable[Difference]) -> Schema:
    """Return an expected schema with what was found in place of what was expected."""
    for each in accepted:
        old, new = each.expected, each.found
        if isinstance(new, Table):
            schema = schema.with_table(new)
        elif isinstance(old, Table):
            schema = schema.without_table(old.name)
        elif isinstance(old, Row) or isinstance(new, Row):
            schema = schema.with_table(_with_row(schema.table(each.table), old, new))
        elif isinstance(old, Standalone) or isinstance(new, Standalone):
            left = [one for one in schema.objects if one != old]
            schema = schema.with_objects([*left, new] if isinstance(new, Standalone) else left)
        else:
            schema = schema.with_table(_with_part(schema.table(each.table), old, new))
    return schema


def _with_row(table: Table, old: object, new: object) -> Table:
    rows = [row for row in (table.rows.rows if table.rows else ()) if row != old]
    rows += [new] if isinstance(new, Row) else []
    key = table.rows.key if table.rows else ()
    return replace(table, rows=Rows(key, tuple(rows)) if rows and key else None)


def _with_part(table: Table, old: Part | Options | None, new: Part | Options | None) -> Table:
    if isinstance(old, Options) or isinstance(new, Options):
        return replace(table, options=new if isinstance(new, Options) else Options())
    if old is not None:
        table = parts.without_part(table, old)
    return table if new is None else parts.with_part(table, new)
