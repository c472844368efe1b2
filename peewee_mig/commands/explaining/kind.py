"""A kind of error: what it means, what is possible, the next command.

Names in braces are those of the text. What has one that the text lacks is left out; of the
texts for ``next`` the first one counts of which all names are known.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """What an error means, in one sentence, and the ways out.

    ``looks``: the database is worth asking; else it may be down, or has nothing to add.
    """

    sentence: str
    possible: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    looks: bool = False
