"""Every error that a user can cause: what happened, where, what is safe, and the way out.

The exit codes are the contract of the command line (docs/reference/exit-codes.md).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from typing import ClassVar

_SAME = "the same command"


class MigError(Exception):
    """Base of all: ``message`` (one sentence), then fields that any listener can print."""

    exit_code: ClassVar[int] = 3

    def __init__(
        self,
        message: str,
        *,
        where: str = "",
        statement: str = "",
        original: str = "",
        committed: str = "",
        hint: str = "",
    ) -> None:
        """Keep the fields; ``hint`` is the next command or the change that helps."""
        super().__init__(message)
        self.message = message
        self.where = where
        self.statement = statement
        self.original = original
        self.committed = committed
        self.hint = hint
        #: What the words of the database mean here, one line each; the last place fills it in.
        self.diagnosis: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return the fields that are set, for ``--json``."""
        fields: dict[str, object] = {
            "error": self.message,
            "where": self.where,
            "statement": self.statement,
            "original": self.original,
            "diagnosis": list(self.diagnosis),
            "committed": self.committed,
            "hint": self.hint,
        }
        return {"exit_code": self.exit_code, **{k: v for k, v in fields.items() if v}}


class UsageError(MigError):
    """Wrong options, configuration, or a model that does not import."""

    exit_code = 2


class ModelError(UsageError):
    """The models cannot be read: import, collision, or a kind that is not supported."""


class NotCurrentError(MigError):
    """A database does not stand where the migrations of this program end.

    ``pending``: names of migrations that it lacks; ``ahead``: of those that only it has;
    ``problems``: what is wrong, in sentences.
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        pending: Sequence[str] = (),
        ahead: Sequence[str] = (),
        problems: Sequence[str] = (),
        **fields: str,
    ) -> None:
        """Keep all names."""
        super().__init__(message, **fields)
        self.pending = tuple(pending)
        self.ahead = tuple(ahead)
        self.problems = tuple(problems)

    def to_json(self) -> dict[str, object]:
        """Return the fields, with all names."""
        lists = {"pending": self.pending, "ahead": self.ahead, "problems": self.problems}
        return {**super().to_json(), **{name: list(each) for name, each in lists.items()}}


class DeclinedError(MigError):
    """A person was asked and said no."""

    exit_code = 1


class FailedError(MigError):
    """The database is down, denies, or a statement failed."""

    exit_code = 3


class SeedError(FailedError):
    """A seed raised, in the words of what it raised."""


class HookError(FailedError):
    """A hook raised, in the words of what it raised."""


class RowsError(FailedError):
    """Rows are in the way of a statement, in the words of the server."""


class AloneError(FailedError):
    """A statement that no transaction can hold was refused inside one; nothing was done."""


class DeniedError(FailedError):
    """A right is missing; the hint is the grant that gives it, if it can be told."""


class UnreachableError(FailedError):
    """The database does not answer, or takes no more connections: it may later."""


class LockedError(MigError):
    """Another process holds the lock."""

    exit_code = 4


class ExistsError(FailedError):
    """The database has already what a statement makes."""


class MissingError(FailedError):
    """The database lacks what a statement needs."""


class BusyError(LockedError):
    """A statement met a lock of another session and was undone: try the transaction again."""


class RefusedError(MigError):
    """Nothing was changed: broken history, data in the way, an unanswered question."""

    exit_code = 5


class SchemaError(RefusedError):
    """A value or an operation that contradicts the schema it is used on."""


class DriftError(RefusedError):
    """A live database is not what it should be; ``lines`` say how, in words."""

    def __init__(self, message: str, *, lines: Sequence[str] = (), **fields: str) -> None:
        """Keep all lines, and show the first ones."""
        super().__init__(message, original=_first(lines), **fields)
        self.lines = tuple(lines)

    def to_json(self) -> dict[str, object]:
        """Return the fields, with all lines."""
        return {**super().to_json(), "difference": list(self.lines)}


class HistoryError(RefusedError):
    """The migrations folder is broken or was tampered with."""


class QuestionError(RefusedError):
    """A question has no safe answer and there is nobody to ask."""


class GuardError(RefusedError):
    """Rows of the database are in the way of a step; ``original`` says of which others too."""


class ConsentError(RefusedError):
    """Rows would be lost and nobody consented."""


def failure_of(error: BaseException) -> FailedError:
    """Return what is no error of ours as one: of a file, else a bug."""
    if isinstance(error, OSError):
        return FailedError(error.strerror or str(error), where=str(error.filename or ""))
    return FailedError(
        f"a bug in peewee_mig: {type(error).__name__}: {error}",
        hint="run it again with -v and report the traceback",
    )


def same_command(*words: str, in_place_of: Sequence[str] = (), without: Sequence[str] = ()) -> str:
    """Say, for a hint, the command that was given: again, or with other words.

    The command line spells it (``cli/again.py``), so a part of a hint that ends with it can be
    pasted.
    """
    if in_place_of:
        return f"{_SAME} with `{shlex.join(words)}` in place of `{shlex.join(in_place_of)}`"
    if without:
        return f"{_SAME} without `{shlex.join(without)}`"
    return f"{_SAME} with `{shlex.join(words)}`" if words else f"{_SAME} again"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return what somebody who wrote a word most likely meant; empty if nothing is near."""
    import difflib  # only on the way out

    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.7)), "")


def _first(lines: Sequence[str], limit: int = 10) -> str:
    """Return the first lines, and how many more there are."""
    more = [f"and {len(lines) - limit} more"] if len(lines) > limit else []
    return "\n".join([*lines[:limit], *more])
