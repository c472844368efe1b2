"""What raw SQL says behind the type of a column: ``DEFAULT 0 CHECK (price >= 0)``."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any

from peewee_mig.schema.expressions import Expression, Token
from peewee_mig.schema.names import qualified
from peewee_mig.schema.objects import (
    NULL_DEFAULT,
    ON_CONFLICT,
    Check,
    Computed,
    ForeignKey,
    PrimaryKey,
    Unique,
)
from peewee_mig.sources.reader import Reader, marked, split


@dataclass(frozen=True, slots=True)
class Clauses:
    """All that the clauses of one column say; ``None``: they do not.

    ``numbering``: the word by which the database numbers the values. ``before``: the last words
    of Peewee's own that stand before them. A foreign key without referred columns means the
    primary key of its table.
    """

    null: bool | None = None
    default: Expression | None = None
    collation: str | None = None
    computed: Computed | None = None
    comment: str | None = None
    numbering: str = ""
    before: str = ""
    primary_key: PrimaryKey | None = None
    options: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    uniques: tuple[Unique, ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key in raw SQL; ``referred``: its columns as written, () for the primary key."""

    columns: tuple[str, ...]
    table: str
    referred: tuple[str, ...] = ()
    rules: dict[str, str | None] = field(default_factory=dict, hash=False)

    def key(self, table: str, referred: tuple[str, ...]) -> ForeignKey:
        """Return the key, with what it refers to in the words of the schema."""
        return ForeignKey(self.columns, table, referred, **self.rules)


def read_clauses(
    reader: Reader, column: str, columns: Collection[str], found: Clauses | None = None
) -> Clauses:
    """Read all clauses up to the end; :exc:`ValueError` for what is not understood.

    ``columns``: all of the table; ``found``: what other clauses said, to go on from.
    """
    clauses = _Clauses(reader, column, columns, found or Clauses())
    while reader:
        clauses.read()
    return clauses.found


def at_clause(reader: Reader) -> bool:
    """Whether a clause begins here."""
    return reader.at("CONSTRAINT") or any(reader.at(*words) for words in _READERS)


def read_reference(reader: Reader, columns: tuple[str, ...], name: str | None) -> Reference:
    """Read what follows REFERENCES."""
    table = reader.qualified()
    referred = (
        tuple(Reader(part).name() for part in split(reader.group())) if reader.at("(") else ()
    )
    rules: dict[str, str | None] = {"name": name}
    while True:
        if reader.take("ON", "DELETE"):
            rules["on_delete"] = _action(reader)
        elif reader.take("ON", "UPDATE"):
            rules["on_update"] = _action(reader)
        elif not reader.take("MATCH", "SIMPLE"):
            break
    rules["deferrable"] = read_deferral(reader)
    return Reference(columns, table, referred, rules)


def read_deferral(reader: Reader) -> str | None:
    """Read when a constraint is checked, if it says so."""
    words: list[str] = []
    for choice in (("NOT", "DEFERRABLE"), ("DEFERRABLE",)):
        if reader.take(*choice):
            words += choice
    for choice in (("INITIALLY", "DEFERRED"), ("INITIALLY", "IMMEDIATE")):
        if reader.take(*choice):
            words += choice
    return " ".join(words) or None


def read_conflict(reader: Reader) -> str | None:
    """Read what SQLite does with a row in the way, if it says so."""
    return reader.name().upper() if reader.take("ON", "CONFLICT") else None


def read_nulls(reader: Reader) -> bool:
    """Read whether NULLs are distinct: they are, unless it says no."""
    if reader.take("NULLS", "NOT", "DISTINCT"):
        return False
    reader.take("NULLS", "DISTINCT")
    return True


class _Clauses:
    """The clauses of one column, read one by one."""

    def __init__(
        self, reader: Reader, column: str, columns: Collection[str], found: Clauses
    ) -> None:
        self.reader = reader
        self.column = column
        self.columns = columns
        self.found = found
        self.name: str | None = None

    def read(self) -> None:
        first = self.found == Clauses(before=self.found.before or "nothing")
        if first and self.reader.take("ON", "CONFLICT"):
            self.on_conflict()
            return
        self.name = self.reader.name() if self.reader.take("CONSTRAINT") else None
        for words, read in _READERS.items():
            if self.reader.take(*words):
                read(self)
                return
        raise self.reader.wrong()

    def add(self, **changes: Any) -> None:  # noqa: ANN401 (attributes of Clauses)
        self.found = replace(self.found, **changes)

    def once(self, attribute: str, value: object) -> None:
        if getattr(self.found, attribute) not in (None, value):
            raise ValueError(f"has two of {attribute} in its SQL {self.reader.whole!r}")
        self.add(**{attribute: value})

    def expression(self, inner: tuple[Token, ...]) -> Expression:
        if not inner:
            raise self.reader.wrong()
        return marked(inner, self.columns, marks_text=True)

    def default(self) -> None:
        first = (self.reader.next(),) if not self.reader.at("(") else ()
        rest = self.reader.until(lambda: at_clause(self.reader) or self.reader.at_any(_NO_VALUES))
        value = marked((*first, *rest), marks_text=True)
        self.once("default", value)
        if value.unwrapped.text.upper() == "NULL":
            self.add(options=(*self.found.options, NULL_DEFAULT))

    def check(self) -> None:
        inner = self.reader.group()
        self.reader.take("ENFORCED")
        self.add(checks=(*self.found.checks, Check(self.expression(inner), self.name)))

    def collate(self) -> None:
        first = self.reader.name()
        self.once(
            "collation", qualified(first, self.reader.name()) if self.reader.take(".") else first
        )

    def unique(self) -> None:
        self.reader.take("KEY")
        distinct = read_nulls(self.reader)
        deferral = read_deferral(self.reader)
        conflict = read_conflict(self.reader)
        unique = Unique(
            (self.column,), self.name, deferral, nulls_distinct=distinct, conflict=conflict
        )
        self.add(uniques=(*self.found.uniques, unique))

    def key(self) -> None:
        key = PrimaryKey((self.column,), self.name, read_conflict(self.reader))
        self.once("primary_key", key)

    def not_null(self) -> None:
        self.add(null=False)
        self.conflict(read_conflict(self.reader))

    def on_conflict(self) -> None:
        """Read what belongs to the words that Peewee writes before all clauses."""
        word = self.reader.name().upper()
        if self.found.before == "PRIMARY KEY":
            self.add(primary_key=PrimaryKey((self.column,), conflict=word))
        else:
            self.conflict(word)

    def conflict(self, word: str | None) -> None:
        if word not in (None, "ABORT"):
            self.option(f"{ON_CONFLICT}{word}")

    def references(self) -> None:
        reference = read_reference(self.reader, (self.column,), self.name)
        self.add(references=(*self.found.references, reference))

    def computed(self) -> None:
        expression = self.expression(self.reader.group())
        stored = self.reader.take("STORED") or self.reader.take("PERSISTENT")
        if not stored:
            self.reader.take("VIRTUAL")
        self.once("computed", Computed(expression, stored))

    def generated(self) -> None:
        always = self.reader.take("ALWAYS")
        if not always:
            self.reader.expect("BY", "DEFAULT")
        self.reader.expect("AS")
        if self.reader.take("IDENTITY"):
            self.add(numbering="IDENTITY_ALWAYS" if always else "IDENTITY")
        elif always:
            self.computed()
        else:
            raise self.reader.wrong()

    def comment(self) -> None:
        self.once("comment", self.reader.text())

    def option(self, word: str) -> None:
        self.add(options=tuple(dict.fromkeys((*self.found.options, word))))

    def on_update(self) -> None:
        first = self.reader.next()
        time = first.value.upper()
        if time not in ("CURRENT_TIMESTAMP", "NOW", "LOCALTIMESTAMP", "LOCALTIME"):
            raise self.reader.wrong()
        digits = "".join(each.value for each in self.reader.group()) if self.reader.at("(") else ""
        self.option("ON UPDATE CURRENT_TIMESTAMP" + (f"({digits})" if digits else ""))

    def character_set(self) -> None:
        self.reader.take("=")
        self.option(f"CHARACTER SET {self.reader.name()}")


def _option(word: str) -> Callable[[_Clauses], None]:
    return lambda clauses: clauses.option(word)


def _setting(**attributes: object) -> Callable[[_Clauses], None]:
    return lambda clauses: clauses.add(**attributes)


#: Words that end a default, though they begin no clause that is understood.
_NO_VALUES = ("DEFERRABLE", "INITIALLY", "INVISIBLE", "NOT", "ON", "STORED", "VIRTUAL", "VISIBLE")

#: The words with which a clause begins -> what reads the rest of it; longer words first.
_READERS: dict[tuple[str, ...], Callable[[_Clauses], None]] = {
    ("DEFAULT",): _Clauses.default,
    ("CHECK",): _Clauses.check,
    ("COLLATE",): _Clauses.collate,
    ("NOT", "NULL"): _Clauses.not_null,
    ("NULL",): _setting(null=True),
    ("PRIMARY", "KEY"): _Clauses.key,
    ("UNIQUE",): _Clauses.unique,
    ("REFERENCES",): _Clauses.references,
    ("GENERATED",): _Clauses.generated,
    ("AS",): _Clauses.computed,
    ("AUTOINCREMENT",): _setting(numbering="AUTOINCREMENT"),
    ("AUTO_INCREMENT",): _setting(numbering="AUTO"),
    ("COMMENT",): _Clauses.comment,
    ("UNSIGNED",): _option("UNSIGNED"),
    ("ZEROFILL",): _option("ZEROFILL"),
    ("ON", "UPDATE"): _Clauses.on_update,
    ("CHARACTER", "SET"): _Clauses.character_set,
    ("CHARSET",): _Clauses.character_set,
}


def _action(reader: Reader) -> str:
    first = reader.name()
    two_words = first.upper() in ("SET", "NO")
    return f"{first} {reader.name()}" if two_words else first
