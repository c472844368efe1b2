"""Operations -> what to ask and what to run, for one database. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from peewee_mig.dialects.asked import Filled, Guard
from peewee_mig.dialects.base import Capabilities, Dialect, Step
from peewee_mig.errors import MigError, RefusedError
from peewee_mig.operations.replay import replay
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Constant,
    Operation,
    each_side,
    in_database,
    spoken,
)
from peewee_mig.plan.apart import with_checks_apart, with_rows_apart
from peewee_mig.plan.control import refuse_transaction_control
from peewee_mig.plan.engine_types import typed_operations, typed_schema
from peewee_mig.plan.guards import guards
from peewee_mig.plan.unsupported import Engine, refuse_unsupported
from peewee_mig.schema.expressions import Token
from peewee_mig.schema.names import qualified, schema_of
from peewee_mig.schema.objects import Column, Index, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import EnumType, RawObject, View, VirtualTable
from peewee_mig.schema.types import ColumnType

#: Words that say of NULL neither yes nor no.
_STRICT = frozenset({"AND", "BETWEEN", "IN", "LIKE", "NOT", "OR"})


@dataclass(frozen=True, slots=True)
class Plan:
    """A migration for one database: guards to ask first, steps to run.

    ``before``, ``after``: what the database has and will have; ``left_out``: in words, what it
    cannot have.
    """

    guards: tuple[Guard, ...]
    steps: tuple[Step, ...]
    after: Schema
    left_out: tuple[str, ...] = ()
    before: Schema = field(default_factory=Schema)

    @property
    def asked_first(self) -> tuple[Guard, ...]:
        """The guards to ask before the first step."""
        return tuple(guard for guard in self.guards if guard.behind is None)

    def asked_behind(self, number: int) -> tuple[Guard, ...]:
        """Return the guards to ask as soon as the step of that index has run.

        Those behind SQL or a function of the user's, which may clear the way.
        """
        done = self.steps[number].operations
        later = {place for step in self.steps[number + 1 :] for place in step.operations}
        asked = (each for each in self.guards if each.behind in done)
        return tuple(guard for guard in asked if guard.behind not in later)

    def losing(self, allowed: Collection[str]) -> Plan:
        """Return the plan that asks nothing about values that somebody consented to lose.

        ``allowed``: columns by their names before the plan, or ``all``.
        """
        kept = (
            each
            for each in self.guards
            if each.kind != "left" or not {"all", f"{each.table}.{each.columns[0]}"} & {*allowed}
        )
        return replace(self, guards=tuple(kept))


def plan(
    operations: Sequence[Operation],
    before: Schema,
    dialect: Dialect,
    capabilities: Capabilities | None = None,
) -> Plan:
    """Plan a migration; :exc:`RefusedError` for what the database cannot have."""
    refuse_transaction_control(operations)
    replay(operations, before)
    said = [spoken(each, dialect.name) for each in operations]
    operations = typed_operations(said, dialect.name)
    before = typed_schema(before, dialect.name)
    capabilities = capabilities or dialect.assumed
    engine = Engine(dialect, capabilities)
    refuse_unsupported(operations, engine)
    left_out = tuple(dict.fromkeys(engine.lacking(operations)))
    operations, before = engine.operations(operations), engine.schema(before)
    after = replay(operations, before)
    _refuse_cut_names(after, dialect)
    if dialect.folds_names:
        _refuse_folded_names(after, dialect)
    if dialect.shares_index_names:
        _refuse_shared_names(after, dialect)
    _refuse_types(operations, dialect)
    done, places = with_rows_apart(*with_checks_apart(operations, before))
    steps = tuple(each.moved(places) for each in dialect.lower(done, before, capabilities))
    return Plan(tuple(_asked(operations, before, dialect)), steps, after, left_out, before)


def _refuse_types(operations: Sequence[Operation], dialect: Dialect) -> None:
    """Say which column has a type that the engine does not have."""
    for operation in each_side(operations):
        for table, column in _made(operation):
            try:
                dialect.type_sql(column.type)
            except MigError as error:
                error.where = error.where or f"column {table}.{column.name}"
                raise


def _made(operation: Operation) -> Iterator[tuple[str, Column]]:
    match operation:
        case Add(object=Table(name=table, columns=columns)):
            yield from ((table, column) for column in columns)
        case Add(table, Column() as column) | Alter(table=table, new=Column() as column):
            yield table, column
        case _:
            pass


def _asked(operations: Sequence[Operation], before: Schema, dialect: Dialect) -> list[Guard]:
    """Leave out casts that cannot fail in this database; know those that it has none for.

    Nor can it be asked about a type that the migration makes, but for what is NULL.
    """
    new = frozenset(_made_types(operations))
    known = (_known(guard, dialect) for guard in guards(operations, before))
    found = (_untyped(guard, new) for guard in known if guard is not None)
    return [guard for guard in found if guard.allowed or not _types(guard) & new]


def _untyped(guard: Guard, new: frozenset[str]) -> Guard:
    """Give new columns a type that is there already, where it only matters whether they are NULL.

    A value stands for any other.
    """
    filled = (
        replace(each, type=ColumnType("TEXT"), fill=each.fill and Constant(""))
        if each.added and each.type.name.lower() in new and _is_null_asked(guard, each.column)
        else each
        for each in guard.filled
    )
    return replace(guard, filled=tuple(filled))


def _is_null_asked(guard: Guard, column: str) -> bool:
    """Whether a guard asks of a column whether it is NULL, and nothing else."""
    for expression in (*guard.parts, *filter(None, [guard.condition])):
        found = expression.tokens
        for place, token in enumerate(found):
            words = [each.value.upper() for each in found[place + 1 : place + 4]]
            is_asked = words[:2] == ["IS", "NULL"] or words == ["IS", "NOT", "NULL"]
            if token == Token("name", column) and not is_asked:
                return False
    return True


def _made_types(operations: Sequence[Operation]) -> Iterator[str]:
    for operation in in_database(operations):
        match operation:
            case Add(object=EnumType(name=name) | RawObject(kind="extension", name=name)):
                yield name.lower()
            case _:
                pass


def _types(guard: Guard) -> set[str]:
    """Return the names of the types that a guard casts to."""
    cast = [guard.new] if guard.kind == "cast" and guard.new else []
    return {each.name.lower() for each in (*cast, *(each.type for each in guard.filled))}


def _known(guard: Guard, dialect: Dialect) -> Guard | None:
    """Return a guard that a database can answer; ``None``: nothing is left to ask.

    Where no cast is known another guard asks for any value at all, so that all are NULL.
    """
    if guard.kind != "orphans" and any(_is_lost(each, dialect) for each in guard.filled):
        filled = (
            replace(each, added=True, old=None) if _is_lost(each, dialect) else each
            for each in guard.filled
        )
        guard = replace(guard, filled=tuple(filled))
        return None if _takes_nulls(guard) else guard
    if guard.kind not in ("cast", "strict") or guard.old is None or guard.new is None:
        return guard
    if guard.allowed:
        return guard
    types = guard.old.plain, guard.new.plain
    if guard.kind == "strict":
        return guard if dialect.strict_misfit("x", *types) else None
    misfit = dialect.misfit("x", *types)
    if misfit in (None, "TRUE"):
        return replace(guard, kind="values")
    return guard if misfit else None


def _is_lost(filled: Filled, dialect: Dialect) -> bool:
    """Whether no value of a column can be cast to the type that it gets."""
    old, new = filled.old, filled.type.plain
    return old is not None and dialect.misfit("x", old, new) is None


def _takes_nulls(guard: Guard) -> bool:
    """Whether the NULLs in new columns are in the way of nothing, as far as can be told."""
    empty = {each.column for each in guard.filled if each.added and each.fill is None}
    if guard.condition is None:
        return bool(empty & {*guard.columns}) and not (guard.parts or guard.nulls_equal)
    words = {each.value.upper() for each in guard.condition.tokens if each.kind == "word"}
    return guard.kind == "violated" and words <= _STRICT and guard.condition.names <= empty


def _refuse_cut_names(schema: Schema, dialect: Dialect) -> None:
    """Refuse names that are one after the database has cut them."""
    for names in _spaces_of_names(schema, dialect):
        stored: dict[str, str] = {}
        for name in names:
            other = stored.setdefault(dialect.stored_name(name), name)
            if other != name:
                raise RefusedError(
                    f"{dialect.title} cuts long names, and these two become one:"
                    f" {other} and {name}",
                    hint="give one of them a shorter name in its model",
                )


def _refuse_folded_names(schema: Schema, dialect: Dialect) -> None:
    """Refuse names that are one to a database that does not look at letter case."""
    columns = ((f"columns of {table.name}", table.column_names) for table in schema)
    for where, names in (("tables", sorted(schema.names)), *columns):
        folded: dict[str, str] = {}
        for name in names:
            other = folded.setdefault(name.casefold(), name)
            if other != name:
                raise RefusedError(
                    f"{dialect.title} does not tell names apart that differ only in letter case:"
                    f" {other} and {name}",
                    where=where,
                    hint="give one of them another name in its model,"
                    f" or leave {dialect.name} out of `engines` in the configuration",
                )


def _spaces_of_names(schema: Schema, dialect: Dialect) -> Iterator[list[str]]:
    """Yield the names that must differ from each other."""
    shared = schema if dialect.shares_index_names else ()
    indexes = [_in_schema(table, index) for table in shared for index in table.indexes]
    yield sorted(schema.names) + indexes
    for table in schema:
        yield list(table.column_names)
        yield [key.name for key in table.foreign_keys if key.name]


def _in_schema(table: Table, index: Index) -> str:
    return qualified(schema_of(table.name), index.name)


def _refuse_shared_names(schema: Schema, dialect: Dialect) -> None:
    """Refuse two relations of one name: tables, views and indexes."""
    views = [each.name for each in schema.objects if isinstance(each, View | VirtualTable)]
    indexes = [_in_schema(table, index) for table in schema for index in table.indexes]
    names = (*schema.names, *views, *indexes)
    counts = Counter(name.lower() if dialect.folds_names else name for name in names)
    taken = sorted(name for name, count in counts.items() if count > 1)
    if taken:
        raise RefusedError(
            f"{dialect.title} has one space of names for all indexes, tables and views,"
            f" and these are used twice: {', '.join(taken)}",
            hint="give one of them another name in its model",
        )
