"""Which index of one side is which of the other: by structure where nobody chose the name."""

from __future__ import annotations

from collections.abc import Iterable

from peewee_mig.schema.objects import Index


def counterparts(present: Iterable[Index], wanted: Iterable[Index]) -> dict[Index, Index]:
    """Pair indexes one to one: those of one name first, then those of one structure."""
    found: dict[Index, Index] = {}
    left = list(wanted)
    waiting = list(present)
    for same_name in (True, False):
        for index in [each for each in waiting if each not in found]:
            partner = next(
                (
                    each
                    for each in left
                    if index.equivalent(each) and (each.name == index.name or not same_name)
                ),
                None,
            )
            if partner is not None:
                found[index] = partner
                left.remove(partner)
    return found
