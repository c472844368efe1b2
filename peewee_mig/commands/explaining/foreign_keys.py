"""Errors of foreign keys: what refers to what, and what each choice of on_delete deletes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from peewee_mig.commands.explaining.case import Advice, Case
from peewee_mig.commands.explaining.deletion import ACTIONS, deletion, with_action
from peewee_mig.schema.objects import ForeignKey, Table

#: How many keys are listed where the database does not say which one it is.
_MANY = 12

#: First word of a statement -> which side of a foreign key its table is.
_SIDES = {"INSERT": "referring", "DELETE": "referred", "DROP": "referred", "TRUNCATE": "referred"}


def _referred(case: Case) -> Advice:
    """Delete what refers first, or let on_delete say what becomes of it."""
    key, table = case.found.key, case.found.table
    if key is None or table is None:
        return _any(case)
    rows = f"SELECT * FROM {case.quoted_table(table.name)}{case.where(key.columns)}"
    possible = (
        f"see the rows that refer to it: {rows}",
        "let these rows refer to another one, or delete them first if they are to go too",
        (
            "delete from Python all that refers to it: delete_instance(recursive=True) also"
            f" deletes {_recursively(case, key)}"
        ),
        *_choices(case, table, key),
    )
    return Advice(possible, f"{rows};")


def _recursively(case: Case, key: ForeignKey) -> str:
    """Say what Peewee deletes by itself: what takes NULL gets it, and the rest goes."""
    schema = case.schema
    for table in case.schema:
        for one in table.foreign_keys:
            action = "SET NULL" if _takes_null(table, one) else "CASCADE"
            schema = with_action(schema, schema.table(table.name), one, action)
    gone = deletion(schema, key.referred_table).deleted
    return f"rows of {', '.join(gone)}" if gone else "no other row"


def _choices(case: Case, table: Table, key: ForeignKey) -> Iterator[str]:
    """Say what each choice of on_delete does when a row of the referred table goes."""
    known = case.schema.find_table(table.name)
    if known is None or key not in known.foreign_keys:
        return
    for action in ACTIONS:
        if action == "SET DEFAULT" and not _has_default(case, table, key):
            continue
        choice = f'on_delete="{action}"' if action else "no on_delete"
        now = " (as it is now)" if action == key.on_delete else ""
        needs = action == "SET NULL" and not _takes_null(table, key)
        words = deletion(with_action(case.schema, known, key, action), key.referred_table).words
        yield (
            f"{choice}{now}: deleting from {key.referred_table} {words}"
            f"{' (needs null=True)' if needs else ''}"
        )


def _has_default(case: Case, table: Table, key: ForeignKey) -> bool:
    """Whether SET DEFAULT does anything: InnoDB refuses it, and without a default it is NULL."""
    columns = (table.find_column(name) for name in key.columns)
    return case.knowledge.engine != "mysql" and all(each and each.default for each in columns)


def _takes_null(table: Table, key: ForeignKey) -> bool:
    columns = (table.find_column(name) for name in key.columns)
    return all(each is not None and each.null for each in columns)


def _missing(case: Case) -> Advice:
    """Save what a row refers to first, or find the rows that refer to nothing."""
    key, table = case.found.key, case.found.table
    if key is None or table is None:
        return _any(case)
    where = case.where(key.referred_columns)
    look = f"SELECT * FROM {case.quoted_table(key.referred_table)}{where}" if where else ""
    first = f"save the row of {key.referred_table} first"
    orphans = _orphans(case, table, key)
    columns = ", ".join(f"{table.name}.{name}" for name in key.columns)
    nothing = f"leave {columns} NULL" if _takes_null(table, key) else ""
    later = "check it at the end of the transaction: deferrable='INITIALLY DEFERRED'"
    if case.is_made:
        possible = [
            f"see the rows that refer to nothing: {orphans}",
            "delete these rows, or let them refer to what is there, then: peewee-mig migrate",
        ]
        return Advice(tuple(possible), f"{orphans};")
    possible = [
        f"{first}; see whether it is there: {look}" if look else first,
        nothing,
        "" if case.knowledge.engine == "mysql" else f"{later}, {case.change()}",
        f"see the rows that refer to nothing already: {orphans}",
    ]
    return Advice(tuple(filter(None, possible)), f"{look};" if look else first)


def _orphans(case: Case, table: Table, key: ForeignKey) -> str:
    """Spell a query for the rows that refer to nothing."""
    pairs = zip(key.columns, key.referred_columns, strict=True)
    same = " AND ".join(f"o.{case.quoted(two)} = r.{case.quoted(one)}" for one, two in pairs)
    full = " AND ".join(f"r.{case.quoted(each)} IS NOT NULL" for each in key.columns)
    return (
        f"SELECT r.* FROM {case.quoted_table(table.name)} AS r WHERE {full} AND NOT EXISTS"
        f" (SELECT 1 FROM {case.quoted_table(key.referred_table)} AS o WHERE {same})"
    )


def _any(case: Case) -> Advice:
    """List the keys that it can be: the database does not say which one."""
    found = [(table, key) for table in case.schema for key in table.foreign_keys]
    near = [pair for pair in found if _can_be(case, *pair)]
    told = (
        "if a row was deleted, others refer to it: delete them first, or set on_delete",
        *(_told(case, *pair) for pair in near[:_MANY]),
        *([f"and {len(near) - _MANY} more foreign keys"] if len(near) > _MANY else []),
    )
    if case.said.verb == "DELETE" and near:
        return _refusing(case, near, told)
    saved = "if a row was saved, save first what it refers to"
    if case.knowledge.engine not in ("", "sqlite"):
        return Advice((saved, *told), "peewee-mig diff --models")
    listed = "rows that refer to nothing are listed by: PRAGMA foreign_key_check"
    return Advice((saved, *told, listed), "PRAGMA foreign_key_check;")


def _refusing(case: Case, keys: list[tuple[Table, ForeignKey]], told: tuple[str, ...]) -> Advice:
    """Say what to change where a row is deleted that one of these keys holds."""
    if len(keys) > 1:
        change = "set on_delete of one of these fields, then: peewee-mig generate"
        return Advice(told, change)
    table, key = keys[0]
    place = next(iter(case.knowledge.places(table.name, key.columns)), "the field").split(" ")[0]
    return Advice(
        (*told, *_choices(case, table, key)), f"change {place}, then: peewee-mig generate"
    )


def _can_be(case: Case, table: Table, key: ForeignKey) -> bool:
    side = _SIDES.get(case.said.verb, "")
    if case.said.verb == "DELETE" and key.on_delete not in (None, "RESTRICT"):
        return False  # it forbids nothing
    gone = {case.table, *deletion(case.schema, case.table).deleted}
    return (
        not case.table
        or (side != "referred" and table.name == case.table)
        or (side != "referring" and key.referred_table in gone)
    )


def _told(case: Case, table: Table, key: ForeignKey) -> str:
    place = next(iter(case.knowledge.places(table.name, key.columns)), "")
    words = deletion(case.schema, key.referred_table).words
    return (
        f"{', '.join(f'{table.name}.{name}' for name in key.columns)} refers to"
        f" {key.referred_table}{f' ({place})' if place else ''}, on_delete"
        f" {key.on_delete or 'is not set'}: deleting from {key.referred_table} {words}"
    )


def _malformed(case: Case) -> Advice:
    """Say what does not fit, if the schema knows, and what has to."""
    mysql = case.knowledge.engine == "mysql"
    possible = (
        *_misfits(case),
        "both columns need one type (and on MySQL one sign, character set and collation)",
        "the columns that are referred to need a primary key, or a unique index of just them",
        'on_delete="SET NULL" needs null=True',
        *(["SHOW ENGINE INNODB STATUS tells more, at LATEST FOREIGN KEY ERROR"] * mysql),
    )
    return Advice(possible, case.change())


def _misfits(case: Case) -> Iterator[str]:
    """Yield what does not fit in the keys that it can be."""
    table = case.knowledge.table(case.said.name("table"))
    for key in table.foreign_keys if table else ():
        other = case.knowledge.table(key.referred_table)
        wanted = case.said.name("referred")
        if table is not None and other is not None and wanted in ("", other.name):
            yield from _misfits_of(case, table, key, other)


def _misfits_of(case: Case, table: Table, key: ForeignKey, other: Table) -> Iterator[str]:
    if key.on_delete == "SET NULL" and not _takes_null(table, key):
        yield f"{_spot(case, table, key.columns[0])} is NOT NULL, and its key has SET NULL"
    if not any({*key.referred_columns} == {*each} for each in other.keys):
        yield f"{_spot(case, other, key.referred_columns[0])} is not unique"
    for one, two in zip(key.columns, key.referred_columns, strict=True):
        own, its = _type(table, one), _type(other, two)
        if own != its:
            yield f"{_spot(case, table, one)} is {own}, {_spot(case, other, two)} is {its}"


def _type(table: Table, name: str) -> str:
    column = table.find_column(name)
    words = str(column.type) if column else "not there"
    return {"AUTO": "INT", "BIGAUTO": "BIGINT"}.get(words, words)


def _spot(case: Case, table: Table, column: str) -> str:
    place = case.knowledge.origins.get((table.name, column), "").split(" ")[0]
    return f"{table.name}.{column}{f' ({place})' if place else ''}"


ADVICE: Mapping[str, Callable[[Case], Advice]] = {
    "key": _any,
    "key_missing": _missing,
    "key_referred": _referred,
    "key_malformed": _malformed,
}
