"""What can go wrong on a server, in words that both share; each dialect has the numbers."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from peewee_mig.dialects.url import DatabaseUrl, parse_url
from peewee_mig.errors import (
    AloneError,
    BusyError,
    DeniedError,
    ExistsError,
    FailedError,
    MigError,
    MissingError,
    RowsError,
    UnreachableError,
    UsageError,
    same_command,
)

_AGAIN = f"what was committed stays, and it goes on from there: {same_command()}"


@dataclass(frozen=True, slots=True)
class Known:
    """What an error of a driver means: one sentence (``{}``: the database), and the way out."""

    message: str
    hint: str
    kind: type[MigError] = FailedError

    def error(self, label: str, *, statement: str, original: str, hint: str = "") -> MigError:
        """Return it for one database; ``hint`` takes the place of the general one."""
        return self.kind(
            self.message.format(label),
            statement=statement,
            original=original,
            hint=hint or self.hint,
        )


# Connecting.

DOWN = Known(
    "the database {} does not answer",
    f"start the server, or check host and port; then: {same_command()}",
    UnreachableError,
)
STARTING = Known(
    "the server of {} is starting up or shutting down",
    f"in a moment: {same_command()}",
    UnreachableError,
)
CROWDED = Known(
    "the server of {} takes no more connections",
    f"close some, or raise its limit of connections; then: {same_command()}",
    UnreachableError,
)
NOT_LET_IN = Known(
    "the server of {} does not let this user in",
    "check the user and the password; the server may also have a list of allowed hosts",
)
NO_DATABASE = Known("the database {} does not exist", "create it")
NO_TLS = Known(
    "no encrypted connection to {} could be made",
    "check the certificates, and the options that begin with ssl",
)
NO_SENSE = Known(
    "the address {} is not understood", "check its options and their spelling", UsageError
)
NOT_CONNECTED = Known(
    "no connection to {} could be made", "check host, port, user, password and options"
)

# Statements.

BUSY = Known(
    "another session holds what a statement on {} needs",
    f"once that session has ended: {same_command()}",
    BusyError,
)
DEADLOCK = Known(
    "the server of {} ended a deadlock and gave up this transaction",
    same_command(),
    BusyError,
)
CANCELLED = Known(
    "a statement on {} was cancelled: it took longer than allowed, or somebody stopped it",
    f"allow statements more time, or ask who stopped it; then: {same_command()}",
)
LOST = Known("the connection to {} was lost", f"check that the server runs; {_AGAIN}")
READ_ONLY = Known(
    "{} takes no changes: it is a replica, or set to read only",
    "give the address of the primary server, or let this user write",
)
FULL = Known("the disk of {} is full", f"free some space; {_AGAIN}")
DENIED = Known(
    "this user of {} lacks a right that a statement needs",
    "grant it, or migrate as the owner of the tables",
    DeniedError,
)
EXISTS = Known(
    "{} has already what a statement makes",
    "see what differs: peewee-mig diff; record what is there already: peewee-mig baseline",
    ExistsError,
)
MISSING = Known(
    "{} lacks what a statement needs",
    "if somebody dropped it, print the SQL that puts it back: peewee-mig diff --plan;"
    f" if the statement is wrong, correct it, then: {same_command()}",
    MissingError,
)
NEEDED = Known(
    "other objects of {} need what a statement drops or changes",
    f"drop or change what the database names first, then: {same_command()}",
)
ROWS = Known(
    "rows of {} are in the way of a statement",
    f"mend the rows that the database names, then: {same_command()}",
    RowsError,
)
ALONE = Known(
    "a statement on {} cannot run inside a transaction",
    "write atomic = False in the migration, and give the statement a run_sql of its own",
    AloneError,
)
OTHER = Known("a statement failed on {}", "")


def no_role(role: str) -> Known:
    """Return what is wrong where there is no such role."""
    return Known(f"{{}} has no role {role}", "correct `role` in the configuration")


def not_member(role: str) -> Known:
    """Return what is wrong where the user may not become a role."""
    return Known(f"this user of {{}} may not take the role {role}", "make it a member", DeniedError)


def address(label: str) -> DatabaseUrl | None:
    """Return the URL that a label is; none where a Peewee database knows it alone."""
    return parse_url(label) if "://" in label else None


def client(program: str, url: DatabaseUrl, *, port: str, user: str) -> str:
    """Spell a client program with the options that lead to the server of a URL."""
    given = {"-h": url.host, port: str(url.port or ""), user: url.user}
    options = (f"{option} {shlex.quote(text)}" for option, text in given.items() if text)
    return " ".join([program, *options])


def other_person(label: str) -> str:
    """Say the same command with another user and password; nothing where no URL is known."""
    if "://" not in label:
        return ""
    scheme, _, rest = label.partition("://")
    url = f"{scheme}://USER:PASSWORD@{rest.rpartition('@')[2]}"
    return f"try another user or password: {same_command('--database', url)}; "


def first_word(sql: str) -> str:
    """Return the word that says what a statement does."""
    return sql.split(None, 1)[0].upper() if sql.strip() else ""


def redacted(text: str, secrets: Sequence[str], *, shown: str) -> str:
    """Hide passwords, except what is ``shown`` anyway (a user may be called as the password).

    libpq repeats in quotation marks the piece of an address that it does not understand,
    which may be one of a password with a slash.
    """

    def piece(found: re.Match[str]) -> str:
        hidden = found[1] not in shown and any(found[1] in secret for secret in secrets)
        return '"***"' if hidden else found[0]

    for secret in secrets:
        if secret and secret not in shown:
            text = text.replace(secret, "***")
    text = re.sub(r'"([^"]+)"', piece, text)
    text = re.sub(r"(://[^:/@\s]*):[^@\s]*@", r"\1:***@", text)
    return re.sub(r"(password\s*=\s*)('[^']*'|[^\s&]+)", r"\1***", text)
