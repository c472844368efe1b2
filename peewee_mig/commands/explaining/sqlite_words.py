"""What SQLite and Python's sqlite3 say. Source: SQLite 3.40, Python 3.11, each tried."""

from __future__ import annotations

from peewee_mig.commands.explaining.pattern import patterns

PATTERNS = patterns(
    "sqlite",
    ("key", r"FOREIGN KEY constraint failed"),
    (
        "key_malformed",
        r'foreign key mismatch - "(?P<table>[^"]+)" referencing "(?P<referred>[^"]+)"',
    ),
    ("unique", r"UNIQUE constraint failed: index '(?P<constraint>[^']+)'"),
    ("unique", r"UNIQUE constraint failed: (?P<places>[^\n]+)"),
    ("not_null", r"NOT NULL constraint failed: (?P<table>[^\n]+?)\.(?P<column>[^.\n]+)"),
    ("null_added", r"Cannot add a NOT NULL column with default value NULL"),
    ("check", r"CHECK constraint failed: (?P<constraint>[^\n]+)"),
    (
        "bad_value",
        (
            r"cannot store (?P<given>\w+) value in (?P<type>\w+) column"
            r" (?P<table>\S+)\.(?P<column>\w+)"
        ),
    ),
    ("bad_value", r"datatype mismatch"),
    ("exists", r'(?P<object>table|view|index|trigger) "?(?P<name>[^"\n]+?)"? already exists'),
    ("exists", r"duplicate (?P<object>column) name: (?P<name>\S+)"),
    ("exists", r"there is already a (?P<object>table|index) named (?P<name>\S+)"),
    (
        "exists",
        r"there is already another (?P<object>table) or index with this name: (?P<name>\S+)",
    ),
    (
        "broken_object",
        (
            r"error in (?P<object>view|trigger|index) (?P<name>.{1,200}?)(?: after [a-z ]+)?:"
            r" (?P<reason>[^\n]+)"
        ),
    ),
    ("missing_table", r"no such table: (?:main\.)?(?P<table>\S+)"),
    ("missing_column", r"table (?P<table>\S+) has no column named (?P<column>\S+)"),
    ("missing_column", r'no such column: (?:(?P<alias>\w+)\.)?"?(?P<column>[^"\s]+)"?'),
    ("missing_function", r"no such (?P<object>function): (?P<name>\S+)"),
    ("missing_extension", r"no such (?P<object>module): (?P<name>\S+)"),
    ("missing_object", r"no such (?P<object>index|view|trigger|collation sequence): (?P<name>\S+)"),
    ("sqlite_drop", r'cannot drop (?P<object>PRIMARY KEY|UNIQUE) column: "(?P<column>[^"]+)"'),
    ("sqlite_add", r"Cannot add a (?P<object>UNIQUE|PRIMARY KEY|REFERENCES) column"),
    ("sqlite_add", r"Cannot add a column with non-constant default"),
    ("view_rows", r"cannot modify (?P<view>\S+) because it is a view"),
    ("file_locked", r"database (?:table )?is locked(?:: (?P<table>\S+))?"),
    ("file_read_only", r"attempt to write a readonly database"),
    ("no_file", r"unable to open database file"),
    ("not_a_database", r"file is not a database|file is encrypted"),
    ("damaged", r"database disk image is malformed"),
    ("disk_full", r"database or disk is full|disk I/O error"),
    ("nested", r"cannot start a transaction within a transaction"),
    ("no_transaction", r"cannot (?:commit|rollback) - no transaction is active"),
    ("thread", r"SQLite objects created in a thread can only be used in that same thread"),
    ("lost", r"Cannot operate on a closed database"),
    ("out_of_range", r"Python int too large to convert to SQLite INTEGER"),
    ("ambiguous", r"ambiguous column name: (?P<column>\S+)"),
    ("value_count", r"table (?P<table>\S+) has \d+ columns but \d+ values were supplied"),
    ("value_count", r"\d+ values for \d+ columns"),
    (
        "bindings",
        r"Error binding parameter \w+|Incorrect number of bindings|too many SQL variables",
    ),
    ("syntax", r'near "(?P<near>[^"]*)": syntax error|incomplete input'),
)
