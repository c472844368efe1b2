"""SQL of the user's that would end the transaction of a migration. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from peewee_mig.errors import RefusedError
from peewee_mig.operations.verbs import Operation, RunSQL, in_database

_COMMENTS = r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)*"
_FLAGS = re.IGNORECASE | re.DOTALL

#: What begins or ends transactions, or savepoints.
_CONTROL = re.compile(
    rf"{_COMMENTS}(ABORT|BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|START\s+TRANSACTION)\b", _FLAGS
)
#: The same behind another statement of one text, where END may be that of BEGIN ATOMIC.
_LATER = re.compile(
    rf"{_COMMENTS}(ABORT|BEGIN(?!\s+ATOMIC)|COMMIT|ROLLBACK(?!\s+TO)|START\s+TRANSACTION)\b", _FLAGS
)
#: Statements with statements in them, which do not run yet.
_BODY = re.compile(
    rf"{_COMMENTS}CREATE\b[^;]*?\b(EVENT|FUNCTION|PACKAGE|PROCEDURE|TRIGGER)\b", _FLAGS
)
#: Texts, names and comments, in which a semicolon ends nothing; and those that do end something.
_PARTS = re.compile(
    r"'[^']*'|\"[^\"]*\"|`[^`]*`|(\$\w*\$).*?\1|--[^\n]*|/\*.*?\*/|(?P<end>;)", re.DOTALL
)


def refuse_transaction_control(operations: Sequence[Operation]) -> None:
    """Refuse SQL that would end the transaction that holds a migration with its history row."""
    for operation in in_database(operations):
        if isinstance(operation, RunSQL):
            for sql in operation.every_statement:
                _refuse(sql)


def _refuse(sql: str) -> None:
    for match in _found(sql):
        word = " ".join(match[1].upper().split())
        raise RefusedError(
            f"a migration runs in a transaction, which {word} would break",
            statement=sql,
            hint="leave it out: each migration is committed whole, or not at all",
        )


def _found(sql: str) -> Iterator[re.Match[str]]:
    if match := _CONTROL.match(sql):
        yield match
    if _BODY.match(sql):
        return
    for part in _PARTS.finditer(sql):
        if part["end"] and (match := _LATER.match(sql, part.end())):
            yield match
