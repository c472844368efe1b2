"""The normal forms of what a constraint may say: what is usual is ``None``."""

from __future__ import annotations

from peewee_mig.errors import SchemaError

#: Actions of a foreign key besides the default, ``NO ACTION``, which is written ``None``.
ACTIONS = ("CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT")

#: When a constraint that is not checked at once is checked; ``None``: at once.
DEFERRALS = ("INITIALLY DEFERRED", "INITIALLY IMMEDIATE")

#: What SQLite does with a row in the way besides the default, ``ABORT``, which is ``None``.
CONFLICTS = ("ROLLBACK", "FAIL", "IGNORE", "REPLACE")


def action(words: str | None) -> str | None:
    """Return an action of a foreign key; :exc:`SchemaError` for none."""
    if words is None or words.upper() == "NO ACTION":
        return None
    return _one_of(ACTIONS, words.upper(), f"action {words!r} of a foreign key")


def deferral(words: str | None) -> str | None:
    """Return when a constraint is checked; :exc:`SchemaError` for other words."""
    normal = " ".join((words or "").upper().replace("NOT DEFERRABLE", "").split())
    if not normal:
        return None
    if normal == "DEFERRABLE":
        return "INITIALLY IMMEDIATE"
    normal = normal.removeprefix("DEFERRABLE ")
    return _one_of(DEFERRALS, normal, f"deferral {words!r} of a constraint")


def conflict(word: str | None) -> str | None:
    """Return what happens to a row in the way; :exc:`SchemaError` for other words."""
    if word is None or word.upper() == "ABORT":
        return None
    return _one_of(CONFLICTS, word.upper(), f"word {word!r} behind ON CONFLICT")


def _one_of(known: tuple[str, ...], word: str, what: str) -> str:
    if word not in known:
        raise SchemaError(f"unknown {what}", hint=f"write one of {', '.join(known)}")
    return word
