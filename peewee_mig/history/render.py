"""Operations as the text of a migration module: deterministic, as ``ruff format`` leaves it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, assert_never

from peewee_mig.history.calls import call_of, imports
from peewee_mig.history.naming import summarize
from peewee_mig.history.render_own import names, run_python, run_sql
from peewee_mig.history.render_rows import changed_rows, rows_of, scalar
from peewee_mig.layout import (
    INDENT,
    WIDTH,
    Group,
    Node,
    call,
    laid_out,
    listed,
    string,
)
from peewee_mig.operations.codec import word_of
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Alterable,
    Apart,
    ChangeRows,
    Constant,
    Copy,
    Drop,
    Fill,
    Generated,
    Object,
    Operation,
    Origin,
    Part,
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
from peewee_mig.schema.standalone import (
    EnumType,
    RawObject,
    Standalone,
    View,
    VirtualTable,
)
from peewee_mig.schema.standalone import Sequence as NamedSequence

#: The second part of the docstring of a module that ``generate`` writes.
REVIEW = "Review it, then commit it together with its snapshot."

#: The format of the module, written in each.
FORMAT = 1


def render_module(  # noqa: PLR0913 (the names of the file format)
    operations: Sequence[Operation],
    *,
    depends_on: Sequence[str],
    summary: str = "",
    review: str = "",
    notes: Mapping[int, Sequence[str]] | None = None,
    atomic: bool | None = None,
    allow: Sequence[str] = (),
    was: Sequence[str] = (),
    replaces: Sequence[str] = (),
    stands_for: Mapping[str, Sequence[str]] | None = None,
    code: str = "",
) -> str:
    """Render the text of a module.

    ``summary`` and ``review`` are the two parts of the docstring; ``notes`` gives the
    comments that stand above an operation, by its position; ``code`` is the text of what
    its operations call, as the formatter leaves it; ``stands_for``: what names in ``replaces``
    replaced in turn.
    """
    lists = {"allow": allow, "was": was}
    blocks = [
        _docstring(summary or summarize(operations), review),
        imports(operations),
        f"format = {FORMAT}",
        _assign("depends_on", "list[str]", depends_on),
        *([] if atomic is None else [f"atomic = {atomic}"]),
        *(_assign(name, "list[str]", items) for name, items in lists.items() if items),
        *([_replaces(replaces, stands_for or {})] if replaces else []),
        *([f"\n{code.strip()}\n"] if code.strip() else []),
        _operations(operations, notes or {}),
    ]
    return "\n\n".join(blocks) + "\n"


def _docstring(summary: str, review: str) -> str:
    more, lines = _wrapped(review, WIDTH), _wrapped(summary, WIDTH - len('"""'))
    if len(lines) == 1 and not more:  # the closing quotes stand on the same line
        lines = _wrapped(summary, WIDTH - 2 * len('"""'))
    first, *rest = lines or ["Migration."]
    lines = [f'"""{first}', *rest, *(["", *more] if more else [])]
    if len(lines) > 1:
        return "\n".join([*lines, '"""'])
    return f'{lines[0]}"""'


def _wrapped(text: str, width: int) -> list[str]:
    """Wrap prose that may stand between triple double quotes."""
    plain = "".join(_visible(char) for char in " ".join(text.split()))
    plain = plain.replace('"', "'")
    return textwrap.wrap(plain, width, break_long_words=False, break_on_hyphens=False)


def _visible(char: str) -> str:
    return r"\\" if char == "\\" else char if char.isprintable() else "?"


def _assign(name: str, annotation: str, items: Sequence[str]) -> str:
    if not items:
        return f"{name}: {annotation} = []"
    return "\n".join(laid_out("", f"{name} = ", listed(items), ""))


def _replaces(names: Sequence[str], stands_for: Mapping[str, Sequence[str]]) -> str:
    return "\n".join(laid_out("", "replaces = ", _replaced(names, stands_for), ""))


def _replaced(names: Sequence[str], stands_for: Mapping[str, Sequence[str]]) -> Node:
    items: list[tuple[str, Node]] = []
    for name in names:
        if name in stands_for:
            inner = _replaced(stands_for[name], stands_for)
            items.append(("", Group("{", ((f"{string(name)}: ", inner),), "}")))
        else:
            items.append(("", string(name)))
    return Group("[", tuple(items), "]")


def _operations(operations: Sequence[Operation], notes: Mapping[int, Sequence[str]]) -> str:
    if not operations:
        return "operations: list[op.Operation] = []"
    lines = ["operations = ["]
    for position, operation in enumerate(operations):
        for note in notes.get(position, ()):
            lines += _comment(note)
        lines += laid_out(INDENT, "", _operation(operation), ",")
    return "\n".join([*lines, "]"])


def _comment(note: str) -> list[str]:
    plain = "".join(char if char.isprintable() else "?" for char in " ".join(note.split()))
    return textwrap.wrap(
        plain,
        WIDTH,
        initial_indent=f"{INDENT}# ",
        subsequent_indent=f"{INDENT}#   ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _operation(operation: Operation) -> Node:
    word = word_of(operation)
    match operation:
        case Add():
            return _whole(word, operation, _fill(operation.fill))
        case Drop():
            return _whole(word, operation, {})
        case Alter():
            return _altered(word, operation)
        case Rename():
            names = [operation.old, operation.new]
            names = names if operation.whole else [operation.table, *names]
            return call(word, [string(name) for name in names])
        case Copy():
            return _copy(word, operation)
        case RunSQL() | RunPython() | Apart() | ChangeRows():
            return _beside_verbs(operation)
        case _:
            assert_never(operation)


def _beside_verbs(operation: RunSQL | RunPython | Apart | ChangeRows) -> Node:
    match operation:
        case ChangeRows():
            return changed_rows(word_of(operation), operation)
        case RunSQL():
            return run_sql(operation)
        case RunPython():
            return run_python(operation)
        case Apart():
            return _apart(operation)
        case _:
            assert_never(operation)


def _whole(word: str, operation: Add | Drop, fill: Mapping[str, Node]) -> Node:
    thing = operation.object
    if isinstance(thing, Table):
        return call(word, [string(operation.table), *_parts(thing)], expanded=True)
    if isinstance(thing, Standalone):
        verb = "create" if isinstance(operation, Add) else "drop"
        return call(f"{verb}_object", [_standalone(thing)])
    return call(word, [string(operation.table), _part(thing)], fill)


def _altered(word: str, operation: Alter) -> Node:
    old, new = operation.old, operation.new
    if isinstance(old, Standalone) and isinstance(new, Standalone):
        sides = {"old": _standalone(old), "new": _standalone(new)}
        return call("alter_object", [], sides, expanded=True)
    ways = {"using": operation.using, "using_back": operation.using_back}
    keywords = {"old": _part(old), "new": _part(new), **_fill(operation.fill)}
    keywords |= {way: _by_engine(sql) for way, sql in ways.items() if sql}
    return call(word, [string(operation.table)], keywords, expanded=True)


def _parts(table: Table) -> list[Node]:
    key = [] if table.primary_key is None else [table.primary_key]
    objects: list[Part | Options] = [
        *table.columns,
        *key,
        *sorted(table.indexes, key=lambda each: each.name),
        *sorted(table.foreign_keys, key=lambda each: each.columns),
        *sorted(table.uniques, key=lambda each: each.columns),
        *sorted(table.checks, key=_words),
        *sorted(table.exclusions, key=_words),
        *([table.options] if table.options else []),
    ]
    rows = [call("rows", rows_of(table.rows))] if table.rows else []
    return [*(_part(each) for each in objects), *rows]


def _words(constraint: Check | Exclusion) -> tuple[str, str]:
    return (constraint.name or "", constraint.expression.text)


def _part(thing: Object | Alterable) -> Node:
    match thing:
        case Column():
            return _column(thing)
        case PrimaryKey():
            columns = [string(name) for name in thing.columns]
            return call("primary_key", columns, _given(thing, "name", "conflict"))
        case Index():
            return _index(thing)
        case ForeignKey():
            return _foreign_key(thing)
        case _:
            return _constraint(thing)


def _constraint(thing: Object | Alterable) -> Node:
    match thing:
        case Unique():
            keywords = _given(thing, "name", "deferrable", "nulls_distinct", "conflict")
            return call("unique", [string(name) for name in thing.columns], keywords)
        case Check() | Exclusion():
            word = "check" if isinstance(thing, Check) else "exclusion"
            return call(word, [string(thing.expression.text)], _given(thing, "name"))
        case Options():
            return call("options", [string(w) for w in thing.words], _given(thing, "comment"))
        case _:  # a table and what stands beside them have their own words
            raise AssertionError(thing)


def _given(thing: Any, *names: str) -> dict[str, Node]:  # noqa: ANN401 (any of the kinds)
    """Return the attributes of those names that have another value than by default."""
    defaults = {each.name: each.default for each in fields(thing)}
    values = ((name, getattr(thing, name)) for name in names)
    return {name: _value(value) for name, value in values if value != defaults[name]}


def _value(value: object) -> Node:
    match value:
        case bool():
            return str(value)
        case tuple():
            return listed(map(str, value))
        case _:
            return string(str(value))


def _column(column: Column) -> Node:
    keywords = _given(column, "null", "default", "collation")
    if column.computed is not None:
        keywords["computed"] = string(column.computed.expression.text)
        keywords |= {"stored": "True"} if column.computed.stored else {}
    keywords |= _given(column, "comment", "sequence", "options")
    return call("column", [string(column.name), string(str(column.type))], keywords)


def _index(index: Index) -> Node:
    columns = [names(index.columns)] if index.columns else []
    keywords = _given(index, "unique", "named", "parts", "where", "using", "include")
    keywords |= _given(index, "nulls_distinct", "options")
    return call("index", [string(index.name), *columns], keywords)


def _foreign_key(key: ForeignKey) -> Node:
    return call(
        "foreign_key",
        [names(key.columns), string(key.referred_table), names(key.referred_columns)],
        _given(key, "on_delete", "on_update", "name", "deferrable"),
    )


def _standalone(thing: Standalone) -> Node:
    match thing:
        case View():
            arguments = [string(thing.name), string(thing.select.text)]
            return call("view", arguments, _given(thing, "materialized", "needs"))
        case VirtualTable():
            arguments = [string(each) for each in (thing.name, thing.module, *thing.arguments)]
            return call("virtual_table", arguments)
        case NamedSequence():
            return call("sequence", [string(thing.name)])
        case EnumType():
            return call("enum", [string(each) for each in (thing.name, *thing.values)])
        case RawObject():
            return _raw(thing)
        case _:
            assert_never(thing)


def _raw(thing: RawObject) -> Node:
    word = "raw_object" if thing.kind == "object" else thing.kind
    names = [thing.name, *([thing.table] if thing.kind == "trigger" else [])]
    sql = {"create": _by_engine(thing.create), "drop": _by_engine(thing.drop)}
    return call(word, [string(name) for name in names], {**sql, **_given(thing, "needs")})


def _by_engine(statements: Sequence[tuple[str, str]]) -> Node:
    if [engine for engine, _ in statements] == [""]:
        return string(statements[0][1])
    items = tuple((f"{string(engine)}: ", string(sql)) for engine, sql in statements)
    return Group("{", items, "}")


def _copy(word: str, operation: Copy) -> Node:
    keywords: dict[str, Node] = {
        "source": string(operation.source),
        "source_column": string(operation.source_column),
        "on": _mapping(operation.on),
    }
    if not operation.back:
        keywords["back"] = "False"
    return call(word, [string(operation.table), string(operation.column)], keywords)


def _mapping(pairs: Sequence[tuple[str, str]]) -> Node:
    return f"{{{', '.join(f'{string(key)}: {string(value)}' for key, value in pairs)}}}"


def _apart(operation: Apart) -> Node:
    sides = {"schema": operation.schema, "database": operation.database}
    match operation:
        case Apart(origin=Origin() as origin) if not origin.undone:
            return call_of(origin)
        case Apart(schema=(_, *_) as effect, database=(RunSQL() as run,)):
            return run_sql(run, [_operation(each) for each in effect])
        case Apart(schema=some, database=()):
            return call("state_only", list(map(_operation, some)), expanded=True)
        case Apart(schema=(), database=some):
            return call("database_only", list(map(_operation, some)), expanded=True)
        case _:
            keywords: dict[str, Node] = {
                side: Group("[", tuple(("", _operation(each)) for each in some), "]")
                for side, some in sides.items()
            }
            return call("apart", [], keywords, expanded=True)


def _fill(fill: Fill | None) -> dict[str, Node]:
    match fill:
        case None:
            return {}
        case Constant():
            return {"fill": scalar(fill.value)}
        case Generated():
            return {"fill": call(fill.function, [])}
        case _:
            assert_never(fill)
