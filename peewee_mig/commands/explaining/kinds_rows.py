"""Kinds of errors about rows: what is saved, or what is there already."""

from __future__ import annotations

from collections.abc import Mapping

from peewee_mig.commands.explaining.kind import Kind

_CHANGED = "change {line}, then: peewee-mig generate"
_FITTING = "save a value that fits"
_LIMITED = (
    "shorten the value before it is saved",
    "give the field more room at {line} (max_length), and migrate",
)

ROWS: Mapping[str, Kind] = {
    "key": Kind("rows refer, by a foreign key, to what is not there", looks=True),
    "key_missing": Kind("a row refers to another one that is not there", looks=True),
    "key_referred": Kind("rows of another table refer to what is deleted or changed", looks=True),
    "key_truncate": Kind(
        "a table that others refer to cannot be emptied with TRUNCATE",
        (
            "see first what refers to it: SELECT count(*) FROM {sql_table}",
            (
                "if all rows are to go, delete them, and on_delete of the keys is followed:"
                " DELETE FROM {sql_referred}"
            ),
            "on PostgreSQL, if all rows of both are to go: TRUNCATE {sql_referred}, {sql_table}",
        ),
        ("see first what refers to it: SELECT count(*) FROM {sql_table};",),
        looks=True,
    ),
    "unique": Kind("a row with the same value is there already", looks=True),
    "unique_rows": Kind("rows share a value that is to be unique", looks=True),
    "not_null": Kind("a column that takes no NULL gets none other", looks=True),
    "no_value": Kind("a new row has no value for a column that needs one", looks=True),
    "null_rows": Kind("rows have NULL in a column that is to take none", looks=True),
    "null_added": Kind(
        "rows are there, and a new column would be NULL in them",
        ("give them a value: peewee-mig migrate --fill table.column=VALUE",),
        ("peewee-mig migrate --fill {table}.{column}=VALUE", "peewee-mig status"),
    ),
    "check": Kind("a row breaks a check", looks=True),
    "check_rows": Kind("rows break a check that is to hold from now on", looks=True),
    "exclusion": Kind(
        "a row excludes another one that is there already",
        ("change one of the two rows", "drop or change the constraint {constraint}"),
        (_CHANGED, "correct the value that is saved"),
        looks=True,
    ),
    "too_long": Kind(
        "a text is longer than its column allows", _LIMITED, (_CHANGED, _FITTING), looks=True
    ),
    "out_of_range": Kind(
        "a number does not fit into its column",
        (
            "save a value that fits",
            (
                "give the field a wider type at {line} (IntegerField to BigIntegerField,"
                " more max_digits), and migrate"
            ),
        ),
        (_CHANGED, _FITTING),
        looks=True,
    ),
    "truncated": Kind(
        "a value does not fit its column: too long, not one of an ENUM, or NULL where none may be",
        ("save a value that fits", "change the type at {line}, and migrate"),
        (_CHANGED, _FITTING),
        looks=True,
    ),
    "cast": Kind("the database does not turn values of the old type into the new one", looks=True),
    "cast_default": Kind(
        "the default of a column does not turn into the new type",
        (
            (
                "drop the default in one migration, change the type, and set the new default:"
                " peewee-mig generate writes it so"
            ),
        ),
        ("peewee-mig generate",),
        looks=True,
    ),
    "bad_value": Kind(
        "a value is none of the type of its column",
        ("save a value of that type", "let the field be what is saved, at {line}, and migrate"),
        (_CHANGED, _FITTING),
        looks=True,
    ),
    "wrong_type": Kind(
        "a column and what it gets or is compared with have different types",
        (
            "the database has another type than the model: peewee-mig diff --models tells",
            "convert the value, or cast it in the query: field.cast('integer')",
        ),
        ("peewee-mig diff --models",),
        looks=True,
    ),
    "charset": Kind(
        "a character is none of the character set of its column",
        (
            "connect with charset='utf8mb4'",
            "see which one it is: SHOW CREATE TABLE {sql_table}",
            (
                "convert the table, which writes wait for:"
                " ALTER TABLE {sql_table} CONVERT TO CHARACTER SET utf8mb4"
            ),
        ),
        ("SHOW CREATE TABLE {sql_table};",),
        looks=True,
    ),
    "collation": Kind(
        "two texts of different collations are compared",
        ("give both columns one collation, or say COLLATE in the query",),
        ("peewee-mig diff --models",),
    ),
    "partition": Kind(
        "no partition of the table takes the row",
        ("create the partition, or a DEFAULT one, by hand or with op.run_sql",),
        ("CREATE TABLE {sql_default} PARTITION OF {sql_table} DEFAULT;",),
    ),
    "generated": Kind(
        "the database computes this column, so a row must not bring a value for it",
        ("leave the field out of the values that are saved: save(only=[...])",),
        ("leave {column} out of the values that are saved",),
        looks=True,
    ),
    "no_conflict_key": Kind(
        "ON CONFLICT names columns that nothing makes unique",
        (
            (
                "make them unique: unique=True on the field, or indexes = ((('a', 'b'), True),) in"
                " Meta, and migrate"
            ),
        ),
        ("peewee-mig generate",),
    ),
    "no_division": Kind(
        "something is divided by zero",
        ("let the divisor be NULL then, and the result too: a / NULLIF(b, 0)",),
        ("write NULLIF(divisor, 0) in the query",),
    ),
    "value_count": Kind(
        "a row has more or fewer values than columns",
        (
            "name the columns of an INSERT: a migration may have added or dropped some",
            "see what the table has: peewee-mig diff --models",
        ),
        ("peewee-mig diff --models",),
        looks=True,
    ),
    "ambiguous": Kind(
        "several tables of the query have a column of that name",
        ("say which: write the column with its table or alias, Model.field in Peewee",),
        ("write the table before the column",),
    ),
    "grouping": Kind(
        "a column is selected that is neither grouped nor aggregated",
        ("add it to group_by(), or select fn.MIN(...) of it; SQLite would take any of the rows",),
        ("add the column to group_by()",),
    ),
}
