"""migrate, rollback and seed over tenants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from peewee_mig.cli.common import Run
from peewee_mig.cli.run import show_statements
from peewee_mig.cli.tenants import Over, Told, listed, need_tenants

if TYPE_CHECKING:
    from peewee_mig.commands.migrate import Migrated
    from peewee_mig.commands.project import Project
    from peewee_mig.commands.seed import Seeded
    from peewee_mig.commands.seed_units import Wanted
    from peewee_mig.commands.tenants import Tenants
    from peewee_mig.runner.events import Listener


@dataclass(frozen=True)
class Many:
    """migrate or rollback over tenants."""

    run: Run
    verb: str
    jobs: int
    on_failure: str
    dry_run: bool = False
    strict: bool = False

    @cached_property
    def tenants(self) -> Tenants:
        """Those that were chosen."""
        return need_tenants(self.run)

    def migrate(
        self, target: str | None, fills: dict[str, str], wait: float, wait_lock: float
    ) -> int:
        """Apply what each lacks. Nobody is asked; ``--yes`` lands those that were pushed."""
        from peewee_mig.commands.migrate import Shared, migrate
        from peewee_mig.commands.tenants import refuse_relative
        from peewee_mig.history.folder import need_history

        refuse_relative(target, counts=r"[+-]\d+")
        shared = Shared(need_history(self.tenants.project.directory))

        def work(project: Project, listener: Listener) -> Migrated:
            return migrate(
                project,
                target=target,
                dry_run=self.dry_run,
                fills=fills,
                wait=wait,
                wait_lock=wait_lock,
                confirm=(lambda _: True) if self.run.yes else None,
                listener=listener,
                shared=shared,
            )

        return self._each(work)

    def rollback(
        self,
        target: str | None,
        fills: dict[str, str],
        allow_data_loss: tuple[str, ...],
        wait_lock: float,
        *,
        unknown: bool,
    ) -> int:
        """Undo migrations in each; a count would be another one, and again the next time."""
        from peewee_mig.commands.migrate import Shared
        from peewee_mig.commands.rollback import rollback
        from peewee_mig.commands.tenants import refuse_relative
        from peewee_mig.history.folder import need_history

        counts = r"[+-]\d+|[1-9]\d*"
        refuse_relative(target, counts=counts if unknown else f"|{counts}")
        shared = Shared(need_history(self.tenants.project.directory))

        def work(project: Project, listener: Listener) -> Migrated:
            return rollback(
                project,
                target=target,
                unknown=unknown,
                dry_run=self.dry_run,
                fills=fills,
                allow_data_loss=allow_data_loss,
                wait_lock=wait_lock,
                listener=listener,
                shared=shared,
            )

        return self._each(work)

    def _each(self, work: Callable[[Project, Listener], Migrated]) -> int:
        stops = self.on_failure == "stop" and not self.dry_run
        # A hook of the user's may print, and look at the current folder: one at a time.
        jobs = 1 if self.tenants.project.hooks else self.jobs
        tally = Over(self.run, self.tenants, work, self._told, jobs, stops).each()
        if self.dry_run:
            self._show(tally.results)
        return tally.finish()

    def _told(self, result: Migrated) -> Told:
        code = 1 if self.strict and result.warnings else 0
        notes = "".join(f"; {warning}" for warning in result.warnings)
        if result.statements:
            count = sum(not each.startswith("--") for each in result.statements)
            return Told("to change", f"{count} statement{'s'[: count - 1]}{notes}", code)
        count = len(result.applied)
        if not count and not result.landed:
            return Told("up to date", f"up to date{notes}", code)
        seconds = sum(each.seconds for each in result.applied)
        plural = "" if count == 1 else "s"
        recorded = f", {len(result.landed)} recorded" if result.landed else ""
        words = f"{count} migration{plural} {_VERBS[self.verb]}{recorded}  {seconds:.2f} s{notes}"
        return Told(self.verb, words, code)

    def _show(self, results: Sequence[tuple[str, Migrated]]) -> None:
        """Print the statements once for all tenants that they are the same for."""
        own = self.tenants.project.history_table
        groups: dict[tuple[str, ...], list[tuple[str, Migrated]]] = {}
        for name, result in results:  # what is recorded has times in it
            theirs = tuple(each for each in result.statements if own not in each)
            groups.setdefault(theirs, []).append((name, result))
        for group in groups.values():
            statements = group[0][1].statements
            if statements:
                self.run.output.show(f"-- {listed([name for name, _ in group])}:")
                show_statements(self.run.output, statements)


#: State of a tenant -> what was done to its migrations.
_VERBS = {"migrated": "applied", "rolled back": "rolled back"}


def seed_tenants(run: Run, wanted: Wanted, *, on_failure: str, wait_lock: float) -> int:
    """Seed one tenant after the other: the models of a process are bound to one database."""
    from peewee_mig.commands.seed import seed

    def work(project: Project, listener: Listener) -> Seeded:
        return seed(project, wanted, wait_lock=wait_lock, listener=listener)

    def told(result: Seeded) -> Told:
        count = len(result.ran)
        notes = "".join(f"; {warning}" for warning in result.warnings)
        return Told("seeded", f"{count} seed{'' if count == 1 else 's'}{notes}")

    over = Over(run, need_tenants(run), work, told, stops=on_failure == "stop")
    return over.each().finish()
