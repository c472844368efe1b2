"""What a table has behind its columns: ``Meta.table_settings`` and its neighbours."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from peewee import Model

from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import PARTITION_BY, TABLESPACE, Options
from peewee_mig.sources.index_parts import read_part
from peewee_mig.sources.marks import read_marks
from peewee_mig.sources.reader import Reader, spell, split

#: Settings of MySQL and MariaDB that have a value -> what they are called here.
_VALUED = {
    "AUTO_INCREMENT": "AUTO_INCREMENT",
    "AVG_ROW_LENGTH": "AVG_ROW_LENGTH",
    "CHARACTER SET": "CHARSET",
    "CHARSET": "CHARSET",
    "CHECKSUM": "CHECKSUM",
    "COLLATE": "COLLATE",
    "DELAY_KEY_WRITE": "DELAY_KEY_WRITE",
    "ENCRYPTED": "ENCRYPTED",
    "ENCRYPTION": "ENCRYPTION",
    "ENGINE": "ENGINE",
    "KEY_BLOCK_SIZE": "KEY_BLOCK_SIZE",
    "MAX_ROWS": "MAX_ROWS",
    "MIN_ROWS": "MIN_ROWS",
    "PACK_KEYS": "PACK_KEYS",
    "PAGE_CHECKSUM": "PAGE_CHECKSUM",
    "PAGE_COMPRESSED": "PAGE_COMPRESSED",
    "PAGE_COMPRESSION_LEVEL": "PAGE_COMPRESSION_LEVEL",
    "ROW_FORMAT": "ROW_FORMAT",
    "STATS_AUTO_RECALC": "STATS_AUTO_RECALC",
    "STATS_PERSISTENT": "STATS_PERSISTENT",
    "STATS_SAMPLE_PAGES": "STATS_SAMPLE_PAGES",
    "TRANSACTIONAL": "TRANSACTIONAL",
}

#: Values whose case counts.
_AS_WRITTEN = ("ENGINE", "CHARSET", "COLLATE")


#: How PostgreSQL partitions a table.
_METHODS = ("RANGE", "LIST", "HASH")


_INHERITS = (
    "has INHERITS in Meta.table_settings: PostgreSQL would change its columns with those of the"
    " other table, unseen; declare them here, and select from both tables by a View"
)


def read_options(model: type[Model]) -> Options:
    """Read the comment and the settings; :exc:`ValueError` for what is not understood.

    The words are ``STRICT``, ``WITHOUT ROWID``, ``ENGINE=InnoDB``, ``CHARSET=utf8mb4``,
    ``UNLOGGED``, ``TABLESPACE fast``, ``USING columnar``, ``PARTITION BY RANGE("at")``, and
    ``fillfactor=70`` for what is in ``WITH (…)``.
    """
    meta: Any = model._meta
    if meta.options:
        raise ValueError("has Meta.options, which only a virtual table can have")
    columns = tuple(field.column_name for field in meta.sorted_fields)
    texts = _texts(meta.table_settings)
    words = [word for text in texts for word in _words(Reader.of(text), columns)]
    words += ["STRICT"] if getattr(meta, "strict_tables", None) else []
    words += ["WITHOUT ROWID"] if meta.without_rowid else []
    comments = [word.removeprefix(_COMMENT) for word in words if word.startswith(_COMMENT)]
    comment = read_marks(model).comment or getattr(meta, "comment", None)
    plain = dict.fromkeys(word for word in words if not word.startswith(_COMMENT))
    return Options(tuple(plain), comment or (comments[-1] if comments else None))


_COMMENT = "COMMENT="


def _texts(settings: object) -> Iterator[str]:
    for each in settings if isinstance(settings, list | tuple) else [settings]:
        if isinstance(each, str):
            yield each
        elif each is not None:
            raise ValueError(f"has {each!r} in Meta.table_settings, which is no text")


def _words(reader: Reader, columns: Collection[str]) -> Iterator[str]:
    while reader:
        if reader.take("PARTITION", "BY"):
            yield _partitions(reader, columns)
        elif not reader.take(","):
            yield from _setting(reader)


def _partitions(reader: Reader, columns: Collection[str]) -> str:
    """Read how PostgreSQL partitions a table."""
    method = next((word for word in _METHODS if reader.take(word)), None)
    if method is None:
        raise reader.wrong()
    parts = (read_part(part, columns) for part in split(reader.group()))
    key = Expression(f"{method} ({', '.join(map(str, parts))})")
    if not key.names & {*columns}:
        raise reader.wrong()
    return PARTITION_BY + key.text


def _setting(reader: Reader) -> Iterator[str]:
    if reader.at("INHERITS"):
        raise ValueError(_INHERITS)
    if reader.take("STRICT"):
        yield "STRICT"
    elif reader.take("WITHOUT", "ROWID"):
        yield "WITHOUT ROWID"
    elif reader.take("UNLOGGED"):
        yield "UNLOGGED"
    elif reader.take("WITH"):
        yield from storage(reader)
    elif reader.take("TABLESPACE"):
        yield f"{TABLESPACE}{reader.name()}"
    elif reader.take("USING"):
        yield f"USING {reader.name().lower()}"
    elif reader.take("COMMENT"):
        reader.take("=")
        yield _COMMENT + reader.text()
    else:
        yield _valued(reader)


def storage(reader: Reader) -> Iterator[str]:
    """Yield what stands in the parentheses behind WITH, as ``fillfactor=70``."""
    for part in split(reader.group()):
        inner = Reader(part)
        name = spell(inner.until(lambda inner=inner: inner.at("="))).replace(" ", "").lower()  # type: ignore[misc]
        if not name:
            raise reader.wrong()
        yield f"{name}={spell(inner.rest()).lower()}" if inner.take("=") else f"{name}=true"


def _valued(reader: Reader) -> str:
    reader.take("DEFAULT")
    for words, name in _VALUED.items():
        if reader.take(*words.split()):
            reader.take("=")
            value = reader.next()
            plain = value.value if name in _AS_WRITTEN else str(value).upper()
            return f"{name}={plain}"
    raise reader.wrong()
