"""The attributes of schema values in words, for people."""

from __future__ import annotations

from peewee_mig.schema.objects import ON_CONFLICT, Column, Index, Options, PrimaryKey, Unique


def column_words(column: Column) -> str:
    """Say the type of a column, whether it takes NULL, and what else it has."""
    words = [str(column.type), "NULL" if column.null else "NOT NULL"]
    if column.default is not None:
        words.append(f"DEFAULT {column.default}")
    if column.computed is not None:
        kind = "STORED" if column.computed.stored else "VIRTUAL"
        words.append(f"GENERATED ALWAYS AS ({column.computed.expression}) {kind}")
    words += [f"COLLATE {column.collation}"] if column.collation else []
    words += [f"SEQUENCE {column.sequence}"] if column.sequence else []
    words += column.options
    words += [f"COMMENT {column.comment!r}"] if column.comment is not None else []
    return " ".join(words)


def index_words(index: Index) -> str:
    """Say what an index is over, and what else it has, but not whether it is unique."""
    parts = ", ".join(map(str, index.parts)) or ", ".join(index.columns)
    words = [f"USING {index.using}"] if index.using else []
    words.append(f"({parts})")
    words += [f"INCLUDE ({', '.join(index.include)})"] if index.include else []
    words += [] if index.nulls_distinct else ["NULLS NOT DISTINCT"]
    words += [f"WITH ({', '.join(index.options)})"] if index.options else []
    words += [f"WHERE {index.where}"] if index.where else []
    return " ".join(words)


def unique_words(unique: Unique) -> str:
    """Say what a unique constraint is over, and what else it has."""
    nulls = "" if unique.nulls_distinct else " NULLS NOT DISTINCT"
    more = deferrable_words(unique.deferrable) + conflict_words(unique.conflict)
    return f"({', '.join(unique.columns)}){nulls}{more}"


def primary_key_words(key: PrimaryKey) -> str:
    """Say what a primary key is over, and what else it has."""
    name = f" named {key.name}" if key.name else ""
    return f"({', '.join(key.columns)}){conflict_words(key.conflict)}{name}"


def options_words(options: Options) -> str:
    """Say the options and the comment of a table."""
    words = ", ".join(options.words)
    if options.comment is not None:
        words = f"{words} COMMENT {options.comment!r}".strip()
    return words or "(none)"


def conflict_words(word: str | None) -> str:
    """Say what SQLite does with a row in the way, if that is not as usual; with a blank before."""
    return f" {ON_CONFLICT}{word}" if word else ""


def deferrable_words(words: str | None) -> str:
    """Say when a constraint is checked, if not at once; with a blank before."""
    return f" DEFERRABLE {words}" if words else ""
