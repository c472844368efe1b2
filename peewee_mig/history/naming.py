"""Names of migrations: ``0007_add_people_nickname``, a number and what it does."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from peewee_mig.diff.passing import TEMPORARY
from peewee_mig.errors import UsageError, same_command
from peewee_mig.operations.describe import describe, object_words
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Alterable,
    Apart,
    ChangeRows,
    Copy,
    Drop,
    Object,
    Operation,
    Rename,
    RunPython,
    RunSQL,
)
from peewee_mig.schema.objects import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.standalone import EnumType, RawObject, Standalone, View, identity, kind_of

#: The longest slug that is proposed, and the longest that is taken.
PROPOSED, LONGEST = 50, 100

#: What a migration is called: at least four digits, then words.
NAME = re.compile(r"([0-9]{4,})_(.+)")

#: Objects beside the tables that are altered, not only dropped and created.
_ALTERED = (View, EnumType, RawObject)

#: Phrases by how much they tell: the first that occurs names the migration.
_TELLING = (
    "create", "rename", "move", "drop", "add", "alter", "insert", "update", "delete", "run",
)  # fmt: skip


#: The folder of the snapshots, within the folder of the migrations.
SNAPSHOTS = "snapshots"


def number_of(name: str) -> int:
    """Return the number of a migration's name."""
    match = NAME.fullmatch(name)
    return int(match[1]) if match else 0


def words_of(name: str) -> str:
    """Return what follows the number in a migration's name."""
    return name.partition("_")[2]


def next_name(names: Iterable[str], slug: str) -> str:
    """Put the next free number, the highest plus one, before a slug."""
    return f"{max(map(number_of, names), default=0) + 1:04d}_{slug}"


def slug(text: str) -> str:
    """Make what a user typed part of a file name; :exc:`UsageError` if it is not fit for one."""
    words = re.sub(r"[ \-_]+", "_", text.strip().lower()).strip("_")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", words) or len(words) > LONGEST:
        raise UsageError(
            f"{text!r} is no name for a migration",
            hint=f"{_name_meant(text)}start with a letter and use letters of a-z, digits and"
            f" underscores, at most {LONGEST}; the number is put before it",
        )
    return words


def _name_meant(text: str) -> str:
    """Say the same command with a name like this one, if something of it is left."""
    near = _cut(_ascii(text).lstrip("0123456789_"), LONGEST)
    return f"{same_command('--name', near, in_place_of=['--name', text])}; " if near else ""


def propose_name(operations: Sequence[Operation], *, first: bool = False) -> str:
    """Propose a slug that says what the operations do; ``first``: of the whole history."""
    if first and operations and all(map(_creates, operations)):
        return "initial"
    phrases = _phrases(operations)
    if len(phrases) == 2:  # noqa: PLR2004 (both fit, or one "and more")
        (verb, one), (other_verb, other) = phrases
        both = _ascii(
            f"{verb} {one} and {other if verb == other_verb else f'{other_verb} {other}'}"
        )
        if len(both) <= PROPOSED:
            return both
    if not phrases:
        return "auto"
    more = "_and_more" if len(phrases) > 1 else ""
    return _cut(_ascii(" ".join(phrases[0])), PROPOSED - len(more)) + more


def _creates(operation: Operation) -> bool:
    """Whether an operation makes something new."""
    return isinstance(operation, Add) or (
        isinstance(operation, ChangeRows) and bool(operation.new) and not operation.old
    )


def summarize(operations: Sequence[Operation]) -> str:
    """Say in one sentence what the operations do, for the docstring of a module."""
    if not operations:
        return "Change no table."
    created = [each.object for each in operations if isinstance(each, Add)]
    tables = [each.name for each in created if isinstance(each, Table)]
    if len(tables) > 1 and len(created) == len(operations):
        beside = [object_words("", each) for each in created if isinstance(each, Standalone)]
        others = f"; and {', '.join(beside)}" if beside else ""
        return f"Create {len(tables)} tables: {', '.join(tables)}{others}."
    main = min(
        _main(_without_remakes(operations)), key=lambda each: _TELLING.index(_phrase(each)[0])
    )
    words = describe(main)
    rest = len(operations) - 1
    more = f", and {rest} more operation{'s' if rest > 1 else ''}" if rest else ""
    return f"{words[:1].upper()}{words[1:]}{more}."


def _phrases(operations: Sequence[Operation]) -> list[tuple[str, str]]:
    """Return distinct pairs of verb and subject, the most telling first."""
    phrases = dict.fromkeys(_phrase(each) for each in _main(_direct(operations)))
    return sorted(phrases, key=lambda phrase: _TELLING.index(phrase[0]))


def _direct(operations: Sequence[Operation]) -> list[Operation]:
    return _without_detours(_without_remakes(operations))


def _without_remakes(operations: Sequence[Operation]) -> list[Operation]:
    """Make one change, or none, of objects that are dropped and created again."""
    dropped = {
        identity(each.object): each.object
        for each in operations
        if isinstance(each, Drop) and isinstance(each.object, Standalone)
    }
    remade: dict[Operation, Operation | None] = {}
    for each in operations:
        new = each.object if isinstance(each, Add) else None
        old = dropped.get(identity(new)) if isinstance(new, Standalone) else None
        if new is None or old is None:
            continue
        remade[Drop(old.name, old)] = None
        if old == new:
            remade[each] = None
        elif isinstance(old, _ALTERED) and isinstance(new, _ALTERED):
            remade[each] = Alter(new.name, old, new)
    left = (remade.get(each, each) for each in operations)
    return [each for each in left if each is not None] or list(operations)


def _without_detours(operations: Sequence[Operation]) -> list[Operation]:
    """Make one rename of two that pass through a temporary name."""
    renames = [each for each in operations if isinstance(each, Rename)]
    origins = {each.new: each.old for each in renames if each.new.startswith(TEMPORARY)}
    return [
        replace(each, old=origins[each.old])
        if isinstance(each, Rename) and each.old in origins
        else each
        for each in operations
        if not (isinstance(each, Rename) and each.new in origins)
    ]


def _main(operations: Sequence[Operation]) -> list[Operation]:
    """Leave out keys and indexes of what another operation adds, drops or alters."""
    named = {column for operation in operations for column in _columns(operation)}
    main = [each for each in operations if not (_is_attached(each) and _uses(each) <= named)]
    return main or list(operations)


def _columns(operation: Operation) -> list[tuple[str, str]]:
    match operation:
        case Add(object=Table() as table) | Drop(object=Table() as table):
            return [(table.name, name) for name in table.column_names]
        case Add(object=Column() as column) | Drop(object=Column() as column):
            return [(operation.table, column.name)]
        case Alter(old=Column() as column):
            return [(operation.table, column.name)]
        case _:
            return []


def _is_attached(operation: Operation) -> bool:
    match operation:
        case Add(object=thing) | Drop(object=thing) | Alter(old=thing):
            return isinstance(thing, Index | ForeignKey | PrimaryKey | Unique)
        case Rename():
            return operation.kind == "index"
        case _:
            return False


def _uses(operation: Operation) -> set[tuple[str, str]]:
    match operation:
        case Add(object=thing) | Drop(object=thing) | Alter(old=thing) if isinstance(
            thing, Index | ForeignKey | PrimaryKey | Unique
        ):
            used = thing.used if isinstance(thing, Index) else thing.columns
            return {(operation.table, name) for name in used}
        case _:
            return {("", "")}


def _phrase(operation: Operation) -> tuple[str, str]:
    """Return the verb and the subject of an operation."""
    match operation:
        case Add():
            verb = "create" if isinstance(operation.object, Table | Standalone) else "add"
            return verb, _subject(operation.table, operation.object)
        case Drop():
            return "drop", _subject(operation.table, operation.object)
        case Alter():
            return "alter", _altered(operation.table, operation.old)
        case Rename():
            table = "" if operation.whole else f"{operation.table} "
            return "rename", f"{table}{operation.old} to {operation.new}"
        case Copy():
            source = f"{operation.source} {operation.source_column}"
            return "move", f"{source} to {operation.table}"
        case RunSQL() | RunPython() | Apart() | ChangeRows():
            return _run_phrase(operation)
        case _:
            assert_never(operation)


def _run_phrase(operation: RunSQL | RunPython | Apart | ChangeRows) -> tuple[str, str]:
    match operation:
        case ChangeRows():
            verb = "insert" if not operation.old else "delete" if not operation.new else "update"
            return verb, f"rows of {operation.table}"
        case RunSQL():
            return "run", "sql"
        case RunPython():
            return "run", next((name for _, name in operation.forward), "python")
        case Apart():
            inner = (*operation.schema, *operation.database)
            return _phrases(inner)[0] if inner else ("run", "nothing")
        case _:
            assert_never(operation)


def _subject(table: str, thing: Object) -> str:
    match thing:
        case Table():
            return thing.name
        case Column():
            return f"{table} {thing.name}"
        case Index():
            kind = "unique" if thing.unique else "index"
            words = [word for part in thing.parts for word in sorted(part.names)]
            return f"{kind} {table} {' '.join(thing.columns or words)}"
        case PrimaryKey():
            return f"primary key {table}"
        case ForeignKey():
            return f"key {table} {' '.join(thing.columns)}"
        case _:
            return _other_subject(table, thing)


def _other_subject(table: str, thing: Check | Unique | Exclusion | Options | Standalone) -> str:
    match thing:
        case Check() | Exclusion():
            kind = "check" if isinstance(thing, Check) else "exclusion"
            names = " ".join(sorted(thing.expression.names))
            return f"{kind} {thing.name or f'{table} {names}'}"
        case Unique():
            return f"unique {table} {' '.join(thing.columns)}"
        case Options():
            return f"options {table}"
        case _:
            return f"{kind_of(thing)} {thing.name}"


def _altered(table: str, thing: Alterable) -> str:
    match thing:
        case Column():
            return f"{table} {thing.name}"
        case PrimaryKey() | ForeignKey():
            return f"{table} {' '.join(thing.columns)}"
        case _:
            return _other_subject(table, thing)


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def _cut(text: str, length: int) -> str:
    """Cut at the last whole word that fits, or within the first."""
    if len(text) <= length:
        return text
    return text[: length + 1].rpartition("_")[0] or text[:length]
