"""What MySQL, MariaDB and InnoDB refuse, said before the first statement, and clearly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from peewee_mig.dialects.lowering import in_primary_key
from peewee_mig.dialects.mysql.parts import part_of
from peewee_mig.dialects.mysql.refuse_names import refuse_names_of_checks
from peewee_mig.dialects.mysql.types import is_long, type_sql
from peewee_mig.errors import RefusedError
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import Column, ForeignKey, Table
from peewee_mig.schema.schema import Schema

#: The characters that a name may have. Source: MySQL 8.0 manual, 9.2.1; MariaDB likewise.
LONGEST_NAME = 64

#: The same for a name that the server makes for a foreign key. Measured: MariaDB 10.11.
LONGEST_MADE = 63


#: Bytes of an index of InnoDB with the usual row format.
WIDEST_KEY = 3072

#: Bytes of one column of an index in the older row formats.
WIDEST_COLUMN = 767
_OLDER = frozenset({"ROW_FORMAT=COMPACT", "ROW_FORMAT=REDUNDANT"})

#: Types -> the bytes of a value.
_WIDTHS = {"SMALLINT": 2, "INT": 4, "BIGINT": 8, "BOOL": 1, "FLOAT": 4, "DOUBLE": 8}


def refuse(before: Schema, after: Schema, *, product: str) -> None:
    """Refuse a migration to tables that the server cannot have."""
    changed = {t.name for t in after if t is not before.find_table(t.name)}
    for table in after:
        if table.name in changed:
            _refuse_long_names(table)
            _refuse_primary(table)
            _refuse_made_name(before.find_table(table.name), table)
            if product != "MySQL":
                _refuse_padded(table)
                refuse_names_of_checks(table)
            _refuse_long_key(table)
            _refuse_wide_indexes(table)
            _refuse_checks(table)
        for key in table.foreign_keys:
            if changed & {table.name, key.referred_table}:
                _refuse_key(table, key, after.table(key.referred_table), product)


def _refuse_long_names(table: Table) -> None:
    for what, name, longest in _names(table):
        if len(name) > longest:
            raise RefusedError(
                f"MySQL and MariaDB have no names over {longest} characters"
                f" for {what}, and this has {len(name)}: {name}",
                where=f"table {table.name}",
                hint="give it a shorter name in its model (table_name, column_name, the name of"
                " an index, constraint_name)",
            )


def _refuse_primary(table: Table) -> None:
    """Refuse the name of primary keys for anything else. Source: errors 1280 and 1826."""
    named = (each.name for kind in (table.indexes, table.uniques, table.checks) for each in kind)
    for name in filter(None, named):
        if name.upper() == "PRIMARY":
            raise RefusedError(
                "MySQL and MariaDB keep the name PRIMARY for the primary key",
                where=f"index or constraint {name} of {table.name}",
                hint="give it another name in its model",
            )


def _refuse_made_name(was: Table | None, table: Table) -> None:
    """Refuse a new index with the name that the server gives an unnamed constraint before it.

    That is the name of its first column. Source: error 1061 (measured, MariaDB 10.11).
    """
    old_indexes = {each.name for each in was.indexes} if was else set[str]()
    uniques = [each for each in table.uniques if was is None or each in was.uniques]
    made = {each.columns[0].lower(): each for each in uniques if each.name is None}
    for index in table.indexes:
        unique = made.get(index.name.lower())
        if unique is not None and index.name not in old_indexes:
            raise RefusedError(
                f"MySQL and MariaDB name the unique constraint on ({', '.join(unique.columns)})"
                f" {unique.columns[0]}, as an index is called",
                where=f"index {index.name} of {table.name}",
                hint="give one of the two another name in its model",
            )


def _refuse_padded(table: Table) -> None:
    """Refuse to store what is computed from a CHAR: its blanks depend on a setting.

    Nor does it index that. Source: MariaDB's documentation of generated columns; error 1901
    (measured, 10.11).
    """
    indexed = {name for each in table.indexes for name in each.key}
    indexed |= {name for each in table.uniques for name in each.columns}
    padded = {column.name for column in table.columns if column.type.plain.name == "CHAR"}
    for column in table.columns:
        used = column.computed.expression.names & padded if column.computed else set[str]()
        kept = column.computed and (column.computed.stored or column.name in indexed)
        if kept and used:
            raise RefusedError(
                f"MariaDB stores and indexes nothing that is computed from a CHAR ({min(used)})",
                where=f"column {table.name}.{column.name}",
                hint="make that column a CharField, or this one virtual and without an index",
            )


def _refuse_long_key(table: Table) -> None:
    """Refuse a long text in a primary key. Source: error 1170 of both servers."""
    names = table.primary_key.columns if table.primary_key else ()
    for column in map(table.column, names):
        if is_long(type_sql(column.type)):
            raise RefusedError(
                f"MySQL and MariaDB have no {column.type} in a primary key",
                where=f"column {table.name}.{column.name}",
                hint="use a CharField with a max_length, or another primary key,"
                " or leave mysql out of `engines` in the configuration",
            )


def _refuse_checks(table: Table) -> None:
    """Refuse a check of a column that a foreign key changes by itself.

    Source: MySQL 8.0 manual, 13.1.20.6; MariaDB 10.11 answers with error 1901 (measured).
    """
    for key in table.foreign_keys:
        actions = {key.on_update} & {"CASCADE", "SET NULL"} | {key.on_delete} & {"SET NULL"}
        for check in table.checks:
            used = check.expression.names & {*key.columns}
            if actions and used:
                raise RefusedError(
                    f"MySQL and MariaDB have no check of a column that a foreign key changes"
                    f" ({min(used)}, {' and '.join(sorted(filter(None, actions)))})",
                    where=f"check ({check.expression}) of {table.name}",
                    hint="leave one of the two out of the model,"
                    " or leave mysql out of `engines` in the configuration",
                )


def _refuse_wide_indexes(table: Table) -> None:
    """Refuse an index that is too wide for InnoDB, if its texts are in utf8mb4.

    Source: MySQL 8.0 manual, 15.22; error 1071 of both servers (measured: all columns of an
    index count together), 1709 for one column in an older row format. Nobody can tell for a
    table or column that says its character set.
    """
    if any("CHARSET" in word or "COLLATE" in word for word in table.options.words):
        return
    older = any(word in _OLDER for word in table.options.words)
    for name, parts in _indexed(table):
        widths = {column: _width(table.column(column), prefix) for column, prefix in parts}
        _refuse_wide_columns(table, name, widths if older else {})
        width = sum(widths.values())
        if width > WIDEST_KEY:
            raise RefusedError(
                f"MySQL and MariaDB have no index of more than {WIDEST_KEY} bytes, and this has up"
                f" to {width}: 4 for each character of {', '.join(column for column, _ in parts)}",
                where=f"index {name} of {table.name}",
                hint="give its fields a shorter max_length (768 in all), index a prefix,"
                " or leave mysql out of `engines` in the configuration",
            )


def _refuse_wide_columns(table: Table, index: str, widths: Mapping[str, int]) -> None:
    for column, width in widths.items():
        if width > WIDEST_COLUMN:
            raise RefusedError(
                f"MySQL and MariaDB have no index of a column of more than {WIDEST_COLUMN} bytes in"
                f" this row format, and {column} has up to {width}: 4 for each character",
                where=f"index {index} of {table.name}",
                hint="leave ROW_FORMAT out of the model, give the field a shorter max_length"
                " (191), or index a prefix",
            )


def _indexed(table: Table) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Yield what has an index: its name, and columns with the length of their prefix or 0."""
    keys = [("PRIMARY", table.primary_key.columns)] if table.primary_key else []
    keys += [(each.name or "UNIQUE", each.columns) for each in table.uniques]
    keys += [(each.name or each.columns[0], each.columns) for each in table.foreign_keys]
    for name, columns in keys:
        yield name, [(column, 0) for column in columns]
    for index in table.indexes:
        if index.using != "fulltext":
            parts = [part_of(each) for each in index.parts]
            over = [(each.column, each.prefix) for each in parts if each.column is not None]
            yield index.name, over or [(column, 0) for column in index.columns]


def _width(column: Column, prefix: int) -> int:
    """Return the bytes that a column takes in an index at most, as far as anybody can tell."""
    type_ = column.type.plain
    own = not (column.collation or "utf8mb4").lower().startswith("utf8mb4")
    own = own or any("CHARACTER" in word for word in column.options)
    if type_.name in ("VARCHAR", "CHAR") and type_.args:
        return 0 if own else 4 * (prefix or type_.args[0])
    return _WIDTHS.get(type_.name, 0)


def _names(table: Table) -> Iterator[tuple[str, str, int]]:
    yield "a table", bare(table.name), LONGEST_NAME
    yield from (("a column", column.name, LONGEST_NAME) for column in table.columns)
    yield from (("an index", index.name, LONGEST_NAME) for index in table.indexes)
    constraints = [*(each.name for each in table.checks), *(each.name for each in table.uniques)]
    yield from (("a constraint", name, LONGEST_NAME) for name in constraints if name)
    yield from (("a foreign key", k.name, LONGEST_NAME) for k in table.foreign_keys if k.name)
    unnamed = [key for key in table.foreign_keys if not key.name]
    for number in range(1, len(unnamed) + 1):
        made = f"{bare(table.name)}_ibfk_{number}"
        yield "a foreign key, made of that of its table", made, LONGEST_MADE


def _refuse_key(table: Table, key: ForeignKey, referred: Table, product: str) -> None:
    where = f"foreign key of {table.name} ({', '.join(key.columns)})"
    strict = [each for each in key.columns if not _takes_null(table, each)]
    for action, name in ((key.on_delete, "on_delete"), (key.on_update, "on_update")):
        if action == "SET DEFAULT":  # MySQL refuses it, MariaDB takes it for RESTRICT
            raise RefusedError(
                "MySQL and MariaDB have no SET DEFAULT",
                where=where,
                hint=f"give the field another {name},"
                " or leave mysql out of `engines` in the configuration",
            )
        if action == "SET NULL" and strict:
            raise RefusedError(
                "SET NULL needs a column that takes NULL on MySQL and MariaDB",
                where=where,
                hint=f"give the field null=True, or another {name}",
            )
    if key.on_update == "CASCADE" and product != "MySQL" and _can_bring_null(table, key, referred):
        raise RefusedError(
            "ON UPDATE CASCADE needs a column that takes NULL on MariaDB"
            " where the column that it refers to takes it",
            where=where,
            hint="give the field null=True, or another on_update",
        )


def _can_bring_null(table: Table, key: ForeignKey, referred: Table) -> bool:
    return any(
        _takes_null(referred, other) and not _takes_null(table, own)
        for own, other in zip(key.columns, key.referred_columns, strict=True)
    )


def _takes_null(table: Table, name: str) -> bool:
    column = table.column(name)
    return column.null and not in_primary_key(table, column)
