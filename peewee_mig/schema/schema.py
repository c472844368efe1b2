"""A schema: the tables of a database, and the objects beside them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from peewee_mig.errors import SchemaError
from peewee_mig.schema.objects import ForeignKey, Table
from peewee_mig.schema.standalone import EnumType, Standalone, VirtualTable, identity, kind_of


@dataclass(frozen=True, slots=True)
class Schema:
    """All tables of a database, sorted by name, and the objects beside them, sorted too."""

    tables: tuple[Table, ...] = ()
    objects: tuple[Standalone, ...] = ()
    _by_name: dict[str, Table] = field(
        init=False, repr=False, compare=False, default_factory=dict[str, Table]
    )

    def __post_init__(self) -> None:
        """Sort the tables; refuse two of one name."""
        tables = tuple(sorted(self.tables, key=lambda table: table.name))
        object.__setattr__(self, "tables", tables)
        object.__setattr__(self, "_by_name", {table.name: table for table in tables})
        if len(self._by_name) != len(tables):
            raise SchemaError("two tables have one name")
        objects = tuple(sorted(self.objects, key=identity))
        object.__setattr__(self, "objects", objects)
        for one, other in pairwise(objects):
            if identity(one) == identity(other):
                raise SchemaError(f"two objects are the {kind_of(one)} {one.name}")

    @classmethod
    def of(cls, tables: Iterable[Table], objects: Iterable[Standalone] = ()) -> Self:
        """Make a schema of tables, and objects beside them, in any order."""
        return cls(tuple(tables), tuple(objects))

    def __iter__(self) -> Iterator[Table]:
        """Yield the tables by name."""
        return iter(self.tables)

    def __contains__(self, name: object) -> bool:
        """Whether there is a table of that name."""
        return name in self._by_name

    @property
    def names(self) -> frozenset[str]:
        """The names of the tables."""
        return frozenset(self._by_name)

    def find_table(self, name: str) -> Table | None:
        """Return the table of that name, if there is one."""
        return self._by_name.get(name)

    def table(self, name: str) -> Table:
        """Return the table of that name; :exc:`SchemaError` if there is none."""
        found = self._by_name.get(name)
        if found is None:
            raise SchemaError(f"there is no table {name}")
        return found

    def with_table(self, table: Table) -> Schema:
        """Return the schema with this table added, or put in place of its namesake."""
        place = bisect_left(self.tables, table.name, key=_name)
        after = place + (table.name in self._by_name)
        tables = (*self.tables[:place], table, *self.tables[after:])
        return _sorted_schema(tables, {**self._by_name, table.name: table}, self.objects)

    def without_table(self, name: str) -> Schema:
        """Return the schema without the table of that name."""
        self.table(name)
        place = bisect_left(self.tables, name, key=_name)
        left = {key: table for key, table in self._by_name.items() if key != name}
        return _sorted_schema((*self.tables[:place], *self.tables[place + 1 :]), left, self.objects)

    def find_object(self, thing: Standalone) -> Standalone | None:
        """Return the object of the same identity beside the tables, if there is one."""
        wanted = identity(thing)
        return next((each for each in self.objects if identity(each) == wanted), None)

    def find_enum(self, name: str) -> EnumType | None:
        """Return the enum type of that name, if there is one."""
        enums = (each for each in self.objects if isinstance(each, EnumType))
        return next((each for each in enums if each.name == name), None)

    def find_virtual_table(self, name: str) -> VirtualTable | None:
        """Return the virtual table of that name, if there is one."""
        return next((each for each in self.virtual_tables if each.name == name), None)

    @property
    def virtual_tables(self) -> tuple[VirtualTable, ...]:
        """The virtual tables, by name."""
        return tuple(each for each in self.objects if isinstance(each, VirtualTable))

    def with_objects(self, objects: Iterable[Standalone]) -> Schema:
        """Return the schema with these objects beside its tables."""
        return Schema(self.tables, tuple(objects))

    def with_tables(self, tables: Iterable[Table]) -> Schema:
        """Return the schema with these tables, and the objects that it has beside them."""
        return Schema(tuple(tables), self.objects)

    def referring(self, name: str) -> tuple[tuple[Table, ForeignKey], ...]:
        """Every foreign key to the table of that name, with the table that has it."""
        return tuple(
            (table, key)
            for table in self
            for key in table.foreign_keys
            if key.referred_table == name
        )


def _name(table: Table) -> str:
    return table.name


def _sorted_schema(
    tables: tuple[Table, ...], by_name: dict[str, Table], objects: tuple[Standalone, ...]
) -> Schema:
    """Make a schema of tables that are sorted and distinct already: it is done for each step."""
    schema = object.__new__(Schema)
    object.__setattr__(schema, "tables", tables)
    object.__setattr__(schema, "objects", objects)
    object.__setattr__(schema, "_by_name", by_name)
    return schema
