"""What PostgreSQL says, with libpq. Source: PostgreSQL 15, each tried (not: RESTRICT of 18)."""

from __future__ import annotations

from peewee_mig.commands.explaining.pattern import patterns

_KINDS = "table|view|materialized view|relation|sequence|schema|database|function|type|column"

ROWS = patterns(
    "postgres",
    (
        "key_missing",
        (
            r'insert or update on table "(?P<table>[^"]+)" violates foreign key constraint'
            r' "(?P<constraint>[^"]+)"'
        ),
    ),
    (
        "key_referred",
        (
            r'update or delete on table "(?P<referred>[^"]+)" violates (?:RESTRICT setting of )?'
            r'foreign key constraint "(?P<constraint>[^"]+)" on table "(?P<table>[^"]+)"'
        ),
    ),
    (
        "key_truncate",
        (
            r"cannot truncate a table referenced in a foreign key constraint"
            r'(?s:.*Table "(?P<table>[^"]+)" references "(?P<referred>[^"]+)")?'
        ),
    ),
    ("unique", r'duplicate key value violates unique constraint "(?P<constraint>[^"]+)"'),
    ("unique_rows", r'could not create unique index "(?P<constraint>[^"]+)"'),
    (
        "not_null",
        (
            r'null value in column "(?P<column>[^"]+)"(?: of relation "(?P<table>[^"]+)")?'
            r" violates not-null"
        ),
    ),
    (
        "null_rows",
        r'column "(?P<column>[^"]+)" of relation "(?P<table>[^"]+)" contains null values',
    ),
    (
        "check",
        (
            r'new row for relation "(?P<table>[^"]+)" violates check constraint'
            r' "(?P<constraint>[^"]+)"'
        ),
    ),
    (
        "check_rows",
        r'check constraint "(?P<constraint>[^"]+)" of relation "(?P<table>[^"]+)" is violated by',
    ),
    (
        "exclusion",
        r'conflicting key value violates exclusion constraint "(?P<constraint>[^"]+)"',
    ),
    ("too_long", r"value too long for type (?P<type>[a-z ]+\(\d+\))"),
    ("out_of_range", r'value "(?P<value>[^"]*)" is out of range for type (?P<type>\w+)'),
    ("out_of_range", r"\b(?P<type>smallint|integer|bigint) out of range"),
    ("out_of_range", r"numeric field overflow"),
    (
        "cast_default",
        (
            r'default for column "(?P<column>[^"]+)" cannot be cast automatically to type'
            r" (?P<type>[^\n]+)"
        ),
    ),
    ("cast", r'column "(?P<column>[^"]+)" cannot be cast automatically to type (?P<type>[^\n]+)'),
    ("bad_value", r'invalid input syntax for type (?P<type>[\w ]+)(?:: "(?P<value>[^"\n]*)")?'),
    ("bad_value", r'invalid input value for enum (?P<type>\S+): "(?P<value>[^"\n]*)"'),
    ("bad_value", r'date/time field value out of range: "(?P<value>[^"]*)"'),
    (
        "wrong_type",
        r'column "(?P<column>[^"]+)" is of type (?P<type>[^\n]+?) but expression is of type',
    ),
    ("wrong_type", r"(?P<object>operator) does not exist: (?P<name>[^\n]+)"),
)
OBJECTS = patterns(
    "postgres",
    (
        "view_type",
        (
            r"cannot alter type of a column used by a view or rule"
            r'(?s:.* on view (?P<view>\S+) depends on column "(?P<column>[^"]+)")?'
        ),
    ),
    (
        "view_replace",
        (
            r'cannot change (?:data type|name) of view column "(?P<column>[^"]+)"'
            r"|cannot drop columns from view"
        ),
    ),
    ("exists", r'(?P<object>column) "(?P<name>[^"]+)" of relation "(?P<table>[^"]+)" already'),
    (
        "exists",
        r'(?P<object>constraint|trigger) "(?P<name>[^"]+)" for relation "(?P<table>[^"]+)" already',
    ),
    ("exists", r'(?P<object>function|procedure) "(?P<name>[^"]+)" already exists'),
    (
        "exists",
        (
            r"(?P<object>relation|type|schema|database|role|extension|sequence)"
            r' "(?P<name>[^"]+)" already exists'
        ),
    ),
    ("two_keys", r'multiple primary keys for table "(?P<table>[^"]+)"'),
    (
        "missing_column",
        r'column "(?P<column>[^"]+)" of relation "(?P<table>[^"]+)" does not exist',
    ),
    ("missing_column", r'column "(?P<column>[^"]+)" does not exist'),
    ("missing_column", r"column (?P<alias>\w+)\.(?P<column>\w+) does not exist"),
    (
        "missing_object",
        (
            r'(?P<object>constraint|trigger) "(?P<name>[^"]+)" (?:of relation|for table)'
            r' "(?P<table>[^"]+)" does not exist'
        ),
    ),
    ("missing_table", r'(?:relation|table) "(?P<table>[^"]+)" does not exist'),
    ("no_database", r'database "(?P<database>[^"]+)" does not exist'),
    ("no_role", r'role "(?P<user>[^"]+)" does not exist'),
    ("missing_extension", r'(?P<object>extension) "(?P<name>[^"]+)" is not available'),
    ("missing_function", r"(?P<object>function) (?P<name>[\w.]+)\([^)]*\) does not exist"),
    (
        "missing_object",
        r'(?P<object>index|type|schema|view|sequence|collation) "(?P<name>[^"]+)" does not exist',
    ),
    (
        "depends",
        (
            r"cannot drop (?P<object>column) (?P<name>\S+) of (?:\w+ )*?table (?P<table>\S+)"
            r" because other objects depend on it"
        ),
    ),
    (
        "depends",
        (
            r"cannot drop (?P<object>constraint|trigger) (?P<name>\S+) on table (?P<table>\S+)"
            r" because other objects depend on it"
        ),
    ),
    (
        "depends",
        rf"cannot drop (?P<object>{_KINDS}) (?P<name>\S+) because other objects depend on it",
    ),
    (
        "depends",
        (
            r"cannot drop (?P<object>index) (?P<name>\S+) because constraint (?P<constraint>\S+)"
            r" on table (?P<table>\S+) requires it"
        ),
    ),
    (
        "key_malformed",
        (
            r"there is no unique constraint matching given keys for referenced table"
            r' "(?P<referred>[^"]+)"'
        ),
    ),
    (
        "key_malformed",
        (
            r'foreign key constraint "(?P<constraint>[^"]+)" cannot be implemented'
            r'(?s:.*Key columns "(?P<column>[^"]+)" and "(?P<referred_column>[^"]+)"'
            r"[^:]* incompatible types: (?P<type>[^\n.]+))?"
        ),
    ),
    ("no_conflict_key", r"no unique or exclusion constraint matching the ON CONFLICT"),
    ("generated", r'cannot insert a non-DEFAULT value into column "(?P<column>[^"]+)"'),
    ("no_division", r"division by zero"),
    ("ambiguous", r'column reference "(?P<column>[^"]+)" is ambiguous'),
    ("grouping", r'column "(?P<column>[^"]+)" must appear in the GROUP BY clause'),
    ("value_count", r"INSERT has more (?:expressions than target columns|target columns than)"),
    ("partition", r'no partition of relation "(?P<table>[^"]+)" found for row'),
)
RUNNING = patterns(
    "postgres",
    (
        "alone",
        r"\b(?P<statement>[A-Z][A-Z ]{2,60}?) cannot (?:run inside|be executed (?:from|within))",
    ),
    ("pending_events", r'cannot [A-Z ]+ "(?P<table>[^"]+)" because it has pending trigger events'),
    (
        "replica",
        r"cannot execute (?P<statement>[A-Z ]+?) during recovery|hot standby mode is disabled",
    ),
    ("read_only", r"cannot execute (?P<statement>[A-Z ]+?) in a read-only transaction"),
    ("statement_timeout", r"canceling statement due to statement timeout"),
    ("cancelled", r"canceling statement due to user request"),
    ("lock_timeout", r"canceling statement due to lock timeout"),
    ("lock_timeout", r'could not obtain lock on (?:row in )?relation "(?P<table>[^"]+)"'),
    ("deadlock", r'deadlock detected(?s:.* in relation "(?P<table>[^"]+)")?'),
    ("serialization", r"could not serialize access"),
    (
        "denied",
        (
            r"permission denied for (?P<object>table|view|relation|sequence|schema|database"
            r"|function|type|language) (?P<name>\S+)"
        ),
    ),
    ("not_owner", r"must be owner of (?P<object>[a-z ]+?) (?P<name>\S+)"),
    ("denied", r"permission denied to (?P<right>[a-z]+(?: [a-z]+)*)"),
    ("aborted", r"current transaction is aborted"),
    ("syntax", r'syntax error at (?:or near "(?P<near>[^"]+)"|end of input)'),
)
CONNECTING = patterns(
    "postgres",
    (
        "not_let_in",
        r'password authentication failed for user "(?P<user>[^"]+)"|no password supplied',
    ),
    (
        "not_let_in",
        (
            r'no pg_hba.conf entry for host "[^"]+", user "(?P<user>[^"]+)", database'
            r' "(?P<database>[^"]+)"'
        ),
    ),
    ("not_let_in", r'(?:Peer|Ident) authentication failed for user "(?P<user>[^"]+)"'),
    ("no_login", r'role "(?P<user>[^"]+)" is not permitted to log in'),
    ("crowded", r"too many (?:clients|connections)|remaining connection slots are reserved"),
    ("starting", r"the database system is (?:starting up|shutting down|in recovery mode)"),
    ("no_host", r'could not translate host name "(?P<host>[^"]+)"'),
    ("no_host", r"failed to resolve host '(?P<host>[^']+)'"),
    (
        "down",
        (
            r'connection to server (?:at|on socket) "(?P<host>[^"]+)"(?:, port (?P<port>\d+))?'
            r" failed: (?:Connection refused|No such file|timeout|No route|Connection timed out)"
        ),
    ),
    ("tls", r"server does not support SSL|SSL error|certificate verify failed|sslmode value"),
    (
        "lost",
        (
            r"server closed the connection unexpectedly|terminating connection due to"
            r"|SSL connection has been closed unexpectedly|(?:cursor|connection) already closed"
        ),
    ),
    ("disk_full", r"could not extend file|No space left on device"),
)

PATTERNS = (*ROWS, *OBJECTS, *RUNNING, *CONNECTING)
