"""explain: what an error of a database, or of Peewee, means, and the way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from peewee_mig.commands.explaining import kinds_running
from peewee_mig.commands.explaining.advice import advise
from peewee_mig.commands.explaining.case import facts, open_case
from peewee_mig.commands.explaining.kinds import KINDS
from peewee_mig.commands.explaining.knowledge import PATIENCE, Knowledge, read_knowledge
from peewee_mig.commands.explaining.said import Said, read_error
from peewee_mig.commands.explaining.waiting import within
from peewee_mig.commands.project import Project
from peewee_mig.errors import DriftError, GuardError, MigError, UnreachableError, UsageError

#: Errors in which the words of ``original`` are not a database's.
_OWN_WORDS = (UsageError, GuardError, DriftError, UnreachableError)


#: Seconds that a failure waits for its diagnosis; the database gets :data:`_SHARE` of them.
_LIMIT = PATIENCE
_SHARE = 0.6

#: Kinds of which the hint of an error says all: how to connect, the right to grant.
_TOLD_ALREADY = frozenset({*kinds_running.CONNECTING, "denied", "not_owner"})


@dataclass(frozen=True, slots=True)
class Explained:
    """An error in words. ``kind``: empty if the text is not known.

    ``names``: those that the text has; ``facts``: what it is about, a label and its words
    each; ``models``: where that is declared; ``possible``: the ways out; ``next``: a command,
    or a change and a command; ``notes``: why something is not known.
    """

    kind: str = ""
    engine: str = ""
    sentence: str = "this error is not known"
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    facts: tuple[tuple[str, str], ...] = ()
    possible: tuple[str, ...] = ()
    next: str = ""
    notes: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether the text was understood."""
        return bool(self.kind)

    @property
    def models(self) -> tuple[str, ...]:
        """Where the fields, or the model, are written."""
        return tuple(words for label, words in self.facts if label == "model")

    @property
    def lines(self) -> tuple[str, ...]:
        """What it is about and what is possible, one line each."""
        about = (f"{label}: {words}" for label, words in self.facts)
        return (*about, *(f"possible: {words}" for words in self.possible))

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "kind": self.kind or None,
            "engine": self.engine or None,
            "sentence": self.sentence,
            "names": dict(self.names),
            "facts": [{"label": label, "words": words} for label, words in self.facts],
            "models": list(self.models),
            "possible": list(self.possible),
            "next": self.next or None,
            "notes": list(self.notes),
            "ok": self.is_known,
        }


def explain(project: Project | None, text: str) -> Explained:
    """Explain the text of an error; without a project, from the text alone.

    The database is asked if it is configured, is of the engine that speaks, and answers; it is
    not changed.
    """
    said = read_error(text)
    if said is None:
        return Explained(
            next="paste the whole error, with the lines DETAIL and HINT if it has them"
        )
    connect = KINDS[said.kind].looks
    return _explained(said, project, connect=connect)


def add_diagnosis(error: MigError, open_project: Callable[[], Project]) -> None:
    """Add to an error of our own what the words of the database in it mean; never raise.

    The error itself is what matters: it waits :data:`_LIMIT` seconds at most, also for models
    that hang when they are imported.
    """
    explained = within(_LIMIT, lambda: diagnose(open_project(), error))
    match explained:
        case Explained():
            error.diagnosis = explained.lines
            error.hint = error.hint or explained.next
        case None | Exception() | SystemExit():
            return
        case _:
            raise explained


def diagnose(project: Project, error: MigError) -> Explained | None:
    """Explain the words of the database in an error of our own; ``None``: nothing to add.

    The database is not asked where it may be down, nor where somebody holds it.
    """
    if isinstance(error, _OWN_WORDS):
        return None
    said = read_error(error.original, error.statement)
    if said is None or said.kind in _TOLD_ALREADY:
        return None
    connect = KINDS[said.kind].looks
    explained = _explained(said, project, connect=connect, patience=_LIMIT * _SHARE)
    return explained if explained.lines else None


def _explained(
    said: Said, project: Project | None, *, connect: bool, patience: float | None = None
) -> Explained:
    knowledge = (
        read_knowledge(project, said.engine, connect=connect, patience=patience)
        if project is not None
        else Knowledge(said.engine)
    )
    case = open_case(said, knowledge)
    advice = advise(case)
    return Explained(
        said.kind,
        said.engine or knowledge.engine,
        KINDS[said.kind].sentence,
        said.names,
        facts(case),
        advice.possible,
        advice.next,
        knowledge.notes,
    )
