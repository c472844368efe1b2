"""Objects beside the tables, declared in a module of models: views, triggers, functions.

Each is a value that stands in a module as an attribute, or in a list or tuple that does::

    active_people = View("active_people", Person.select().where(Person.active))
    touch = Trigger("touch", table=Person, sqlite="CREATE TRIGGER touch …")

Names may have a schema before them: ``reports.active_people``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

#: What says "this needs that": a model, a declared object, or a name.
Needed = object


@dataclass(frozen=True, eq=False)
class Declaration:
    """An object that the user declares; known by its kind and name."""

    name: str


@dataclass(frozen=True, eq=False)
class View(Declaration):
    """A view: ``select`` is a query of Peewee's, or SQL that every engine in use understands.

    What it reads among the declared tables and views is found in the query; ``needs`` adds what is
    not seen there, such as a function.
    """

    select: object
    materialized: bool = field(default=False, kw_only=True)
    needs: Sequence[Needed] = field(default=(), kw_only=True)


@dataclass(frozen=True, eq=False)
class Raw(Declaration):
    """SQL of the user's for each engine that has the object; ``create``: for all others.

    ``drop`` is the statement that undoes it: one for all, or by engine. An object is replaced
    by dropping and creating it, unless its SQL says ``CREATE OR REPLACE``.
    """

    create: str = field(default="", kw_only=True)
    sqlite: str = field(default="", kw_only=True)
    postgres: str = field(default="", kw_only=True)
    mysql: str = field(default="", kw_only=True)
    drop: str | Mapping[str, str] = field(default="", kw_only=True)
    needs: Sequence[Needed] = field(default=(), kw_only=True)


@dataclass(frozen=True, eq=False)
class Trigger(Raw):
    """A trigger; ``table``: the model or the name of the table that it hangs on.

    Without ``drop`` it is dropped by its name.
    """

    table: Needed = field(kw_only=True)


@dataclass(frozen=True, eq=False)
class Function(Raw):
    """A function or procedure; without ``drop`` it is dropped by its name."""


@dataclass(frozen=True, eq=False)
class RawSQL(Raw):
    """Anything else that a statement creates and another one drops; the name is for us only."""


@dataclass(frozen=True, eq=False)
class Extension(Declaration):
    """An extension of PostgreSQL, such as ``hstore``."""
