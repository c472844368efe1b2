"""Logical column types: Peewee's own ``field_type`` words with their modifiers.

A dialect turns them into its own words; nothing here knows a database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from peewee_mig.errors import SchemaError

#: Logical type -> the numbers of modifiers it may carry.
#: Source: ``peewee.FIELD`` and the ``field_type`` of each field class (Peewee 4.5.3).
ARITY: dict[str, tuple[int, ...]] = {
    "ANY": (0,),
    "AUTO": (0,),
    "AUTOINCREMENT": (0,),
    "BARE": (0,),
    "BIGAUTO": (0,),
    "BIGIDENTITY": (0,),
    "BIGIDENTITY_ALWAYS": (0,),
    "BIGINT": (0,),
    "BLOB": (0,),
    "BOOL": (0,),
    "CHAR": (0, 1),
    "DATE": (0,),
    "DATETIME": (0,),
    "DECIMAL": (2,),
    "DOUBLE": (0,),
    "FLOAT": (0,),
    "HSTORE": (0,),
    "IDENTITY": (0,),
    "IDENTITY_ALWAYS": (0,),
    "INT": (0,),
    "INTERVAL": (0,),
    "JSON": (0,),
    "JSONB": (0,),
    "SMALLINT": (0,),
    "TEXT": (0,),
    "TIME": (0,),
    "TIMESTAMPTZ": (0,),
    "TSVECTOR": (0,),
    "UUID": (0,),
    "UUIDB": (0,),
    "VARCHAR": (0, 1),
}

#: Types whose values the database numbers itself -> the plain type that a key to them has.
PLAIN_OF_AUTO: dict[str, str] = {
    "AUTO": "INT",
    "AUTOINCREMENT": "INT",
    "BIGAUTO": "BIGINT",
    "BIGIDENTITY": "BIGINT",
    "BIGIDENTITY_ALWAYS": "BIGINT",
    "IDENTITY": "INT",
    "IDENTITY_ALWAYS": "INT",
}

_SPELLING = re.compile(r"([A-Z_]+)(?:\(([0-9]+(?:, ?[0-9]+)*)\))?((?:\[\])*)")
_DIMENSION = "[]"

#: The engines that a type can be said for, in the order in which it is spelled.
_ENGINES = ("mysql", "postgres", "sqlite")
_FOR_ENGINE = re.compile(rf"({'|'.join(_ENGINES)}): (.+)")
_BETWEEN = "; "


@dataclass(frozen=True, slots=True, order=True)
class ColumnType:
    """A logical type such as ``VARCHAR(255)``; ``args`` are its modifiers.

    ``dimensions``: those of an array, 0 for none. A type that is none of Peewee's is native:
    its name is spelled as the catalog does, modifiers included, never in capitals only
    (``citext``, ``int(10) unsigned``), and means what the database makes of it. A type that each
    engine has its own of is spelled ``postgres: inet; VARCHAR(45)`` (see :func:`type_by_engine`).
    """

    name: str
    args: tuple[int, ...] = ()
    dimensions: int = 0

    def __str__(self) -> str:
        """Spell the type as snapshots and migrations do."""
        words = f"{self.name}({', '.join(map(str, self.args))})" if self.args else self.name
        return words + _DIMENSION * self.dimensions

    @property
    def native(self) -> bool:
        """Whether the type is none of Peewee's."""
        return self.name not in ARITY

    @property
    def by_engine(self) -> bool:
        """Whether it is another type on another engine."""
        return _FOR_ENGINE.match(self.name) is not None

    def on(self, engine: str) -> ColumnType:
        """Return the type that it is on an engine."""
        if not self.by_engine:
            return self
        for part in self.name.split(_BETWEEN):
            match = _FOR_ENGINE.fullmatch(part)
            if match is None or match[1] == engine:
                return parse_type(match[2] if match else part)
        raise SchemaError(f"type {self.name!r} is said for no other engine")

    @property
    def auto(self) -> bool:
        """Whether the database numbers the values itself."""
        return self.name in PLAIN_OF_AUTO

    @property
    def plain(self) -> ColumnType:
        """The type without its numbering: what a foreign key to it has."""
        return ColumnType(PLAIN_OF_AUTO[self.name]) if self.auto else self

    @property
    def limit(self) -> int:
        """The most characters of a text; 0: any number. CHAR alone is CHAR(1), as SQL says."""
        if self.name not in ("CHAR", "VARCHAR"):
            return 0
        return self.args[0] if self.args else int(self.name == "CHAR")

    @property
    def element(self) -> ColumnType:
        """The type of what an array holds; the type itself if it is none."""
        return ColumnType(self.name, self.args)


def type_by_engine(types: Mapping[str, ColumnType]) -> ColumnType:
    """Return the type that stands for others: by engine, and for all others under ``""``."""
    if unknown := sorted(types.keys() - {*_ENGINES, ""}):
        raise SchemaError(
            f"a type is said for {unknown[0]!r}", hint=f"one of {', '.join(_ENGINES)}, or ''"
        )
    if "" not in types:
        raise SchemaError("a type is said for some engines only", hint="say the others under ''")
    others = types[""]
    found = [(name, types[name]) for name in _ENGINES if types.get(name, others) != others]
    if any(each.by_engine or each.auto or _BETWEEN in str(each) for each in types.values()):
        raise SchemaError("a type by engine is a plain one on each of them")
    if not found:
        return others
    words = [*(f"{name}: {each}" for name, each in found), str(others)]
    return ColumnType(_BETWEEN.join(words))


def _read_by_engine(text: str) -> ColumnType | None:
    """Read a spelling of a type by engine; ``None`` if it is none in its normal form."""
    *parts, others = text.split(_BETWEEN)
    matches = [_FOR_ENGINE.fullmatch(part) for part in parts]
    said = {match[1]: parse_type(match[2]) for match in matches if match}
    if len(said) != len(parts) or _FOR_ENGINE.match(others):
        return None
    found = type_by_engine({**said, "": parse_type(others)})
    return found if str(found) == text else None


def native_type(words: str) -> ColumnType:
    """Return a type of a database in the words of its catalog.

    Blanks are normal, and capitals small unless they are in quotation marks: the words of
    Peewee's own types have capitals only.
    """
    parts = re.split(r"""("[^"]*"|'[^']*')""", " ".join(words.split()))
    lowered = "".join(part if part[:1] in ("'", '"') else part.lower() for part in parts)
    dimensions = 0
    while lowered.endswith(_DIMENSION):
        lowered = lowered.removesuffix(_DIMENSION).rstrip()
        dimensions += 1
    return ColumnType(lowered, (), dimensions)


def parse_type(text: str) -> ColumnType:
    """Read a spelling of :class:`ColumnType`; :exc:`SchemaError` for an unknown one."""
    if _FOR_ENGINE.match(text):
        found = _read_by_engine(text)
        if found is None:
            raise SchemaError(
                f"unknown column type {text!r}",
                hint="write it as models say it: by engine in the order of the alphabet, then what"
                " all others have",
            )
        return found
    match = _SPELLING.fullmatch(text)
    if match is None and text and text == str(native_type(text)):
        return native_type(text)
    if match is None or match[1] not in ARITY:
        raise SchemaError(
            f"unknown column type {text!r}",
            hint=f"write one of {', '.join(sorted(ARITY))}, with its modifiers in parentheses;"
            " a type of the database in small letters; a type that a newer peewee-mig wrote"
            " needs that version",
        )
    args = tuple(int(part) for part in match[2].split(",")) if match[2] else ()
    if len(args) not in ARITY[match[1]]:
        raise SchemaError(
            f"column type {text!r} has {len(args)} modifiers",
            hint=f"{match[1]} takes {' or '.join(map(str, ARITY[match[1]]))}",
        )
    return ColumnType(match[1], args, match[3].count(_DIMENSION))
