"""Errors about what the database has, lacks or forbids. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping

from peewee_mig.commands.explaining.case import Advice, Case
from peewee_mig.commands.explaining.knowledge import find_table
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema

_ELSEWHERE = (
    "the application may use another database, schema or search_path: peewee-mig config show"
)

#: What is there beside tables, and no baseline records.
_BESIDE = frozenset({"database", "role", "schema"})

#: Kind of an object of PostgreSQL -> the rights that let a role use it.
_RIGHTS = {
    "TABLE": "SELECT, INSERT, UPDATE, DELETE",
    "SCHEMA": "USAGE, CREATE",
    "SEQUENCE": "USAGE, SELECT",
    "DATABASE": "CONNECT, CREATE",
    "FUNCTION": "EXECUTE",
}

#: First word of a statement -> the right on a table that it needs.
_ON_TABLES = {
    "INSERT": "INSERT",
    "UPDATE": "SELECT, UPDATE",
    "DELETE": "SELECT, DELETE",
    "TRUNCATE": "TRUNCATE",
    "ALTER": "REFERENCES",
    "CREATE": "REFERENCES",
}


def _exists(case: Case) -> Advice:
    """Compare what is there already with what is meant."""
    kind = case.said.name("object").lower()
    if kind in _BESIDE:
        return Advice((f"use the {kind} that is there, or give another name",), "peewee-mig status")
    compared, is_same = _compared(case)
    record = "if it is what the migration makes, record that: peewee-mig baseline"
    possible = (
        *compared,
        *([record] if is_same else []),
        "see what differs, and the SQL that reconciles it: peewee-mig diff --plan",
        "create_tables() at start-up makes what migrations make: leave it out",
    )
    return Advice(possible, "peewee-mig baseline" if is_same else "peewee-mig diff")


def _compared(case: Case) -> tuple[tuple[str, ...], bool]:
    """Say whether the table that is there has the columns that are meant."""
    live, name = case.knowledge.live, case.said.name("name")
    there = find_table(live.schema, name) if live else None
    meant = find_table(case.schema, name)
    if there is None or meant is None:
        return (), True
    more, less = (
        {*a.column_names} - {*b.column_names} for a, b in ((there, meant), (meant, there))
    )
    words = [*(f"has {each}" for each in sorted(more)), *(f"lacks {each}" for each in sorted(less))]
    if words:
        return (f"the table {name} that is there {', '.join(words)}",), False
    return (f"the table {name} that is there has the columns that are meant",), True


def _missing_table(case: Case) -> Advice:
    """Find out why a table is not there: not migrated, another name, another database."""
    name, knowledge = case.said.name("table"), case.knowledge
    if not name:
        return _unknown(case, ())
    if knowledge.live and find_table(knowledge.live.schema, name):
        return _there(f"table {name}", knowledge.live.label)
    if knowledge.recorded and find_table(knowledge.recorded, name):
        return _lacking(case, f"table {name}")
    if knowledge.declared and find_table(knowledge.declared, name):
        return _not_migrated(f"table {name}")
    known = {bare(each.name) for schema in knowledge.meant for each in schema}
    return _unknown(case, tuple(_near(name.rpartition(".")[2], known)))


def _missing_column(case: Case) -> Advice:
    """Find out why a column is not there."""
    column, knowledge = case.said.name("column"), case.knowledge
    if not column:
        return _unknown(case, ())
    there = _owners(knowledge.live.schema, case) if knowledge.live else []
    if there and knowledge.live:
        return _there(f"{', '.join(there)}.{column}", knowledge.live.label)
    for schema, advice in ((knowledge.recorded, _lacking), (knowledge.declared, None)):
        owners = _owners(schema, case) if schema else []
        if owners:
            what = f"column {owners[0]}.{column}"
            return advice(case, what) if advice else _not_migrated(what)
    known = {name for table in _tables(case.schema, case) for name in table.column_names}
    return _unknown(case, tuple(_near(column, known)))


def _tables(schema: Schema, case: Case) -> list[Table]:
    table = find_table(schema, case.said.name("table") or case.said.name("alias"))
    return [table] if table else [*schema]


def _owners(schema: Schema, case: Case) -> list[str]:
    """Return the tables that can be meant and have the column."""
    name = case.said.name("column")
    return [each.name for each in _tables(schema, case) if each.find_column(name) is not None]


def _near(name: str, known: Iterable[str]) -> Iterator[str]:
    for each in difflib.get_close_matches(name, sorted(known), n=2):
        yield f"did you mean {each}?"


def _there(what: str, label: str) -> Advice:
    return Advice((f"{label} has {what} now", _ELSEWHERE), "peewee-mig status")


def _not_migrated(what: str) -> Advice:
    return Advice(
        (f"the models have {what}, and no migration makes it yet: peewee-mig generate",),
        "peewee-mig generate --apply",
    )


def _lacking(case: Case, what: str) -> Advice:
    """Say why a database lacks what migrations make."""
    live = case.knowledge.live
    if live is None or live.position is None:
        return Advice((f"migrations make {what}: apply them", _ELSEWHERE), "peewee-mig migrate")
    pending = live.position.pending
    if pending:
        count = "one migration is" if len(pending) == 1 else f"{len(pending)} migrations are"
        named = ", ".join([*pending[:3], *(["..."] if len(pending) > 3 else [])])  # noqa: PLR2004 (enough to see)
        return Advice(
            (f"migrations make {what}, and {count} pending in {live.label}: {named}",),
            "peewee-mig migrate",
        )
    words = f"all migrations are recorded in {live.label}, and {what} is not there"
    return Advice(
        (
            f"{words}: it was dropped by hand, or recorded wrongly",
            "print the SQL that brings it back: peewee-mig diff --plan",
        ),
        "peewee-mig diff --plan",
    )


def _unknown(case: Case, near: tuple[str, ...]) -> Advice:
    """Say what to try where neither models nor migrations have it."""
    live = case.knowledge.live
    pending = live is not None and live.position is not None and live.position.pending
    possible = (
        *near,
        "if migrations make it, apply them: peewee-mig migrate",
        _ELSEWHERE,
        "if the models lack it, write it; peewee-mig pull --update tells what the database has",
    )
    return Advice(possible, "peewee-mig migrate" if pending else "peewee-mig status")


def _denied(case: Case) -> Advice:
    """Spell the statement that gives the right."""
    grant = _grant(case)
    possible = (
        *([f"let the owner, or an administrator, give it: {grant}"] if grant else []),
        "migrate as the owner of the tables: peewee-mig migrate --database URL",
        "see as whom it connects: peewee-mig config show",
    )
    return Advice(possible, f"as the owner: {grant};" if grant else "peewee-mig config show")


def _grant(case: Case) -> str:
    """Return the statement that gives the right that is missing, if it can be told."""
    said = case.said
    if case.knowledge.engine == "mysql":
        right = {"SHOW": "SELECT", "": "ALL"}.get(said.name("right"), said.name("right"))
        on = f"`{said.name('database')}`.*" if said.name("database") else "*.*"
        return f"GRANT {right} ON {on} TO {said.name('user') or 'this_user'}"
    kind, name = said.name("object").upper(), said.name("name").strip('"')
    if not (kind and name):
        return ""
    kind = "TABLE" if kind in ("VIEW", "RELATION") else kind
    user = case.knowledge.user or "this_user"
    right = _RIGHTS.get(kind, "USAGE")
    if kind == "TABLE" and said.verb in _ON_TABLES:
        right = _ON_TABLES[said.verb]
    return f"GRANT {right} ON {kind} {case.quoted_table(name)} TO {user}"


def _not_owner(case: Case) -> Advice:
    name, kind = case.said.name("name"), case.said.name("object").upper()
    user = case.knowledge.user or "this_user"
    change = f"ALTER {kind} {case.quoted_table(name)} OWNER TO {user}"
    return Advice(
        (
            f"migrate as the owner of {name}: peewee-mig migrate --database URL",
            f"make this role a member of the owner's role: GRANT owner TO {user}",
            f"let this role be the owner: {change}",
        ),
        f"as the owner: {change};",
    )


def _no_database(case: Case) -> Advice:
    name = case.said.name("database") or "NAME"
    create = f"CREATE DATABASE {case.quoted(name)}"
    if case.knowledge.engine == "mysql":
        create += " CHARACTER SET utf8mb4"
    return Advice(
        ("check the name in the address: peewee-mig config show", f"create it: {create}"),
        f"{create}; then: peewee-mig migrate",
    )


ADVICE: Mapping[str, Callable[[Case], Advice]] = {
    "exists": _exists,
    "missing_table": _missing_table,
    "missing_column": _missing_column,
    "denied": _denied,
    "not_owner": _not_owner,
    "no_database": _no_database,
}
