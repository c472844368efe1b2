"""pull: write Peewee models for a database that exists; changes nothing in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from peewee_mig.commands.migrate import open_database
from peewee_mig.commands.project import Project
from peewee_mig.commands.pull_choice import chosen, chosen_beside, is_asked, matches, sound
from peewee_mig.commands.pull_files import refuse_existing, write_all
from peewee_mig.declare import Declaration
from peewee_mig.dialects.base import Dialect, Inspection
from peewee_mig.dialects.declaring import declaring
from peewee_mig.dialects.recognize import recognize, settle, without_declared
from peewee_mig.diff import diff
from peewee_mig.errors import ModelError, UsageError, nearest, same_command
from peewee_mig.history.table import HistoryTable
from peewee_mig.operations import describe
from peewee_mig.runner.catalog import Speller, read_catalog, read_declarations
from peewee_mig.runner.connect import need_file
from peewee_mig.schema.names import schema_of
from peewee_mig.schema.objects import ForeignKey
from peewee_mig.schema.schema import Schema

if TYPE_CHECKING:
    from peewee_mig.sources.written.modules import Module

#: The kind of what is left where the models that were written cannot be read.
UNREAD = "model"

Split = Literal["none", "schema", "prefix"]


@dataclass(frozen=True, slots=True)
class Left:
    """What the database has and the models do not say."""

    kind: str
    name: str
    detail: str = ""

    def __str__(self) -> str:
        """Return one line for people."""
        return f"{self.kind} {self.name}" + (f": {self.detail}" if self.detail else "")


@dataclass(frozen=True, slots=True)
class Pulled:
    """The modules that were written, and what they leave out.

    ``files``: path and text of each; a path is relative to the output, ``models.py`` for the only
    one. ``written``: those on disk.
    """

    database: str
    files: tuple[tuple[str, str], ...]
    tables: int
    left: tuple[Left, ...] = ()
    notes: tuple[str, ...] = ()
    written: tuple[Path, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether ``generate`` can read the models."""
        return all(each.kind != UNREAD for each in self.left)

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "database": self.database,
            "ok": self.is_sound,
            "files": [{"path": path, "text": text} for path, text in self.files],
            "tables": self.tables,
            "left": [asdict(each) for each in self.left],
            "notes": list(self.notes),
            "written": [str(path) for path in self.written],
        }


def pull(
    project: Project,
    *,
    output: Path | None = None,
    split: Split = "none",
    schemas: Sequence[str] = (),
    tables: Sequence[str] = (),
    prefix: str = "",
) -> Pulled:
    """Write models for the tables of a database; ``output``: a new file or folder.

    ``schemas``: those to read beside that of the connection; ``tables``: patterns of names, all if
    there are none; ``prefix``: of tables, left out of names in Python. The models are read
    again before anything is written, and what they say otherwise than the database is in ``left``.
    """
    if output is not None:
        refuse_existing(output)
    with open_database(project, create=False) as connection:
        need_file(connection)
        own = HistoryTable(connection.dialect, project.history_table).own
        query, label = connection.session.query, connection.session.label
        found = read_catalog(
            connection.dialect, query, own, schemas=schemas, without=project.without
        )
        if not any(matches(name, tables) for name in found.schema.names):
            raise UsageError(
                f"there is no table to write a model for in {label}",
                hint=_known(found.schema, tables),
            )
        speller = Speller(connection.dialect, query, assumes=True)
        declared = read_declarations(connection.dialect, query, schemas, project.without)
        modules, left = write_for(
            found, speller, split=split, tables=tables, prefix=prefix, declared=declared
        )
    notes = (*found.notes, *speller.notes, *_empty(schemas, found))
    files = tuple((str(module.path), module.text) for module in modules)
    written = () if output is None else write_all(output, modules)
    count = _count(chosen(found.schema, tables), connection.dialect.name)
    return Pulled(label, files, count, left, notes, written)


def _count(schema: Schema, engine: str) -> int:
    """Return how many tables have a model."""
    from peewee_mig.sources.written import full_text

    search = [*full_text.written(schema)] if engine == "sqlite" else []
    return len(schema.tables) + len(search)


def _empty(schemas: Sequence[str], found: Inspection) -> Iterator[str]:
    """Yield a note for each schema that was asked for and gave no table of its own."""
    there = {schema_of(name) for name in found.schema.names}
    for name in schemas:
        if name not in there:
            yield f"--schema {name} adds no table to those of the connection's own schema"


def write_for(
    found: Inspection,
    speller: Speller,
    *,
    split: Split = "none",
    tables: Sequence[str] = (),
    prefix: str = "",
    declared: Sequence[Declaration] = (),
) -> tuple[tuple[Module, ...], tuple[Left, ...]]:
    """Write models for what a catalog holds; return them, and what they do not say.

    ``declared``: what else models can declare.
    """
    whole = declaring(found, speller.dialect)
    schema = chosen(whole, tables)
    beside = chosen_beside(declared, whole, schema, tables)
    modules = _modules(schema, speller.dialect, split, prefix, beside)
    left = (*_keys_left(whole, schema), *_not_said(found, schema, modules, speller, tables))
    return modules, left


def _known(schema: Schema, patterns: Sequence[str]) -> str:
    if not patterns:
        return "check the database; --schema NAME reads the tables of another schema, too"
    near = nearest(patterns[0], schema.names)
    meant = [same_command("--table", near, in_place_of=["--table", patterns[0]])] if near else []
    return "; ".join([*meant, f"its tables: {', '.join(sorted(schema.names)) or 'none'}"])


def _modules(
    schema: Schema, dialect: Dialect, split: Split, prefix: str, declared: Sequence[Declaration]
) -> tuple[Module, ...]:
    from peewee_mig.sources.written import order
    from peewee_mig.sources.written.modules import write_models

    places = {"none": order.one_module, "schema": order.by_schema}
    place = places.get(split) or order.by_prefix(schema)
    return write_models(schema, dialect.name, place=place, prefix=prefix, declared=declared)


# What is left out.


def _keys_left(whole: Schema, schema: Schema) -> Iterator[Left]:
    for table in schema:
        for key in whole.table(table.name).foreign_keys:
            if key not in table.foreign_keys:
                name = f"{table.name} ({', '.join(key.columns)})"
                yield Left("foreign key", name, f"to {key.referred_table}, {_why(key, schema)}")


def _why(key: ForeignKey, schema: Schema) -> str:
    if key.referred_table not in schema:
        return "which has no model here"
    return f"whose {', '.join(key.referred_columns)} is not unique"


def left_beside(
    found: Inspection, schema: Schema, declared: Schema, dialect: Dialect, tables: Sequence[str]
) -> Iterator[Left]:
    """Yield what no model of a table says: views, triggers, and what nobody understands."""
    for each in without_declared(found, declared, dialect).unmanaged:
        is_apart = each.table not in found.schema
        if is_asked(each, schema, tables) if is_apart else each.table in schema:
            yield Left(each.kind, each.name, each.detail)


def _only(found: Inspection, schema: Schema) -> Inspection:
    tables = (found.schema.table(name) for name in schema.names)
    return replace(found, schema=sound(found.schema.with_tables(tables)))


def _not_said(
    found: Inspection,
    schema: Schema,
    modules: Sequence[Module],
    speller: Speller,
    tables: Sequence[str],
) -> Iterator[Left]:
    """Yield what models leave out, or say otherwise than the database."""
    from peewee_mig.sources.written.proof import declared_by

    try:
        declared = declared_by(modules)
    except ModelError as error:
        yield Left(UNREAD, _own(error.where or "models"), _own(error.message))
        return
    yield from left_beside(found, schema, declared, speller.dialect, tables)
    listed = {each.name for each in (*found.unmanaged, *declared.objects)}
    yield from _objects_left(schema, listed)
    yield from _different(_only(found, schema), declared, speller)


def _own(text: str) -> str:
    """Name a module as it is called in the output."""
    return re.sub(r"\bpeewee_mig_written_\d+\.", "", text)


def _different(found: Inspection, declared: Schema, speller: Speller) -> Iterator[Left]:
    """Yield what differs as ``generate`` would see it."""
    respelled = speller.respelled(found, declared)
    reached = settle(recognize(respelled, declared, speller.dialect), declared)
    for operation in diff(declared, reached):
        yield Left("difference", describe(operation))


def _objects_left(schema: Schema, listed: Collection[str]) -> Iterator[Left]:
    for each in schema.objects:
        if each.name not in listed:
            yield Left(type(each).__name__.lower(), each.name, "no model uses it")
