"""How a program starts: typed, every call and every field that docs/how-to/library.md names."""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

from peewee import SqliteDatabase

from peewee_mig import Event, Migrator
from peewee_mig.errors import ConsentError, MigError, NotCurrentError
from peewee_mig.migrator import Checked, Migrated, Plan, PlannedMigration, Status
from shop import models


class Progress:
    """Counts what happens."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.done: list[str] = []
        self.rows = 0
        self.waited = 0.0

    def __call__(self, event: Event) -> None:
        """Take note of an event."""
        if event.kind == "done":
            self.done.append(f"{event.migration} {event.direction}")
        elif event.kind == "executed":
            self.rows += event.rows or 0
            self.waited += event.waited


def migrator_of(file: Path, told: Progress) -> Migrator:
    """Return the migrator of a file."""
    database = SqliteDatabase(str(file), pragmas={"foreign_keys": 1})
    models.database.initialize(database)
    return Migrator(
        models.database,
        directory="shop:migrations",
        models=[models.Category, models.Product, models, "shop.models"],
        engines=["sqlite", "postgres"],
        unsupported="refuse",
        history_table="shop_history",
        lock_timeout=5,
        statement_timeout=0,
        wait_lock=30,
        on_event=told,
    )


def words(plan: Plan) -> list[str]:
    """Say what would happen."""
    migrations: tuple[PlannedMigration, ...] = plan.migrations
    losses = [f"loses {loss.name}: {loss.rows}" for loss in plan.losses]
    return [f"{each.name}: {'; '.join(each.operations)}" for each in migrations] + losses


def start(file: Path) -> list[str]:
    """Bring a file up to date, and say what happened."""
    told = Progress()
    migrator = migrator_of(file, told)
    checked: Checked = migrator.check()
    lines = [finding.message for finding in checked.findings] + words(migrator.plan())
    try:
        status: Status = migrator.ensure_current("check", strict=True)
    except NotCurrentError as error:
        names: tuple[str, ...] = error.pending
        lines.append(f"pending: {len(names)}")
        status = migrator.ensure_current("migrate")
    lines.append(f"{status.rows[-1].name} {status.rows[-1].state}")
    return [*lines, *told.done]


def stop(file: Path) -> str:
    """Undo all; say what is in the way."""
    migrator = migrator_of(file, Progress())
    try:
        undone: Migrated = migrator.rollback("zero", allow_data_loss=["product"])
    except ConsentError as error:
        return error.hint
    return ", ".join(each.name for each in undone.applied)


def others(file: Path) -> bool:
    """Use the other ways to say which database and which folder."""
    ways = (
        Migrator(f"sqlite:///{file}", directory=files("shop") / "migrations"),
        Migrator(lambda: file, directory="shop:migrations", models=models),
    )
    return all(each.status().ok is False or each.migrate().up_to_date for each in ways)


if __name__ == "__main__":
    try:
        print("\n".join(start(Path(sys.argv[1]))))
    except MigError as error:
        sys.exit(f"{error.message}: {error.hint}")
