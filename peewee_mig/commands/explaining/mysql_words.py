"""What MariaDB and MySQL say. Source: MariaDB 10.11, each tried; MySQL 8.0, its list of errors."""

from __future__ import annotations

from peewee_mig.commands.explaining.pattern import patterns

#: The constraint as both servers spell it, with its table and its database.
_KEY = (
    r"(?s:.*?\(`(?P<database>[^`]+)`\.`(?P<table>[^`]+)`, CONSTRAINT `(?P<constraint>[^`]+)`"
    r" FOREIGN KEY \((?P<columns>[^)]+)\) REFERENCES (?:`[^`]+`\.)?`(?P<referred>[^`]+)`"
    r" \((?P<referred_columns>[^)]+)\))?"
)

ROWS = patterns(
    "mysql",
    ("key_missing", rf"Cannot add or update a child row: a foreign key constraint fails{_KEY}"),
    (
        "key_referred",
        rf"Cannot delete or update a parent row: a foreign key constraint fails{_KEY}",
    ),
    ("key_truncate", rf"Cannot truncate a table referenced in a foreign key constraint{_KEY}"),
    (
        "key_referred",
        (
            r"Cannot drop table '(?P<referred>[^']+)' referenced by a foreign key constraint"
            r" '(?P<constraint>[^']+)' on table '(?P<table>[^']+)'"
        ),
    ),
    (
        "unique",
        (
            r"Duplicate entry '(?P<value>.*)' for key"
            r" '(?:(?P<table>[^'.]+)\.)?(?P<constraint>[^']+)'"
        ),
    ),
    ("not_null", r"Column '(?P<column>[^']+)' cannot be null"),
    ("no_value", r"Field '(?P<column>[^']+)' doesn't have a default value"),
    (
        "check",
        r"CONSTRAINT `(?P<constraint>[^`]+)` failed for `(?P<database>[^`]+)`\.`(?P<table>[^`]+)`",
    ),
    ("check", r"Check constraint '(?P<constraint>[^']+)' is violated"),
    ("too_long", r"Data too long for column '(?P<column>[^']+)'"),
    ("out_of_range", r"Out of range value for column '(?P<column>[^']+)'"),
    ("truncated", r"Data truncated for column '(?P<column>[^']+)'"),
    (
        "charset",
        (
            r"Incorrect string value: '(?P<value>[^']*)' for column"
            r" (?:`(?P<database>[^`]+)`\.`(?P<table>[^`]+)`\.)?[`'](?P<column>[^`']+)[`']"
        ),
    ),
    (
        "bad_value",
        (
            r"(?:Incorrect|Truncated incorrect) (?P<type>\w+) value: '(?P<value>[^']*)'"
            r"(?: for column (?:`(?P<database>[^`]+)`\.`(?P<table>[^`]+)`\.)?"
            r"[`'](?P<column>[^`']+)[`'])?"
        ),
    ),
    ("collation", r"Illegal mix of (?P<object>collations) \((?P<name>[^)]+)\)"),
)
OBJECTS = patterns(
    "mysql",
    ("exists", r"Can't create (?P<object>database) '(?P<name>[^']+)'; database exists"),
    ("exists", r"(?P<object>Table|Trigger) '(?:[^'.]+\.)?(?P<name>[^']+)' already exists"),
    ("exists", r"Duplicate (?P<object>key|column|CHECK constraint) name '(?P<name>[^']+)'"),
    ("exists", r"Duplicate (?P<object>foreign key|check) constraint name '(?P<name>[^']+)'"),
    (
        "key_name",
        r"Can't create table `(?P<database>[^`]+)`\.`(?P<table>[^`]+)` \(errno: 121",
    ),
    (
        "key_malformed",
        r"Can't create table `(?P<database>[^`]+)`\.`(?P<table>[^`]+)` \(errno: 150",
    ),
    ("key_malformed", r"Cannot add foreign key constraint"),
    (
        "key_malformed",
        (
            r"Missing (?:index|unique key) for constraint '(?P<constraint>[^']+)' in the referenced"
            r" table '(?P<referred>[^']+)'"
        ),
    ),
    (
        "key_malformed",
        (
            r"Referencing column '(?P<column>[^']+)' and referenced column"
            r" '(?P<referred_column>[^']+)' in foreign key constraint '(?P<constraint>[^']+)'"
            r" are incompatible"
        ),
    ),
    (
        "key_malformed",
        (
            r"Column '(?P<column>[^']+)' cannot be NOT NULL: needed in a foreign key constraint"
            r" '(?P<constraint>[^']+)' SET NULL"
        ),
    ),
    (
        "key_in_the_way",
        (
            r"Cannot (?:change|drop) column '(?P<column>[^']+)': (?:used|needed) in a foreign key"
            r" constraint '(?:[^'/]+/)?(?P<constraint>[^']+)'"
            r"(?: of table ['`](?:[^'`.]+`?\.`?)?(?P<table>[^'`]+)['`])?"
        ),
    ),
    (
        "key_in_the_way",
        r"Cannot drop index '(?P<index>[^']+)': needed in a foreign key constraint",
    ),
    ("auto_column", r"there can be only one auto column"),
    ("no_division", r"Division by 0"),
    ("ambiguous", r"Column '(?P<column>[^']+)' in .+ is ambiguous"),
    ("grouping", r"isn't in GROUP BY|is not in GROUP BY"),
    ("value_count", r"Column count doesn't match value count"),
    ("two_keys", r"Multiple primary key defined"),
    ("missing_table", r"Table '(?:(?P<database>[^'.]+)\.)?(?P<table>[^']+)' doesn't exist"),
    ("missing_table", r"Unknown table '(?:(?P<database>[^'.]+)\.)?(?P<table>[^']+)'"),
    ("missing_column", r"Unknown column '(?:(?P<alias>[^'.]+)\.)?(?P<column>[^']+)' in"),
    ("missing_column", r"Key column '(?P<column>[^']+)' doesn't exist in table"),
    ("missing_column", r"Can't DROP (?:COLUMN )`(?P<column>[^`]+)`; check that"),
    (
        "missing_object",
        (
            r"Can't DROP (?:(?P<object>INDEX|FOREIGN KEY|CONSTRAINT) )?[`'](?P<name>[^`']+)[`'];"
            r" check that"
        ),
    ),
    ("missing_function", r"(?P<object>FUNCTION) (?P<name>\S+) does not exist"),
    ("no_database", r"Unknown database '(?P<database>[^']+)'"),
    ("broken_view", r"View '(?:[^'.]+\.)?(?P<view>[^']+)' references invalid table"),
    ("row_too_big", r"Column length too big for column '(?P<column>[^']+)'|Row size too large"),
    ("key_too_long", r"Specified key was too long"),
    ("key_without_length", r"column '(?P<column>[^']+)' used in key specification without a key"),
    ("bad_default", r"Invalid default value for '(?P<column>[^']+)'"),
    ("name_too_long", r"Identifier name '(?P<name>[^']+)' is too long|Incorrect table name '"),
    (
        "generated",
        r"specified for generated column '(?P<column>[^']+)' in table '(?P<table>[^']+)'",
    ),
)
RUNNING = patterns(
    "mysql",
    ("lock_timeout", r"Lock wait timeout exceeded"),
    ("deadlock", r"Deadlock found when trying to get lock"),
    ("serialization", r"Record has changed since last read"),
    ("read_only", r"in a READ ONLY transaction"),
    ("replica", r"running with the (?P<option>--[\w-]*read[-_]only\S*) option"),
    ("statement_timeout", r"max_statement_time exceeded|maximum statement execution time exceeded"),
    ("cancelled", r"Query execution was interrupted"),
    (
        "denied",
        (
            r"\b(?P<right>[A-Z][A-Z, ]{2,80}) command denied to user (?P<user>\S+)"
            r" for (?P<object>\w+) [`'](?:(?P<database>[^`']+)`\.`)?(?P<name>[^`']+)[`']"
        ),
    ),
    ("denied", r"Access denied for user (?P<user>\S+) to database '(?P<database>[^']+)'"),
    ("denied", r"you need \(at least one of\) the (?P<right>.+?) privilege\(s\)"),
    ("syntax", r"error in your SQL syntax.*? near '(?P<near>[^'\n]*)"),
)
CONNECTING = patterns(
    "mysql",
    ("not_let_in", r"Access denied for user '(?P<user>[^']*)'@'[^']+'"),
    ("not_let_in", r"Host '(?P<host>[^']+)' is not allowed to connect"),
    ("crowded", r"Too many connections|max_user_connections"),
    ("no_host", r"Can't connect to (?:MySQL )?server on '(?P<host>[^']+)' \(\[Errno -\d"),
    ("no_host", r"Unknown (?:MySQL )?server host '(?P<host>[^']+)'"),
    (
        "down",
        (
            r"Can't connect to (?:local )?(?:MySQL |MariaDB )?server (?:on|through) "
            r"(?:socket )?'(?P<host>[^']+)'"
        ),
    ),
    ("tls", r"SSL connection error|TLS/SSL error|SSL is required"),
    ("lost", r"Lost connection to (?:MySQL )?server|server has gone away|\(0, ''\)"),
    ("disk_full", r"The table '[^']+' is full|Disk full"),
)

PATTERNS = (*ROWS, *OBJECTS, *RUNNING, *CONNECTING)
