"""The order of migrations: by what they depend on, then by name. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence

#: The name of each migration -> the names that it depends on.
Parents = Mapping[str, Sequence[str]]


def in_order(parents: Parents) -> tuple[str, ...]:
    """Sort names so that each follows what it depends on; those in a cycle come last."""
    waiting = {name: {each for each in on if each in parents} for name, on in parents.items()}
    followers: dict[str, list[str]] = {name: [] for name in parents}
    for name, on in waiting.items():
        for each in on:
            followers[each].append(name)
    ready = sorted(name for name, on in waiting.items() if not on)
    order: list[str] = []
    while ready:
        done = heapq.heappop(ready)
        order.append(done)
        for name in followers[done]:
            waiting[name].discard(done)
            if not waiting[name]:
                heapq.heappush(ready, name)
    return (*order, *sorted(parents.keys() - set(order)))


def in_cycle(parents: Parents) -> tuple[str, ...]:
    """Return the names that depend on themselves, through others or not, or on such ones."""
    settled: set[str] = set()
    for name in in_order(parents):
        if all(each in settled or each not in parents for each in parents[name]):
            settled.add(name)
    return tuple(sorted(parents.keys() - settled))


def heads(parents: Parents) -> tuple[str, ...]:
    """Return the names that nothing depends on."""
    inner = {each for on in parents.values() for each in on}
    return tuple(sorted(parents.keys() - inner))


def ancestors(name: str, parents: Parents) -> frozenset[str]:
    """Return all that a migration depends on, directly or not, as far as it is there."""
    found: set[str] = set()
    waiting = list(parents.get(name, ()))
    while waiting:
        each = waiting.pop()
        if each in parents and each not in found:
            found.add(each)
            waiting += parents[each]
    return frozenset(found)
