"""Gives a migration another parent that leads to the same schema: its text, and its snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from peewee_mig.history.editing import with_list
from peewee_mig.history.folder import History
from peewee_mig.history.module import parse_module
from peewee_mig.history.snapshots import read_snapshot, spell
from peewee_mig.history.writing import write_file


def reparent(history: History, name: str, names: Mapping[str, str]) -> tuple[Path, Path]:
    """Write a module and its snapshot with other names of parents; return both paths.

    What else is in the text stays as it is. What a migration depends on is no part of its
    checksum.
    """
    path, snapshot_path = history.module_path(name), history.snapshot_path(name)
    migration, snapshot = history.modules[name], read_snapshot(snapshot_path)
    on = [names.get(each, each) for each in migration.depends_on]
    source = with_list(migration.source, "depends_on", on, behind=["format"])
    parse_module(path, source)
    parents = {names.get(each, each): hash_ for each, hash_ in snapshot.parents.items()}
    write_file(snapshot_path, spell(replace(snapshot, parents=parents)))
    write_file(path, source.decode())
    return path, snapshot_path
