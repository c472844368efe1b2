"""Declared objects beside the tables -> values of the schema."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence

from peewee import Model, Node

from peewee_mig.declare import Declaration, Extension, Function, Needed, Raw, RawSQL, Trigger, View
from peewee_mig.errors import ModelError
from peewee_mig.schema import standalone
from peewee_mig.schema.expressions import Expression, Token
from peewee_mig.schema.names import qualified, split
from peewee_mig.schema.standalone import RawKind, RawObject, Standalone
from peewee_mig.sources.naming import table_name
from peewee_mig.sources.sqltext import neutral

_ENGINES = ("sqlite", "postgres", "mysql")

#: Words behind which a select has a list of tables, and words that end it.
_SOURCES = ("FROM", "JOIN")
_ENDS = ("WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "INTERSECT", "EXCEPT", "SELECT")


def read_declarations(
    declarations: Iterable[Declaration], tables: Collection[str]
) -> tuple[Standalone, ...]:
    """Read declared objects; ``tables``: the names of all tables.

    :exc:`ModelError` for one that says too little.
    """
    listed = tuple(declarations)
    for view in listed:
        if isinstance(view, View) and view.name in tables:
            raise _wrong(view, "has the name of a table; leave out the model that only reads it")
    views = {each.name for each in listed if isinstance(each, View)}
    return tuple(_read(each, {*tables, *views}) for each in listed)


def _read(declaration: Declaration, known: Collection[str]) -> Standalone:
    match declaration:
        case View():
            return _view(declaration, known)
        case Extension():
            return _extension(declaration)
        case Trigger():
            return _raw(declaration, "trigger", _name_of(declaration.table, declaration))
        case Function():
            return _raw(declaration, "function")
        case RawSQL():
            return _raw(declaration, "object")
        case _:
            raise _wrong(declaration, "is of no kind that is known")


def _view(view: View, known: Collection[str]) -> standalone.View:
    select = Expression(_select(view))
    needs = {*_read_by(select, known), *_needs(view.needs, view)} - {view.name}
    return standalone.View(view.name, select, view.materialized, tuple(needs))


def _select(view: View) -> str:
    if isinstance(view.select, str):
        return view.select.strip().removesuffix(";")
    if not isinstance(view.select, Node):
        raise _wrong(view, f"selects {view.select!r}, which is neither a query nor SQL")
    try:
        return neutral(view.select, scope="normal")
    except ValueError as error:
        raise _wrong(view, str(error)) from None


def _read_by(select: Expression, known: Collection[str]) -> Iterator[str]:
    """Yield the tables and views that a select names behind FROM and JOIN."""
    folded = {name.casefold(): name for name in known}
    for name in _sources(select.tokens):
        found = name if name in known else folded.get(name.casefold())
        if found is not None:
            yield found


def _sources(found: Sequence[Token]) -> Iterator[str]:
    lists = [False]  # for each open parenthesis, whether a list of tables goes on in it
    waiting = False
    for place, token in enumerate(found):
        word = token.value.upper() if token.kind == "word" else token.value
        if token.kind == "sign" and word == "(":
            lists.append(lists[-1] and waiting)
        elif token.kind == "sign" and word == ")":
            lists = lists[:-1] or [False]
            waiting = False
        elif token.kind == "word" and word in _SOURCES:
            lists[-1] = waiting = True
        elif token.kind == "word" and word in _ENDS:
            lists[-1] = waiting = False
        elif token.kind == "sign" and word == ",":
            waiting = lists[-1]
        elif waiting and token.kind in ("name", "word") and word not in ("LATERAL", "ONLY"):
            yield _chain(found, place)
            waiting = False


def _chain(found: Sequence[Token], place: int) -> str:
    """Return the name at a place, with its schema if one is before it."""
    following = found[place + 1 : place + 3]
    dotted = len(following) == 2 and following[0].value == "."  # noqa: PLR2004 (dot and name)
    schema = found[place].value if dotted else None
    return qualified(schema, following[1].value if dotted else found[place].value)


def _extension(extension: Extension) -> RawObject:
    name = _quoted(extension.name, '"')
    return RawObject(
        "extension",
        extension.name,
        (("postgres", f"CREATE EXTENSION IF NOT EXISTS {name}"),),
        (("postgres", f"DROP EXTENSION IF EXISTS {name}"),),
    )


def _raw(raw: Raw, kind: RawKind, table: str = "") -> RawObject:
    create = {engine: _statement(getattr(raw, engine)) for engine in _ENGINES}
    create = {engine: sql for engine, sql in create.items() if sql}
    if raw.create:
        create[""] = _statement(raw.create)
    if not create:
        raise _wrong(raw, "has no SQL that creates it")
    drop = _drops(raw, kind, create, table)
    missing = [engine for engine in _made(create) if not (drop.get(engine) or drop.get(""))]
    if missing:
        raise _wrong(raw, f"has no SQL that drops it on {', '.join(missing)}")
    needs = tuple(dict.fromkeys(_needs(raw.needs, raw)))
    return RawObject(kind, raw.name, tuple(create.items()), tuple(drop.items()), table, needs)


def _statement(sql: str) -> str:
    return textwrap.dedent(sql).strip()


def _drops(raw: Raw, kind: RawKind, create: dict[str, str], table: str) -> dict[str, str]:
    if isinstance(raw.drop, str):
        said = {"": _statement(raw.drop)} if raw.drop else {}
    else:
        said = {engine: _statement(sql) for engine, sql in raw.drop.items()}
    if not set(said) <= {"", *_ENGINES}:
        raise _wrong(
            raw, f"has a drop for {', '.join(said)}; the engines are {', '.join(_ENGINES)}"
        )
    if "" in said or kind not in ("trigger", "function"):
        return said
    made = {
        engine: _drop_by_name(raw.name, kind, engine, create, table) for engine in _made(create)
    }
    return {**made, **said}


def _made(create: dict[str, str]) -> Sequence[str]:
    return _ENGINES if "" in create else tuple(create)


def _drop_by_name(name: str, kind: RawKind, engine: str, create: dict[str, str], table: str) -> str:
    mark = "`" if engine == "mysql" else '"'
    on = f" ON {_quoted(table, mark)}" if kind == "trigger" and engine == "postgres" else ""
    return f"DROP {_word(kind, create.get(engine, create.get('', '')))} {_quoted(name, mark)}{on}"


def _word(kind: RawKind, create: str) -> str:
    """Return what the object is called in SQL: a declared function may be a procedure."""
    words = create.upper().split("(")[0].split()
    return "PROCEDURE" if kind == "function" and "PROCEDURE" in words else kind.upper()


def _quoted(name: str, mark: str) -> str:
    return ".".join(mark + part.replace(mark, mark * 2) + mark for part in split(name) if part)


def _needs(needs: Iterable[Needed], declaration: Declaration) -> Iterator[str]:
    for need in [needs] if isinstance(needs, str) else needs:
        yield _name_of(need, declaration)


def _name_of(thing: Needed, declaration: Declaration) -> str:
    if isinstance(thing, str):
        return thing
    if isinstance(thing, Declaration):
        return thing.name
    if isinstance(thing, type) and issubclass(thing, Model):
        return table_name(thing)
    raise _wrong(declaration, f"names {thing!r}, which is neither a model nor a declared object")


def _wrong(declaration: Declaration, text: str) -> ModelError:
    kind = type(declaration).__name__
    return ModelError(
        f"{kind}({declaration.name!r}) {text}",
        hint=f"correct its declaration; peewee_mig.declare.{kind} says what it takes",
    )
