"""What is assumed of expressions where a server cannot be asked how it spells them.

A replica makes no temporary table, and a role may lack the right to. Then an expression of the
catalog counts as the declared one that stands in the same place: whoever uses this has to say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from peewee_mig.dialects.base import Spellings
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import Check, Column, Exclusion, Index, Table

_Constraints = Sequence[Check] | Sequence[Exclusion]


def assumed(found: Table, declared: Table) -> Spellings:
    """Map the expressions of a declared table to those in their places."""
    pairs = (
        *_of_columns(found, declared),
        *_of_constraints(found.checks, declared.checks),
        *_of_constraints(found.exclusions, declared.exclusions),
        *_of_indexes(found.indexes, declared.indexes),
        (declared.options.partitions, found.options.partitions),
    )
    return {(declared, words): spelled for words, spelled in pairs if words and spelled}


def _of_columns(found: Table, declared: Table) -> Iterator[tuple[str, str]]:
    there = {column.name: column for column in found.columns}
    for column in declared.columns:
        if column.name in there:
            yield from _of_column(there[column.name], column)


def _of_column(found: Column, declared: Column) -> Iterator[tuple[str, str]]:
    yield from _pair(found.default, declared.default)
    if found.computed and declared.computed:
        yield from _pair(found.computed.expression, declared.computed.expression)
    if found.type.native and declared.type.native:
        yield str(declared.type), str(found.type)


def _of_constraints(found: _Constraints, declared: _Constraints) -> Iterator[tuple[str, str]]:
    """Pair those of one name, then the others in their order if they are as many."""
    named = {each.name: each for each in found if each.name}
    others = []
    for each in declared:
        if each.name in named:
            yield from _pair(named.pop(each.name).expression, each.expression)
        else:
            others.append(each)
    if len(others) == len(named):
        for one, each in zip(named.values(), others, strict=True):
            yield from _pair(one.expression, each.expression)


def _of_indexes(found: Sequence[Index], declared: Sequence[Index]) -> Iterator[tuple[str, str]]:
    there = {index.name: index for index in found}
    for index in declared:
        one = there.get(index.name)
        if one is None:
            continue
        yield from _pair(one.where, index.where)
        if len(one.parts) == len(index.parts):
            for part, words in zip(one.parts, index.parts, strict=True):
                yield from _pair(part, words)


def _pair(found: Expression | None, declared: Expression | None) -> Iterator[tuple[str, str]]:
    if found is not None and declared is not None:
        yield declared.text, found.text
