"""What stands beside the tables: views, types, sequences, triggers, ..."""

from __future__ import annotations

from peewee_mig.op.words import SQL, Names, by_engine, listed
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.standalone import EnumType, RawObject, View, VirtualTable
from peewee_mig.schema.standalone import Sequence as NamedSequence


def view(name: str, select: str, *, materialized: bool = False, needs: Names = ()) -> View:
    """Define a view; ``needs`` are the tables and views that it reads."""
    return View(name, Expression(select), materialized, listed(needs))


def virtual_table(name: str, module: str, *arguments: str) -> VirtualTable:
    """Define a virtual table of SQLite."""
    return VirtualTable(name, module, arguments)


def sequence(name: str) -> NamedSequence:
    """Define a sequence."""
    return NamedSequence(name)


def enum(name: str, *values: str) -> EnumType:
    """Define an enum type of PostgreSQL."""
    return EnumType(name, values)


def function(name: str, *, create: SQL, drop: SQL, needs: Names = ()) -> RawObject:
    """Define a function in SQL of yours; ``needs`` are tables that must be there first."""
    return RawObject("function", name, by_engine(create), by_engine(drop), "", listed(needs))


def trigger(name: str, table: str, *, create: SQL, drop: SQL, needs: Names = ()) -> RawObject:
    """Define a trigger of a table in SQL of yours."""
    return RawObject("trigger", name, by_engine(create), by_engine(drop), table, listed(needs))


def extension(name: str, *, create: SQL, drop: SQL, needs: Names = ()) -> RawObject:
    """Define an extension of the database."""
    return RawObject("extension", name, by_engine(create), by_engine(drop), "", listed(needs))


def raw_object(name: str, *, create: SQL, drop: SQL, needs: Names = ()) -> RawObject:
    """Define any other object in SQL of yours."""
    return RawObject("object", name, by_engine(create), by_engine(drop), "", listed(needs))
