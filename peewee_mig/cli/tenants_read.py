"""status, diff and baseline over tenants."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from peewee_mig.cli.common import Run
from peewee_mig.cli.tenants import Over, Told, need_tenants

if TYPE_CHECKING:
    from peewee_mig.commands.baseline import Baselined
    from peewee_mig.commands.drift import Drifted
    from peewee_mig.commands.project import Project
    from peewee_mig.commands.status import Status
    from peewee_mig.runner.events import Listener


def status_of_tenants(run: Run, *, check: bool, jobs: int) -> int:
    """Show where each tenant stands."""
    from peewee_mig.commands.status import status
    from peewee_mig.history.folder import read_history

    tenants = need_tenants(run)
    history = read_history(tenants.project.directory)

    def work(project: Project, _: Listener) -> Status:
        return status(project, history=history)

    def told(result: Status) -> Told:
        code = 1 if check and not result.ok else 0
        newest = result.newest or "nothing applied"
        pending = f"{newest}  {result.pending} pending"
        if result.problems:
            return Told("wrong", f"{newest}  {'; '.join(result.problems)}", code)
        if result.pending:
            return Told("pending", pending, code)
        return Told("up to date", f"{newest}  up to date", code)

    return Over(run, tenants, work, told, jobs, stops=False).each().finish()


def diff_tenants(run: Run, compare: Callable[[Project], Drifted], *, strict: bool) -> int:
    """Compare each tenant, one after the other; ``diff --tenant`` shows more of one."""

    def told(result: Drifted) -> Told:
        if not result.is_clean:
            lines = result.drift.lines or ("more than migrations describe",)
            more = f"; and {len(lines) - 1} more" if len(lines) > 1 else ""
            return Told("differs", f"differs: {lines[0]}{more}", 1)
        code = 1 if strict and result.drift.apart else 0
        return Told("as expected", f"as {result.against} says", code)

    over = Over(run, need_tenants(run), lambda project, _: compare(project), told, stops=False)
    return over.each().finish()


def baseline_tenants(
    run: Run, record: Callable[[Project, Listener], Baselined], *, on_failure: str
) -> int:
    """Record what each tenant has, one after the other."""

    def told(result: Baselined) -> Told:
        pending = f", {len(result.pending)} pending" if result.pending else ""
        state = "recorded" if result.changed else "unchanged"
        return Told(state, f"at {result.target}{pending}")

    over = Over(run, need_tenants(run), record, told, stops=on_failure == "stop")
    return over.each().finish()
