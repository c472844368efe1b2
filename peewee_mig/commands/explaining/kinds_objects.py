"""Kinds of errors about what the database has, lacks, or cannot have."""

from __future__ import annotations

from collections.abc import Mapping

from peewee_mig.commands.explaining.kind import Kind

_CHANGED = "change {line}, then: peewee-mig generate"

OBJECTS: Mapping[str, Kind] = {
    "exists": Kind("the database has already what a statement makes", looks=True),
    "key_name": Kind(
        "a constraint of that name is there already (its name is taken in the whole database)",
        ("give the key another constraint_name", "record what is there: peewee-mig baseline"),
        ("peewee-mig diff",),
        looks=True,
    ),
    "two_keys": Kind(
        "the table has a primary key already",
        ("say in Meta.primary_key which columns it has; Peewee adds an id otherwise",),
        ("peewee-mig diff",),
        looks=True,
    ),
    "missing_table": Kind("the database has no table or view of that name", looks=True),
    "missing_column": Kind("no table of the query has such a column", looks=True),
    "missing_object": Kind(
        "the database has no object of that name",
        ("see what differs from the migrations: peewee-mig diff",),
        ("peewee-mig diff",),
        looks=True,
    ),
    "missing_function": Kind(
        "the database has no such function, or none for arguments of these types",
        (
            "an extension may bring it: declare it with peewee_mig.declare.Extension",
            "on SQLite, functions are registered for each connection: @db.func()",
            "declare a function of your own with peewee_mig.declare.Function",
        ),
        ("peewee-mig generate",),
    ),
    "missing_extension": Kind(
        "the server, or this build of SQLite, lacks an extension",
        ("install its package on the server, then create it",),
        ("install {name} where the database runs, then run the command again",),
    ),
    "depends": Kind("other objects need what is to be dropped", looks=True),
    "view_type": Kind("a view reads the column whose type is to change", looks=True),
    "view_replace": Kind(
        "a view can only be replaced by one that has the same columns first",
        ("drop the view and create it anew; of declared ones migrations do it",),
        ("peewee-mig generate",),
        looks=True,
    ),
    "broken_object": Kind(
        "a view, trigger or index reads what is not, or no longer, there",
        (
            "keep its text ({definition}), drop it (DROP {object} {sql_name}), create it anew",
            "declare it in the models (peewee_mig.declare), and migrations mind it",
        ),
        ("{definition}; then: DROP {object} {sql_name}; then: peewee-mig migrate",),
        looks=True,
    ),
    "broken_view": Kind(
        "a view reads what is not, or no longer, there",
        ("keep its text (SHOW CREATE VIEW {sql_view}), drop it, create it anew",),
        ("SHOW CREATE VIEW {sql_view}; then: DROP VIEW {sql_view}",),
        looks=True,
    ),
    "view_rows": Kind(
        "rows of a view cannot be changed",
        ("change the tables that it reads, or give it an INSTEAD OF trigger",),
        ("write to the table that {view} reads",),
        looks=True,
    ),
    "key_malformed": Kind("a foreign key does not fit what it refers to", looks=True),
    "key_in_the_way": Kind(
        "a foreign key needs the column or index that is to change",
        (
            (
                "drop the key, change the column on both sides, make the key again:"
                " peewee-mig generate writes it so from the models"
            ),
        ),
        ("peewee-mig generate",),
        looks=True,
    ),
    "sqlite_drop": Kind(
        "SQLite drops no column of a key or unique constraint in place",
        ("change the model and generate: the table is rebuilt, with its rows",),
        ("peewee-mig generate",),
        looks=True,
    ),
    "sqlite_add": Kind(
        "SQLite adds no such column in place",
        ("change the model and generate: the table is rebuilt where that is needed",),
        ("peewee-mig generate",),
        looks=True,
    ),
    "row_too_big": Kind(
        "a row would be larger than the server allows",
        ("let long texts be TextField", "shorten max_length at {line}"),
        (_CHANGED, "peewee-mig generate"),
        looks=True,
    ),
    "key_too_long": Kind(
        "an index is over more bytes than the server allows (utf8mb4 takes four for a character)",
        ("shorten max_length of the indexed field", "index only its first characters, by SQL"),
        ("peewee-mig generate",),
    ),
    "key_without_length": Kind(
        "MySQL indexes no text without a limit",
        ("let the field be a CharField with max_length, or drop its index",),
        (_CHANGED, "peewee-mig generate"),
        looks=True,
    ),
    "bad_default": Kind(
        "the default of a column is no value of its type",
        ("change the default in the constraints of the field",),
        (_CHANGED, "peewee-mig generate"),
        looks=True,
    ),
    "name_too_long": Kind(
        "a name is longer than 64 characters",
        ("say a shorter one: table_name, column_name, constraint_name, or the name of the index",),
        ("peewee-mig generate",),
    ),
    "auto_column": Kind(
        "only a column that is the first of a key can be numbered, and only one",
        ("let the AutoField be the primary key",),
        (_CHANGED, "peewee-mig generate"),
        looks=True,
    ),
}
