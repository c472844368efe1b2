"""The parts of one table as a catalog holds them, in the words of its declaration. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from peewee_mig.dialects.base import Dialect, Spellings
from peewee_mig.schema.expressions import Expression
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

T = TypeVar("T")
ConstraintT = TypeVar("ConstraintT", Check, Exclusion)


@dataclass(frozen=True)
class Recognizer:
    """Knows a table as it is declared, and as the engine keeps it (``normal``).

    ``normal`` has the same parts in the same order, under the declared names of columns.
    ``implied``: the indexes that the engine made by itself for foreign keys.
    """

    declared: Table
    normal: Table
    spellings: Spellings
    implied: frozenset[str]
    dialect: Dialect

    def table(self, found: Table) -> Table:
        """Return the table that was found, in the declared words."""
        indexes = tuple(self._indexes(found.indexes))
        uniques, indexes = self._uniques(found.uniques, indexes)
        return replace(
            found,
            columns=tuple(map(self._column, found.columns)),
            primary_key=self._primary_key(found.primary_key),
            indexes=indexes,
            foreign_keys=tuple(map(self._foreign_key, found.foreign_keys)),
            checks=self._constraints(found.checks, self.declared.checks),
            uniques=uniques,
            exclusions=self._constraints(found.exclusions, self.declared.exclusions),
            options=self._options(found.options),
        )

    def _spelled(self, expression: Expression) -> Expression:
        """Return a declared expression as the catalog spells it."""
        spelled = self.spellings.get((self.declared, expression.text))
        return expression if spelled is None else Expression(spelled)

    def _is(self, found: Expression | None, declared: Expression | None) -> bool:
        """Whether the catalog says what is declared."""
        if found is None or declared is None:
            return found is declared
        spelled = self._spelled(declared)
        return found.unwrapped in (declared.unwrapped, spelled.unwrapped)

    def _column(self, found: Column) -> Column:
        """Give a column the declared attributes that the engine cannot tell from its own."""
        declared = self.declared.find_column(found.name)
        normal = self.normal.find_column(found.name)
        if declared is None or normal is None:
            return found
        changes: dict[str, Any] = {
            each.name: getattr(declared, each.name)
            for each in fields(Column)
            if each.name not in ("name", "default", "computed", "type")
            and getattr(found, each.name) == getattr(normal, each.name)
        }
        if found.type == normal.type or self._is_native(found, declared):
            changes["type"] = declared.type
        if self._is(found.default, normal.default) or self._is(found.default, declared.default):
            changes["default"] = declared.default
        if self._is_computed(found.computed, normal.computed, declared.computed):
            changes["computed"] = declared.computed
        return _replaced(found, changes | self._collated(found, declared))

    def _collated(self, found: Column, declared: Column) -> dict[str, Any]:
        """Return the declared words of a collation, where the server tells which one that is."""
        charsets = tuple(word for word in declared.options if word.startswith("CHARACTER SET "))
        said = declared.collation or next(iter(charsets), None)
        spelled = None if said is None else self.spellings.get((self.declared, said))
        if spelled is None:
            return {} if said == declared.collation else {"options": found.options}
        if (found.collation or "") == spelled:
            return {"collation": declared.collation}
        return {"collation": found.collation, "options": found.options}

    def _is_native(self, found: Column, declared: Column) -> bool:
        words = self.spellings.get((self.declared, str(declared.type)))
        return words is not None and words == str(found.type)

    def _is_computed(
        self, found: Computed | None, normal: Computed | None, declared: Computed | None
    ) -> bool:
        if found is None or normal is None or declared is None:
            return found is normal
        same = self._is(found.expression, declared.expression)
        return found.stored == normal.stored and same

    def _primary_key(self, found: PrimaryKey | None) -> PrimaryKey | None:
        """Give a key the declared name; one that nobody declared is the engine's."""
        declared = self.declared.primary_key
        if found is None or declared is None:
            return found
        free = replace(found, name=None) == declared
        return declared if free or found == self.normal.primary_key else found

    def _indexes(self, found: Iterable[Index]) -> Iterator[Index]:
        """Yield indexes with the mark of those that the user named; leave out implied ones."""
        left = [(each, self._structure(each)) for each in self.declared.indexes]
        own = {self.dialect.stored_name(each.name): (each, s) for each, s in left}
        structures = [structure for _, structure in left]
        for index in found:
            twin, structure = own.get(index.name, (None, None))
            if twin is not None and structure == _unwrapped(index):
                yield twin
                continue
            same = next((each for each, s in left if s == _unwrapped(index)), None)
            if same is not None:
                yield replace(same, name=index.name, named=False)
            elif index.name not in self.implied or _unwrapped(index) in structures:
                yield index

    def _structure(self, declared: Index) -> tuple[object, ...]:
        """Return everything but the name of a declared index, as the catalog would say it."""
        normal = self._normal_of(declared, self.declared.indexes, self.normal.indexes)
        spelled = replace(
            normal,
            parts=tuple(map(self._spelled, _parts(declared, normal))),
            where=self._spelled(declared.where) if declared.where else None,
        )
        return _unwrapped(spelled)

    def _uniques(
        self, found: Sequence[Unique], indexes: tuple[Index, ...]
    ) -> tuple[tuple[Unique, ...], tuple[Index, ...]]:
        """Give unique constraints their declared names; some engines keep them as indexes."""
        known = [self._unique(each) for each in found]
        left = list(indexes)
        for wanted in self.declared.uniques if self.dialect.unique_is_index else ():
            twin = self._keeper(left, wanted)
            if twin is not None:
                left.remove(twin)
                known.append(wanted)
        return tuple(known), tuple(left)

    def _keeper(self, indexes: Sequence[Index], wanted: Unique) -> Index | None:
        """Return the index that keeps a unique constraint: that of its name.

        For one without a name, that is an index beyond those that are declared as such.
        """
        same = [each for each in indexes if each.plain and each.unique]
        same = [each for each in same if each.key == wanted.columns]
        if wanted.name is not None:
            name = self.dialect.stored_name(wanted.name)
            return next((each for each in same if each.name == name), None)
        alike = [e for e in self.declared.indexes if e.plain and e.unique]
        alike = [e for e in alike if e.key == wanted.columns]
        names = {self.dialect.stored_name(each.name) for each in alike}
        free = [each for each in same if each.name not in names]
        return free[0] if free and len(same) > len(alike) else None

    def _unique(self, found: Unique) -> Unique:
        declared = self.declared.find_unique(found.columns)
        normal = self.normal.find_unique(found.columns)
        if declared is None or normal is None:
            return found
        free = declared.name is None or normal.name in (None, found.name)
        return replace(
            found,
            name=declared.name if free else found.name,
            deferrable=_same(found.deferrable, normal.deferrable, declared.deferrable),
            conflict=_same(found.conflict, normal.conflict, declared.conflict),
            nulls_distinct=_same(
                found.nulls_distinct, normal.nulls_distinct, declared.nulls_distinct
            ),
        )

    def _foreign_key(self, key: ForeignKey) -> ForeignKey:
        """Give a key the declared name and actions where the engine cannot tell them apart."""
        declared = self.declared.find_foreign_key(key.columns)
        if declared is None:
            return key
        plain = self.normal.find_foreign_key(key.columns) or declared
        free = declared.name is None or plain.name in (None, key.name)
        return replace(
            key,
            on_delete=_same(key.on_delete, plain.on_delete, declared.on_delete),
            on_update=_same(key.on_update, plain.on_update, declared.on_update),
            deferrable=_same(key.deferrable, plain.deferrable, declared.deferrable),
            name=declared.name if free else key.name,
        )

    def _constraints(
        self, found: Sequence[ConstraintT], declared: Sequence[ConstraintT]
    ) -> tuple[ConstraintT, ...]:
        """Give checks their declared names and words: those of the same name first."""
        left = list(declared)
        known: dict[int, ConstraintT] = {}
        for by_name in (True, False):
            for place, constraint in enumerate(found):
                twin = next((e for e in left if self._is_twin(constraint, e, by_name)), None)
                if place not in known and twin is not None:
                    known[place] = twin
                    left.remove(twin)
        return tuple(known.get(place, constraint) for place, constraint in enumerate(found))

    def _is_twin(
        self,
        found: Check | Exclusion,
        declared: Check | Exclusion,
        by_name: bool,  # noqa: FBT001
    ) -> bool:
        if not self._is(found.expression, declared.expression):
            return False
        if declared.name is None:
            return not by_name
        return self.dialect.stored_name(declared.name) == found.name

    def _options(self, found: Options) -> Options:
        normal = self.normal.options
        said = (self.spellings.get((self.declared, word), word) for word in normal.words)
        expected = Options(tuple(filter(None, said)), normal.comment)
        return self.declared.options if found == expected else found

    def _normal_of(self, one: T, declared: Sequence[T], normal: Sequence[T]) -> T:
        return normal[declared.index(one)] if len(normal) == len(declared) else one


def _parts(declared: Index, normal: Index) -> tuple[Expression, ...]:
    """Return the parts in declared words; those that the engine has otherwise in its own."""
    return declared.parts if len(declared.parts) == len(normal.parts) else normal.parts


def _unwrapped(index: Index) -> tuple[object, ...]:
    """Return the structure of an index without parentheses around its expressions."""
    parts = tuple(part.unwrapped for part in index.parts)
    where = index.where.unwrapped if index.where else None
    return replace(index, parts=parts, where=where).structure


def _same(found: T, normal: T, declared: T) -> T:
    """Return the declared value where the engine keeps it as was found."""
    return declared if found == normal else found


def _replaced(column: Column, changes: dict[str, Any]) -> Column:
    return replace(column, **changes)
