"""What a catalog of MySQL or MariaDB holds beyond our kinds, by the words of SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peewee_mig.dialects.base import Unmanaged
from peewee_mig.dialects.mysql.catalog import Catalog, grouped, one_line
from peewee_mig.dialects.mysql.read_tables import UNENFORCED
from peewee_mig.dialects.mysql.rows import ColumnRow, IndexPart, KeyPart, TableRow
from peewee_mig.schema.names import qualified

#: The words of ``extra`` that are in a column of our kind.
_TOLD = re.compile(
    r"auto_increment|default_generated|(?:virtual|stored|persistent) generated"
    r"|on update [\w()]+",
    re.IGNORECASE,
)
#: What MariaDB says behind a type for itself only, as in ``text /*M!100301 COMPRESSED*/``.
_HIDDEN = re.compile(r"/\*M?!\d* *(.+?) *\*/")


def unmanaged(catalog: Catalog) -> Iterator[Unmanaged]:
    """Yield what no kind of ours describes."""
    for table in catalog.base_tables:
        yield from _of_table(table)
        for column in catalog.columns[table.name]:
            yield from _of_column(catalog, table, column)
        yield from _indexes(catalog, table.name)
        yield from _foreign_keys(catalog, table.name)
        yield from _checks(catalog, table.name)
    yield from _partitions(catalog)
    yield from _triggers(catalog)
    yield from _views(catalog)
    yield from (Unmanaged("sequence", t.name) for t in catalog.tables if t.kind == "SEQUENCE")
    yield from _routines(catalog)
    yield from _events(catalog)


def _of_table(table: TableRow) -> Iterator[Unmanaged]:
    if table.kind == "SYSTEM VERSIONED":
        yield Unmanaged("system versioning", table.name, "", table.name)


def _of_column(catalog: Catalog, table: TableRow, column: ColumnRow) -> Iterator[Unmanaged]:
    name = f"{table.name}.{column.name}"
    if "auto_increment" in column.extra and not catalog.is_numbered(table.name, column):
        yield Unmanaged("auto_increment", name, "", table.name)
    hidden = _HIDDEN.search(column.words)
    rest = _TOLD.sub("", column.extra).strip(" ,") or (hidden[1] if hidden else "")
    if rest:
        yield Unmanaged("column option", name, rest, table.name)


def _indexes(catalog: Catalog, table: str) -> Iterator[Unmanaged]:
    for name, parts in catalog.indexes.get(table, {}).items():
        primary = name == "PRIMARY"
        known = catalog.is_managed(parts) and (not primary or catalog.is_whole(table, parts))
        if not known:
            what = ("primary key", table) if primary else ("index", name)
            yield Unmanaged(*what, _index_words(parts), table)


def _index_words(parts: list[IndexPart]) -> str:
    first = parts[0]
    words = (
        "" if first.non_unique else "UNIQUE",
        "" if first.kind == "BTREE" else first.kind,
        f"({', '.join(map(_part_words, parts))})",
        first.hidden,
        one_line(first.comment),
    )
    return " ".join(filter(None, words))


def _part_words(part: IndexPart) -> str:
    over = f"({one_line(part.expression)})" if part.column is None else part.column
    prefix = f"({part.prefix})" if part.prefix else ""
    return over + prefix + (" DESC" if part.order == "D" else "")


def _foreign_keys(catalog: Catalog, table: str) -> Iterator[Unmanaged]:
    managed = set(catalog.managed_keys(table).values())
    for name, parts in catalog.keys.get(table, {}).items():
        if name not in managed:
            yield Unmanaged("foreign key", name, _key_words(catalog, parts), table)


def _key_words(catalog: Catalog, parts: list[KeyPart]) -> str:
    first = parts[0]
    other = first.referred_database != catalog.facts.database
    place = f"{first.referred_database}.{first.referred_table}" if other else first.referred_table
    own = ", ".join(part.column for part in parts)
    referred = ", ".join(part.referred_column for part in parts)
    return f"({own}) to {place} ({referred})"


def _checks(catalog: Catalog, table: str) -> Iterator[Unmanaged]:
    for check in catalog.checks.get(table, []):
        if check.clause.endswith(UNENFORCED):
            yield Unmanaged("check", check.name, one_line(check.clause), table)


def _partitions(catalog: Catalog) -> Iterator[Unmanaged]:
    rows = catalog.rows(
        "SELECT table_name, partition_method, partition_expression, partition_name,"
        " partition_description, subpartition_method, subpartition_expression, subpartition_name"
        f" FROM information_schema.partitions WHERE table_schema = {catalog.here}"
        " AND partition_name IS NOT NULL"
        " ORDER BY table_name, partition_ordinal_position, subpartition_ordinal_position"
    )
    for table, parts in grouped(rows).items():
        method, expression = parts[0][:2]
        each = ", ".join(" ".join(filter(None, part[2:])) for part in parts)
        detail = f"{method} ({expression or ''}): {each}"
        yield Unmanaged("partitions", table, one_line(detail), table)


def _triggers(catalog: Catalog) -> Iterator[Unmanaged]:
    rows = catalog.rows(
        "SELECT trigger_name, event_object_table, action_timing, event_manipulation,"
        f" action_statement FROM information_schema.triggers WHERE trigger_schema = {catalog.here}"
        " ORDER BY trigger_name"
    )
    for name, table, timing, event, body in rows:
        yield Unmanaged("trigger", name, f"{timing} {event}: {one_line(body)}", table)


def _views(catalog: Catalog) -> Iterator[Unmanaged]:
    rows = catalog.rows(
        "SELECT table_name, view_definition, check_option, security_type"
        f" FROM information_schema.views WHERE table_schema = {catalog.here} ORDER BY table_name"
    )
    for name, text, check, security in rows:
        options = "" if check == "NONE" else f" WITH {check} CHECK OPTION"
        options += "" if security == "DEFINER" else f" SQL SECURITY {security}"
        yield Unmanaged("view", qualified(None, name), _here(catalog, one_line(text)) + options)


def _here(catalog: Catalog, text: str) -> str:
    """Leave out the name of the database itself, so that copies of it are alike."""
    return text.replace(f"`{catalog.facts.database}`.", "")


def _routines(catalog: Catalog) -> Iterator[Unmanaged]:
    rows = catalog.rows(
        "SELECT specific_name, routine_type, routine_name, dtd_identifier, routine_definition"
        f" FROM information_schema.routines WHERE routine_schema = {catalog.here}"
        " ORDER BY routine_type, routine_name"
    )
    arguments = _arguments(catalog)
    for specific, kind, name, returned, body in rows:
        given = ", ".join(arguments.get((kind, specific), []))
        result = f" RETURNS {returned}" if returned else ""
        yield Unmanaged(kind.lower(), name, f"({given}){result}: {one_line(body)}")


def _arguments(catalog: Catalog) -> dict[tuple[str, str], list[str]]:
    rows = catalog.rows(
        "SELECT routine_type, specific_name, parameter_mode, parameter_name, dtd_identifier"
        f" FROM information_schema.parameters WHERE specific_schema = {catalog.here}"
        " AND ordinal_position > 0 ORDER BY routine_type, specific_name, ordinal_position"
    )
    found: dict[tuple[str, str], list[str]] = {}
    for kind, routine, *words in rows:
        found.setdefault((kind, routine), []).append(" ".join(filter(None, words)))
    return found


def _events(catalog: Catalog) -> Iterator[Unmanaged]:
    rows = catalog.rows(
        "SELECT event_name, status, execute_at, interval_value, interval_field, starts, ends,"
        f" event_definition FROM information_schema.events WHERE event_schema = {catalog.here}"
        " ORDER BY event_name"
    )
    for name, status, at, value, unit, starts, ends, body in rows:
        every = f"{value} {unit}" if value else ""
        moments = {"AT": at, "EVERY": every, "STARTS": starts, "ENDS": ends}
        times = " ".join(f"{word} {moment}" for word, moment in moments.items() if moment)
        yield Unmanaged("event", name, f"{times} {status}: {one_line(body)}")
