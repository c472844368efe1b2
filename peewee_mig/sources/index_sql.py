"""Indexes in raw SQL: ``SQL('CREATE INDEX …')`` in ``Meta.indexes``."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import TABLESPACE, Index
from peewee_mig.sources.clauses import read_nulls
from peewee_mig.sources.index_parts import read_part
from peewee_mig.sources.reader import Reader, column_names, marked, split
from peewee_mig.sources.settings import storage


@dataclass(frozen=True, slots=True)
class RawIndex:
    """An index, and the table that its SQL names."""

    table: str
    index: Index


def read_create_index(sql: str, columns: Collection[str]) -> RawIndex:
    """Read a statement that creates an index; :exc:`ValueError` for what is not understood."""
    reader = Reader.of(sql)
    reader.expect("CREATE")
    unique = reader.take("UNIQUE")
    using = next((w.lower() for w in ("FULLTEXT", "SPATIAL") if reader.take(w)), None)
    reader.expect("INDEX")
    reader.take("CONCURRENTLY")
    reader.take("IF", "NOT", "EXISTS")
    name = bare(reader.qualified())
    using = read_method(reader) or using
    reader.expect("ON")
    reader.take("ONLY")
    table = reader.qualified()
    using = read_method(reader) or using
    parts = tuple(read_part(part, columns) for part in split(reader.group()))
    using = read_method(reader) or using
    index = Index(
        name,
        (),
        unique=unique,
        named=True,
        parts=parts,
        using=using,
        include=column_names(reader.group(), columns) if reader.take("INCLUDE") else (),
        nulls_distinct=read_nulls(reader),
        options=(*(storage(reader) if reader.take("WITH") else ()), *_tablespace(reader)),
        where=_where(reader, columns),
    )
    reader.take(";")
    reader.end()
    return RawIndex(table, index)


def read_method(reader: Reader) -> str | None:
    """Read the method of an index, if it says one."""
    return reader.name().lower() if reader.take("USING") else None


def _tablespace(reader: Reader) -> Iterator[str]:
    if reader.take("TABLESPACE"):
        yield f"{TABLESPACE}{reader.name()}"


def _where(reader: Reader, columns: Collection[str]) -> Expression | None:
    if not reader.take("WHERE"):
        return None
    return marked(reader.until(lambda: reader.at(";")), columns)
