"""What a column has beyond its declaration, which a MODIFY drops unless it repeats it.

Nothing of it is in a schema: somebody made it by hand. It is read from the catalog and
spelled again; what has no place in the new definition is refused. What the old declaration
said, and the new one does not, goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from peewee_mig.dialects.base import Query
from peewee_mig.dialects.mysql.catalog import Catalog, folded, makes_json, quoted
from peewee_mig.dialects.mysql.rows import CheckRow, ColumnRow
from peewee_mig.dialects.mysql.types import is_long, text_literal
from peewee_mig.errors import RefusedError
from peewee_mig.schema.names import bare, schema_of, split
from peewee_mig.schema.objects import Column

_TEXT = re.compile(r"(?:var)?char\b|(?:tiny|medium|long)?text\b|enum\b|set\b", re.IGNORECASE)
_BYTES = re.compile(r"(?:var)?binary|(?:tiny|medium|long)?blob|bit", re.IGNORECASE)
_MOMENT = re.compile(r"(?:datetime|timestamp)\b", re.IGNORECASE)
_NOW = re.compile(r"current_timestamp(?:\(\d*\))?", re.IGNORECASE)
_ON_UPDATE = re.compile(r"on update [\w()]+", re.IGNORECASE)
#: The default that the server itself gives a NOT NULL column with ON UPDATE.
_ZERO = re.compile(r"'?0000-00-00 00:00:00(?:\.0+)?'?")
#: The words of ``extra`` that are carried, or that the new type says anew.
_KNOWN = re.compile(
    r"auto_increment|default_generated|invisible|(?:virtual|stored|persistent) generated"
    rf"|{_ON_UPDATE.pattern}",
    re.IGNORECASE,
)
#: What MariaDB says behind a type for itself only, as in ``text /*M!100301 COMPRESSED*/``.
_HIDDEN = re.compile(r"/\*M?!\d* *(.+?) *\*/")
_INTRODUCER = re.compile(r"\b_[a-z0-9]+'")
#: A constant, as MariaDB's catalog spells it; any other default is an expression.
_CONSTANT = re.compile(r"b?'.*'|-?[0-9.].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Kept:
    """Words of a definition: ``collation`` after the type, ``options`` after NOT NULL."""

    collation: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """What a column becomes, and what it was declared as; ``words``: its new type.

    ``fits``: whether the new type holds a default unchanged; asked with its SQL, and whether
    it is a constant. ``without``: the text of the check that goes.
    """

    column: Column
    was: Column
    words: str
    fits: Callable[[str, bool], bool]
    without: str = ""

    @property
    def null(self) -> bool:
        """Whether it takes NULL."""
        return self.column.null

    @property
    def auto(self) -> bool:
        """Whether it numbers itself."""
        return self.column.type.auto

    @property
    def both(self) -> tuple[Column, Column]:
        """The declarations: what one of them says is not made by hand."""
        return self.was, self.column

    def says(self, option: str) -> bool:
        """Whether a declaration has an option that begins so."""
        return any(word.startswith(option) for each in self.both for word in each.options)


@dataclass(frozen=True, slots=True)
class Present:
    """A column as the catalog has it, and what is the usual in its table and server."""

    table: str
    row: ColumnRow
    checks: tuple[CheckRow, ...]
    collation: str | None
    mariadb: bool

    def kept(self, target: Target) -> Kept:
        """Return what the new definition repeats; :exc:`RefusedError` for what it cannot."""
        self._refuse_unknown(target)
        options = (
            *self._default(target),
            *self._on_update(target),
            *self._invisible(target),
            *self._comment(target),
            *self._check(target),
        )
        return Kept(self._collation(target), options)

    def _refuse_unknown(self, target: Target) -> None:
        """Refuse a generated column, and words that we do not know."""
        if self.row.expression and not any(each.computed for each in target.both):
            raise self._refused("is generated", target)
        hidden = _HIDDEN.search(self.row.words)
        rest = hidden[1] if hidden else _KNOWN.sub("", self.row.extra).strip(" ,")
        if rest:
            raise self._refused(f"is {rest}", target)

    def _collation(self, target: Target) -> str:
        """Spell the collation of a text that has not that of its table; JSON has its own."""
        row = self.row
        if target.says("CHARACTER SET") or any(each.collation for each in target.both):
            return ""
        usual = row.collation in (None, self.collation) or any(self._json_checks())
        if usual or not _TEXT.match(target.words):
            return ""
        return f"CHARACTER SET {row.charset} COLLATE {row.collation}"

    def _default(self, target: Target) -> Iterator[str]:
        """Spell the default; a column that numbers itself can have no other."""
        value = self._default_value(target)
        if value and not target.auto:
            yield f"DEFAULT {value}"

    def _default_value(self, target: Target) -> str:
        given = self.row.default
        if given is None or (self.mariadb and given == "NULL") or self._is_zero(given):
            return ""
        if any(each.default or each.computed for each in target.both):
            return ""
        constant = self._is_constant(given)
        value = self._value(given, constant=constant)
        if self._is_garbled(given, constant=constant):
            raise self._refused("has a default of bytes", target, self._drop_default)
        if not target.auto and not target.fits(value, constant):
            raise self._refused(f"has the default {value}", target, self._drop_default)
        return value if self.mariadb else _in_parentheses(value, target.words, constant=constant)

    def _is_zero(self, given: str) -> bool:
        """Whether a default came with ON UPDATE: nobody made it by hand."""
        updated = self.row.null == "NO" and _ON_UPDATE.search(self.row.extra) is not None
        return updated and _ZERO.fullmatch(given) is not None

    def _is_constant(self, given: str) -> bool:
        if self.mariadb:
            return _CONSTANT.fullmatch(given) is not None
        return "DEFAULT_GENERATED" not in self.row.extra

    def _is_garbled(self, given: str, *, constant: bool) -> bool:
        """Whether the catalog cannot show each default of this kind: bytes that are no UTF-8.

        Measured on MariaDB 10.11: ``?`` for such a byte, ``_latin1'xC3xA9'`` with an introducer.
        """
        if constant:
            return _BYTES.match(self.row.data_type) is not None
        return self.mariadb and _INTRODUCER.search(given) is not None

    def _value(self, given: str, *, constant: bool) -> str:
        """Spell a default as SQL: MySQL gives a constant bare, and escapes an expression."""
        if self.mariadb:
            return given
        return text_literal(given) if constant else re.sub(r"\\(.)", r"\1", given)

    def _on_update(self, target: Target) -> Iterator[str]:
        found = _ON_UPDATE.search(self.row.extra)
        if found is None or target.says("ON UPDATE"):
            return
        if not _MOMENT.match(target.words):
            raise self._refused(f"has {found[0].upper()}", target)
        yield found[0].upper()

    def _invisible(self, target: Target) -> Iterator[str]:
        """Spell INVISIBLE, which MariaDB takes with NOT NULL only where there is a default."""
        if "INVISIBLE" not in self.row.extra:
            return
        if self.mariadb and not self._can_hide(target):
            raise self._refused("is INVISIBLE without a default", target)
        yield "INVISIBLE"

    def _can_hide(self, target: Target) -> bool:
        new = target.column
        given = new.default or new.computed or self._default_value(target)
        return bool(target.null or target.auto or given)

    def _comment(self, target: Target) -> Iterator[str]:
        if self.row.comment and all(each.comment is None for each in target.both):
            yield f"COMMENT {text_literal(self.row.comment)}"

    def _check(self, target: Target) -> Iterator[str]:
        """Spell the check of the column's own definition, the last word; only MariaDB has any."""
        for check in self.checks:
            if makes_json(check, self.row) or check.clause == target.without:
                continue
            if target.words == "JSON":  # a check would take the place of that which makes it JSON
                raise self._refused(f"has the check {check.clause}", target)
            yield f"CHECK ({check.clause})"

    def _json_checks(self) -> Iterator[bool]:
        return (makes_json(check, self.row) for check in self.checks)

    @property
    def _drop_default(self) -> str:
        place = ".".join(quoted(each) for each in split(self.table) if each)
        return f"ALTER TABLE {place} ALTER {quoted(self.row.name)} DROP DEFAULT"

    def _refused(self, what: str, target: Target, command: str = "") -> RefusedError:
        null = "" if target.null else " NOT NULL"
        first = command or "take it off the column by hand"
        return RefusedError(
            f"the column {self.table}.{self.row.name} {what}: that was made by hand,"
            f" and {target.words}{null} cannot keep it",
            hint=f"{first}, then migrate again, and put back by hand what is still wanted",
        )


def present(query: Query, table: str, column: str) -> Present | None:
    """Read a column from the catalog; ``None`` if the table has none of that name."""
    catalog = Catalog(query, schema_of(table))
    here = f"table_schema = {catalog.here} AND table_name = {text_literal(bare(table))}"
    rows = catalog.rows(
        "SELECT column_name, column_default, is_nullable, data_type, column_type, extra,"
        " character_set_name, collation_name, generation_expression, column_comment"
        f" FROM information_schema.columns WHERE {here}"
    )
    found = [row for row in map(ColumnRow._make, rows) if folded(row.name) == folded(column)]
    if not found:
        return None
    usual = catalog.rows(f"SELECT table_collation FROM information_schema.tables WHERE {here}")
    mariadb = catalog.facts.mariadb
    checks = _checks(catalog, table, found[0].name) if mariadb else ()
    return Present(table, found[0], checks, usual[0][0], mariadb)


def _checks(catalog: Catalog, table: str, column: str) -> tuple[CheckRow, ...]:
    """Return the check of a column's own definition, if it has one.

    It has the name that the column had when it was made: only the definition shows where it is.
    """
    rows = catalog.rows(
        "SELECT constraint_name, check_clause, level FROM information_schema.check_constraints"
        f" WHERE constraint_schema = {catalog.here} AND table_name = {text_literal(bare(table))}"
        " AND level = 'Column'"
    )
    line = _definition(catalog, table, column) if rows else ""
    checks = map(CheckRow._make, rows)
    return tuple({c.clause: c for c in checks if line.endswith(f" CHECK ({c.clause})")}.values())


def _definition(catalog: Catalog, table: str, column: str) -> str:
    """Return the line of a column in the definition of its table; texts have no line breaks."""
    text: str = catalog.rows(f"SHOW CREATE TABLE {catalog.place(bare(table))}")[0][1]
    start = f"  {quoted(column)} "
    return next(line.removesuffix(",") for line in text.split("\n") if line.startswith(start))


def _in_parentheses(value: str, words: str, *, constant: bool) -> str:
    """Spell a default for MySQL: an expression, and any for a long text, in parentheses."""
    if constant:
        return f"({value})" if is_long(words) else value
    return value if _NOW.fullmatch(value) and _MOMENT.match(words) else f"({value})"
