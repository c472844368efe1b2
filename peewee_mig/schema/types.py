"""Logical column types: Peewee's own ``field_type`` words with their modifiers.

A dialect turns them into its own words; nothing here knows a database.
"""

from __future__ import annotations

import re
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


@dataclass(frozen=True, slots=True, order=True)
class ColumnType:
    """A logical type such as ``VARCHAR(255)``; ``args`` are its modifiers.

    ``dimensions``: those of an array, 0 for none. A type that is none of Peewee's is native:
    its name is spelled as the catalog does, modifiers included, never in capitals only
    (``citext``, ``int(10) unsigned``), and means what the database makes of it.
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
