"""Which migrations a live database equals, or is nearest to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from peewee_mig.commands.standing import Standing
from peewee_mig.plan.drift import Drift
from peewee_mig.schema.objects import Table

#: A migration, or ``None`` for what is before the first one.
Place = str | None


@dataclass(frozen=True)
class Matching:
    """A database against every snapshot of the history.

    Most snapshots differ in tables or columns, which is cheap to see: only where those are
    the same, or few, is everything compared.
    """

    standing: Standing

    def equal(self) -> Iterator[Place]:
        """Yield the places whose schema the database has, oldest first."""
        known: dict[str, bool] = {}
        for place in self._places:
            key = self.standing.history.state_at(place).hash if place else ""
            if key not in known:
                known[key] = not self._at_least(place) and not self._drift(place).differences
            if known[key]:
                yield place

    def nearest(self) -> tuple[Place, Drift]:
        """Return a place with the fewest differences."""
        bounds = {place: self._at_least(place) for place in reversed(self._places)}
        first, *others = sorted(bounds, key=bounds.__getitem__)
        best, drift = first, self._drift(first)
        for place in others:
            if bounds[place] >= len(drift.differences):
                break
            found = self._drift(place)
            if len(found.differences) < len(drift.differences):
                best, drift = place, found
        return best, drift

    @property
    def _places(self) -> tuple[Place, ...]:
        return (None, *self.standing.history.names)

    def _drift(self, place: Place) -> Drift:
        return self.standing.against(self.standing.history.schema_at(place))

    def _at_least(self, place: Place) -> int:
        """Return how many tables and columns differ: no less is the number of differences."""
        whole = self.standing.history.schema_at(place)
        live, expected = self._live, self._columns(self.standing.without.managed(whole))
        columns = (live[name] ^ expected[name] for name in live.keys() & expected.keys())
        return len(live.keys() ^ expected.keys()) + sum(map(len, columns))

    @cached_property
    def _live(self) -> dict[str, frozenset[str]]:
        managed = set(map(self.standing.dialect.stored_name, self.standing.managed))
        return self._columns(t for t in self.standing.catalog.schema if t.name in managed)

    def _columns(self, tables: Iterable[Table]) -> dict[str, frozenset[str]]:
        stored = self.standing.dialect.stored_name
        return {stored(each.name): frozenset(map(stored, each.column_names)) for each in tables}
