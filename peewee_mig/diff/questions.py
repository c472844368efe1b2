"""What a diff cannot know, as questions."""

from __future__ import annotations

from peewee_mig.diff.moves import move_candidates
from peewee_mig.diff.renames import (
    Candidate,
    Renames,
    column_candidates,
    pairs,
    table_candidates,
    value_candidates,
    virtual_candidates,
)
from peewee_mig.schema.schema import Schema


def candidates(
    before: Schema, after: Schema, decided: Renames, refused: frozenset[str] = frozenset()
) -> tuple[Candidate, ...]:
    """Return the open questions: tables, columns, values, moves; of each kind the likeliest first.

    An answer about a table may open questions about its columns. ``refused``: options
    (``Candidate.option``) that were answered with no.
    """
    asked = (table_candidates, virtual_candidates)
    open_tables = [
        candidate
        for ask in asked
        for candidate in ask(before, after, decided)
        if candidate.option not in refused
    ]
    columns = [
        candidate
        for old, new in pairs(before, after, decided)
        for candidate in column_candidates(old, new, decided)
        if candidate.option not in refused
    ]
    values = [c for c in value_candidates(before, after, decided) if c.option not in refused]
    moves = [c for c in move_candidates(before, after, decided) if c.option not in refused]
    return tuple(
        each
        for kind in (open_tables, columns, values, moves)
        for each in sorted(kind, key=_by_likelihood)
    )


def _by_likelihood(candidate: Candidate) -> tuple[float, str]:
    return (-candidate.score, candidate.option)
