"""What mypy has to find; each line says which error."""

from __future__ import annotations

from peewee_mig import Event, Migrator


def told(event: str) -> None:
    """Take what is no event."""


migrator = Migrator("sqlite:///x", directory="m", on_event=told)  # arg-type
Migrator(42, directory="m")  # arg-type
Migrator("sqlite:///x")  # call-arg
Migrator("sqlite:///x", directory="m", unsupported="maybe")  # arg-type
migrator.ensure_current("always")  # arg-type
migrator.migrate(fills={"a.b": 1})  # dict-item
migrator.wait_lock = 1  # misc
name: int = migrator.status().rows[0].name  # assignment
Event("nothing")  # arg-type
