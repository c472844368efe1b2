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
    "BARE": (0,),
    "BIGAUTO": (0,),
    "BIGINT": (0,),
    "BLOB": (0,),
    "BOOL": (0,),
    "CHAR": (0, 1),
    "DATE": (0,),
    "DATETIME": (0,),
    "DECIMAL": (2,),
    "DOUBLE": (0,),
    "FLOAT": (0,),
    "IDENTITY": (0,),
    "IDENTITY_ALWAYS": (0,),
    "INT": (0,),
    "JSON": (0,),
    "SMALLINT": (0,),
    "TEXT": (0,),
    "TIME": (0,),
    "UUID": (0,),
    "UUIDB": (0,),
    "VARCHAR": (0, 1),
}

#: Types whose values the database numbers itself -> the plain type that a key to them has.
PLAIN_OF_AUTO: dict[str, str] = {
    "AUTO": "INT",
    "BIGAUTO": "BIGINT",
    "IDENTITY": "INT",
    "IDENTITY_ALWAYS": "INT",
}

_SPELLING = re.compile(r"([A-Z_]+)(?:\(([0-9]+(?:, ?[0-9]+)*)\))?")


@dataclass(frozen=True, slots=True, order=True)
class ColumnType:
    """A logical type such as ``VARCHAR(255)``; ``args`` are its modifiers.

    A type that only some database has, as its catalog spells it (``inet``), is native: it
    is found in databases, never in models, snapshots or migrations.
    """

    name: str
    args: tuple[int, ...] = ()

    def __str__(self) -> str:
        """Spell the type as snapshots and migrations do."""
        return f"{self.name}({', '.join(map(str, self.args))})" if self.args else self.name

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


def parse_type(text: str) -> ColumnType:
    """Read a spelling of :class:`ColumnType`; :exc:`SchemaError` for an unknown one."""
    match = _SPELLING.fullmatch(text)
    if match is None or match[1] not in ARITY:
        raise SchemaError(
            f"unknown column type {text!r}",
            hint=f"write one of {', '.join(sorted(ARITY))}, with its modifiers in parentheses;"
            " a type that a newer peewee-mig wrote needs that version",
        )
    args = tuple(int(part) for part in match[2].split(",")) if match[2] else ()
    if len(args) not in ARITY[match[1]]:
        raise SchemaError(
            f"column type {text!r} has {len(args)} modifiers",
            hint=f"{match[1]} takes {' or '.join(map(str, ARITY[match[1]]))}",
        )
    return ColumnType(match[1], args)
