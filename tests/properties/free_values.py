"""Free values: what a codec must carry, whether or not a database could have it."""

from dataclasses import replace

from hypothesis import strategies as st
from strategies import actions, names, plain_types, types

from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.normal import DEFERRALS
from peewee_mig.schema.objects import (
    Check,
    Column,
    Computed,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import (
    EnumType,
    RawObject,
    Sequence,
    View,
    VirtualTable,
    identity,
)
from peewee_mig.schema.types import parse_type

#: Tokens that make an expression in any order, as far as a codec is concerned.
_TOKENS = (
    '"a"', '"q""t"', "'it''s'", "''", "1", "1.5", "lower", "AND", "NOT", "NULL", "IN", "(", ")",
    ",", "-", "+", "*", "::", "||", ">=", "=", "[", "]", "x'00'", "$$ a $$", "E'a'",
)  # fmt: skip
expressions = st.lists(st.sampled_from(_TOKENS), min_size=1, max_size=6).map(
    lambda found: Expression(" ".join(found))
)
words = st.lists(st.sampled_from(["STRICT", "a=1", "UNSIGNED", "x y"]), max_size=2, unique=True)
word_tuples = words.map(tuple)
deferrals = st.sampled_from([None, None, *DEFERRALS])
#: A type as it may stand in a snapshot: an array, or one of a database.
wider_types = (
    types
    | st.builds(lambda type_, dims: replace(type_, dimensions=dims), plain_types, st.integers(1, 2))
    | st.sampled_from(["citext", "numeric(10,2)[]", "character varying"]).map(parse_type)
)
optional_names = st.none() | names


def _column(given: Column, default, computed, sequence) -> Column:
    """Give a column a way to fill itself: at most one."""
    if computed is not None:
        return replace(given, computed=computed)
    return replace(given, default=default, sequence=sequence)


columns = st.builds(
    _column,
    st.builds(
        Column,
        names,
        wider_types,
        st.booleans(),
        collation=optional_names,
        comment=st.none() | st.just("") | names,
        options=word_tuples,
    ),
    st.none() | expressions,
    st.none() | st.builds(Computed, expressions, st.booleans()),
    optional_names,
)
name_tuples = st.lists(names, min_size=1, max_size=3, unique=True).map(tuple)
some_names = st.lists(names, max_size=2, unique=True).map(tuple)
conflicts = st.sampled_from([None, "ABORT", "IGNORE"])
primary_keys = st.builds(PrimaryKey, name_tuples, optional_names, conflicts)


def _index(given: Index, parts: tuple[Expression, ...]) -> Index:
    """Let an index be over expressions in the place of columns, if there are any."""
    if not parts or all(part.column for part in parts):
        return given
    return replace(given, columns=(), parts=parts)


indexes = st.builds(
    _index,
    st.builds(
        Index,
        names,
        name_tuples,
        st.booleans(),
        st.booleans(),
        where=st.none() | expressions,
        using=st.sampled_from([None, "btree", "gin"]),
        include=some_names,
        nulls_distinct=st.booleans(),
        options=word_tuples,
    ),
    st.lists(expressions, max_size=2).map(tuple),
)
foreign_keys = name_tuples.flatmap(
    lambda own: st.builds(
        ForeignKey,
        st.just(own),
        names,
        st.lists(names, min_size=len(own), max_size=len(own)).map(tuple),
        actions,
        actions,
        optional_names,
        deferrals,
    )
)
checks = st.builds(Check, expressions, optional_names)
uniques = st.builds(Unique, name_tuples, optional_names, deferrals, st.booleans(), conflicts)
exclusions = st.builds(Exclusion, expressions, optional_names)
options = st.builds(Options, word_tuples, st.none() | st.just("") | names)


def _by_name(constraint: Check | Exclusion) -> object:
    return constraint.name or constraint.expression


free_tables = st.builds(
    Table,
    names,
    st.lists(columns, min_size=1, max_size=4, unique_by=lambda column: column.name).map(tuple),
    st.none() | primary_keys,
    st.lists(indexes, max_size=2, unique_by=lambda index: index.name).map(tuple),
    st.lists(foreign_keys, max_size=2, unique_by=lambda key: key.columns).map(tuple),
    st.lists(checks, max_size=2, unique_by=_by_name).map(tuple),
    st.lists(uniques, max_size=2, unique_by=lambda unique: unique.columns).map(tuple),
    st.lists(exclusions, max_size=2, unique_by=_by_name).map(tuple),
    options,
)
statements = st.dictionaries(
    st.sampled_from(["", "sqlite", "postgres", "mysql"]), names, min_size=1, max_size=2
).map(lambda found: tuple(found.items()))
objects = st.one_of(
    st.builds(View, names, expressions, st.booleans(), some_names),
    st.builds(VirtualTable, names, st.just("fts5"), some_names),
    st.builds(Sequence, names),
    st.builds(EnumType, names, name_tuples),
    st.builds(RawObject, st.just("trigger"), names, statements, statements, names, some_names),
    st.builds(
        RawObject,
        st.sampled_from(["function", "extension", "object"]),
        names,
        statements,
        statements,
        needs=some_names,
    ),
)
free_schemas = st.builds(
    Schema.of,
    st.lists(free_tables, max_size=4, unique_by=lambda table: table.name),
    st.lists(objects, max_size=3, unique_by=identity),
)
