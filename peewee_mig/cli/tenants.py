"""Commands over many tenants: progress, the errors of each, a summary, one exit code."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from peewee_mig.cli.common import INTERRUPTED, Run, repeated
from peewee_mig.cli.output import Output
from peewee_mig.commands.tenancy.pool import Outcome, run_each
from peewee_mig.errors import MigError, same_command

if TYPE_CHECKING:
    from peewee_mig.commands.project import Project
    from peewee_mig.commands.tenancy.naming import Tenant
    from peewee_mig.commands.tenants import Tenants
    from peewee_mig.runner.events import Event, Listener


class _Result(Protocol):
    def to_json(self) -> dict[str, Any]: ...


R = TypeVar("R", bound=_Result)

#: Words for outcomes that have no result.
FAILED, NOT_BEGUN = "failed", "not begun"


@dataclass(frozen=True, slots=True)
class Told:
    """What a result says about its tenant.

    ``state``: the word that is counted; ``words``: those of its line; ``code``: its exit code.
    """

    state: str
    words: str
    code: int = 0


def need_tenants(run: Run) -> Tenants:
    """Return the tenants that a command is for; :exc:`UsageError` if nothing names them."""
    from peewee_mig.commands import tenants

    return tenants.need_tenants(run.shared_project())


@dataclass(frozen=True)
class Over(Generic[R]):
    """A command over tenants.

    ``work``: does it on one project; ``tell``: says what came out. ``ahead``: what was said of
    all before, for ``--json``.
    """

    run: Run
    tenants: Tenants
    work: Callable[[Project, Listener], R]
    tell: Callable[[R], Told]
    jobs: int = 1
    stops: bool = True
    _errors: dict[tuple[str, ...], str] = field(default_factory=dict)

    def each(self) -> _Tally[R]:
        """Do it, and print lines while it goes on; return the whole."""
        begun = time.monotonic()
        outcomes: list[Outcome[R]] = []
        told = _Voice(self.run.output)

        def work(tenant: Tenant) -> R:
            return self.work(self.tenants.project_of(tenant), told.listener(tenant.name))

        def is_failure(result: R) -> bool:
            return self.tell(result).code > 1

        chosen = self.tenants.chosen
        runs = run_each(chosen, work, jobs=self.jobs, stops=self.stops, is_failure=is_failure)
        interrupted = False
        with _without_stdout(self.run.output):
            try:
                for outcome in runs:
                    outcomes.append(outcome)
                    with told.lock:
                        self._say(outcome)
            except KeyboardInterrupt:
                interrupted = True
        order = {tenant.name: place for place, tenant in enumerate(chosen)}
        outcomes.sort(key=lambda each: order[each.tenant.name])
        return _Tally(self, tuple(outcomes), time.monotonic() - begun, interrupted)

    def output_of(self, tenant: Tenant) -> Output:
        """Return what prints messages about a tenant: their commands name it."""
        output, options = self.run.output, replace(self.run.options, tenant=(tenant.name,))
        args = (*_without_tenants(output.args), "--tenant", tenant.name)
        return replace(output, args=args, repeated=repeated(options))

    def _say(self, outcome: Outcome[R]) -> None:
        if outcome.result is not None:
            words = self.tell(outcome.result).words
            self.output_of(outcome.tenant).say(f"  {outcome.tenant.name}  {words}")
        elif outcome.error is not None:
            self._describe(outcome.tenant, outcome.error)

    def _describe(self, tenant: Tenant, error: MigError) -> None:
        """Print an error; of those alike, the first one whole."""
        key = (type(error).__name__, error.original or error.message, error.statement)
        first = self._errors.setdefault(key, tenant.name)
        output = self.output_of(tenant)
        if first != tenant.name:
            error.hint = output.pasteable(error.hint)
            same = MigError(f"{error.message} (the same as {first})")
            output.describe(same, of=tenant.name)
            return
        if error.original:
            from peewee_mig.commands.explain import add_diagnosis

            add_diagnosis(error, lambda: self.tenants.project_of(tenant))
        output.describe(error, of=tenant.name)


def _without_stdout(output: Output) -> AbstractContextManager[object]:
    """Keep what functions of migration files print away from the JSON object."""
    return redirect_stdout(sys.stderr) if output.json else nullcontext()


@dataclass(frozen=True)
class _Tally(Generic[R]):
    """All outcomes, in the order of the tenants."""

    over: Over[R]
    outcomes: Sequence[Outcome[R]]
    seconds: float
    interrupted: bool

    @property
    def results(self) -> list[tuple[str, R]]:
        """The tenants that have a result."""
        return [(each.tenant.name, each.result) for each in self.outcomes if each.result]

    @property
    def code(self) -> int:
        """The worst exit code, which is the highest."""
        if self.interrupted:
            return INTERRUPTED
        return max(map(self._code, self.outcomes), default=0)

    def finish(self) -> int:
        """Print the summary and the object; return the exit code."""
        output = self.over.run.output
        counts = self._counts()
        if not counts:
            output.warn("there are no tenants")
        else:
            words = ", ".join(f"{number} {state}" for state, number in counts.items())
            total = sum(counts.values())
            plural = "" if total == 1 else "s"
            output.say(f"{total} tenant{plural} in {self.seconds:.2f} s: {words}")
        self._say_rest(output)
        output.emit(self._json(counts))
        return self.code

    def _say_rest(self, output: Output) -> None:
        names = {each.tenant.name for each in self.outcomes}
        left = [each.name for each in self.over.tenants.chosen if each.name not in names]
        if failed := [each.tenant.name for each in self.outcomes if each.error]:
            output.warn(f"{FAILED}: {listed(failed)}")
        if left:
            output.warn(f"{NOT_BEGUN}: {listed(left)}")
        if self.interrupted:
            output.warn("interrupted; the same command goes on from there")
        elif failed or left:
            again = f"mend the cause, then: {same_command()}"
            output.say(f"What is done is passed over the next time. next: {again}")

    def _counts(self) -> dict[str, int]:
        found = Counter(
            FAILED if each.result is None else self.over.tell(each.result).state
            for each in self.outcomes
        )
        left = len(self.over.tenants.chosen) - len(self.outcomes)
        last = {FAILED: found.pop(FAILED, 0), NOT_BEGUN: left}
        return {**found, **{state: number for state, number in last.items() if number}}

    def _code(self, outcome: Outcome[R]) -> int:
        if outcome.result is not None:
            return self.over.tell(outcome.result).code
        return outcome.error.exit_code if outcome.error else 0

    def _json(self, counts: dict[str, int]) -> dict[str, object]:
        known = {each.tenant.name: each for each in self.outcomes}
        return {
            "tenants": [
                self._entry(each, known.get(each.name)) for each in self.over.tenants.chosen
            ],
            "counts": {_word(state): number for state, number in counts.items()},
            "seconds": round(self.seconds, 3),
            "exit_code": self.code,
        }

    def _entry(self, tenant: Tenant, outcome: Outcome[R] | None) -> dict[str, object]:
        if outcome is None:
            return {"tenant": tenant.name, "state": _word(NOT_BEGUN)}
        entry: dict[str, object] = {"tenant": tenant.name, "seconds": round(outcome.seconds, 3)}
        if outcome.result is not None:
            told = self.over.tell(outcome.result)
            result = outcome.result.to_json()
            return {**entry, "state": _word(told.state), "exit_code": told.code, "result": result}
        error = outcome.error.to_json() if outcome.error else {}
        return {**entry, "state": FAILED, **error}


def _word(state: str) -> str:
    """Spell a state as JSON has it."""
    return state.replace(" ", "_")


class _Voice:
    """Tells what several runs do, a line at a time; each line says which tenant it is about."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self.lock = threading.Lock()

    def listener(self, name: str) -> Listener:
        """Return what listens to the run of a tenant; without ``-v`` only to what waits."""

        def listen(event: Event) -> None:
            if self._output.logs_json:
                with self.lock:
                    self._output.log_event({"tenant": name, **event.to_json()})
                return
            if event.is_measure or (event.ours and self._output.verbose <= 1):
                return
            is_loud = event.kind == "waiting"
            with self.lock:
                (self._output.say if is_loud else self._output.detail)(f"  {name}  {event}")

        return listen


def _without_tenants(args: Sequence[str]) -> list[str]:
    """Leave ``--tenant X`` and ``--tenant=X`` out of the arguments of a command."""
    kept: list[str] = []
    skips = False
    for word in args:
        if not skips and word != "--tenant" and not word.startswith("--tenant="):
            kept.append(word)
        skips = not skips and word == "--tenant"
    return kept


def listed(names: Sequence[str], most: int = 10) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
