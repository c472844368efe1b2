"""What Peewee says (4.5, tried), and pieces of an error that any database might have said.

The pieces come last: they know the kind of an error, and no names.
"""

from __future__ import annotations

from peewee_mig.commands.explaining.pattern import patterns

PEEWEE = patterns(
    "",
    ("no_row", r"<Model: (?P<model>\w+)> instance matching query does not exist"),
    ("no_row", r"\b(?P<model>[A-Z]\w*)DoesNotExist\b"),
    ("unbound", r"Query must be bound to a database"),
    ("uninitialized", r"database must be initialized before|Cannot use uninitialized Proxy"),
    ("not_opened", r"database connection not opened"),
    ("opened_twice", r"Connection already opened"),
    ("pool", r"Exceeded maximum connections"),
)
PIECES = patterns(
    "",
    ("key", r"(?i)violates foreign key constraint|foreign key constraint (?:fails|failed)"),
    ("unique", r"(?i)duplicate key|violates unique constraint|unique constraint failed"),
    ("unique", r"Duplicate entry"),
    ("not_null", r"(?i)violates not-null|not null constraint"),
    ("check", r"(?i)violates check constraint|check constraint failed"),
    ("cast", r"cannot be cast"),
    ("exists", r"already exists"),
    ("depends", r"depends? on it|depends on"),
    ("missing_table", r"(?i)no such table|undefinedtable"),
    ("missing_column", r"(?i)no such column|unknown column|undefinedcolumn"),
    ("file_locked", r"(?i)database is locked"),
    ("lock_timeout", r"(?i)lock (?:wait )?timeout"),
    ("deadlock", r"(?i)deadlock"),
    ("too_long", r"(?i)(?:value|string|data) too long"),
    ("out_of_range", r"(?i)out of range"),
    ("denied", r"(?i)permission denied|access denied|insufficient ?privilege"),
    ("read_only", r"(?i)read-?only"),
    ("crowded", r"(?i)too many (?:clients|connections)"),
    ("no_database", r"(?i)unknown database"),
    ("not_let_in", r"(?i)authentication failed"),
    ("down", r"(?i)connection refused|connection timed out"),
    ("tls", r"\b(?:SSL|TLS)\b"),
    # What psycopg calls an error, of a server that speaks another language.
    ("key", r"\bForeignKeyViolation\b"),
    ("unique", r"\bUniqueViolation\b"),
    ("not_null", r"\bNotNullViolation\b"),
    ("check", r"\bCheckViolation\b"),
    ("exclusion", r"\bExclusionViolation\b"),
    ("exists", r"\bDuplicate(?:Table|Column|Object)\b"),
    ("depends", r"\bDependentObjectsStillExist\b"),
    ("too_long", r"\bStringDataRightTruncation\b"),
    ("out_of_range", r"\bNumericValueOutOfRange\b"),
    ("lock_timeout", r"\bLockNotAvailable\b"),
    ("aborted", r"\bInFailedSqlTransaction\b"),
)
