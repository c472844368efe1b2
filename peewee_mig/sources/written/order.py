"""In which module and in which order models stand, so that most keys find what they refer to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from peewee_mig.schema.names import bare, schema_of
from peewee_mig.schema.schema import Schema
from peewee_mig.sources.written.naming import singular, snake

#: The name of the only module.
WHOLE = ""
#: The name of the module for all that has no module of its own.
REST = "main"


def one_module(_table: str) -> str:
    """Put all tables into one module."""
    return WHOLE


def by_schema(table: str) -> str:
    """Put each schema of the database into a module of its own."""
    return schema_of(table) or REST


def by_prefix(schema: Schema) -> Callable[[str], str]:
    """Put tables into modules by their first word, where two or more have it in common."""
    words = {name: singular(snake(bare(name)).partition("_")[0]) for name in schema.names}
    counts = Counter(words.values())
    return lambda table: words[table] if counts[words[table]] > 1 else REST


def ordered(names: Iterable[str], needs: Mapping[str, Iterable[str]]) -> list[str]:
    """Order names so that what one needs stands before it, as far as there is no cycle.

    The order is the same in every run: names are looked at by the alphabet.
    """
    known = {*names}
    left = {n: sorted({*needs.get(n, ())} & known - {n}) for n in sorted(known)}
    while True:
        try:
            return list(TopologicalSorter(left).static_order())
        except CycleError as error:
            cycle: list[str] = error.args[1]
            left[cycle[1]].remove(cycle[0])


def modules(
    schema: Schema, needs: Mapping[str, Iterable[str]], place: Callable[[str], str]
) -> dict[str, list[str]]:
    """Return the tables of each module, all in order."""
    places = {name: place(name) for name in schema.names}
    between: dict[str, set[str]] = {each: set() for each in places.values()}
    for name, wanted in needs.items():
        between[places[name]] |= {places[each] for each in wanted if each in places}
    return {
        module: ordered([name for name in places if places[name] == module], needs)
        for module in ordered(between, between)
    }
