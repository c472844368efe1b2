"""Many tenants at once: each by itself, in its own connection, whatever becomes of the others."""

from __future__ import annotations

import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Generic, TypeVar

from peewee_mig.commands.tenancy.naming import Tenant
from peewee_mig.errors import FailedError, MigError, failure_of, same_command

R = TypeVar("R")

#: Does what is to be done for a tenant.
Work = Callable[[Tenant], R]


@dataclass(frozen=True, slots=True)
class Outcome(Generic[R]):
    """What became of a tenant: a result, or an error. ``seconds``: how long it took."""

    tenant: Tenant
    result: R | None = None
    error: MigError | None = None
    seconds: float = 0.0


def run_each(
    tenants: Sequence[Tenant],
    work: Work[R],
    *,
    jobs: int = 1,
    stops: bool = True,
    is_failure: Callable[[R], bool] = lambda _: False,
) -> Iterator[Outcome[R]]:
    """Yield the outcome of each tenant as soon as it is there.

    ``jobs``: how many at once. ``stops``: after a failure no other tenant begins, and those
    that are under way come to their end; so too after a Ctrl-C, which is raised then. A second
    one is raised at once.
    """
    todo = _Todo(deque(tenants))
    outcomes = _in_threads(todo, work, jobs) if jobs > 1 else _in_turn(todo, work)
    for outcome in outcomes:
        if stops and (outcome.result is None or is_failure(outcome.result)):
            todo.stop()
        yield outcome


def _in_turn(todo: _Todo, work: Work[R]) -> Iterator[Outcome[R]]:
    """Work in this thread, in which a user's own code may do what it likes."""
    while (tenant := todo.next()) is not None:
        try:
            outcome = _outcome(tenant, work)
        except KeyboardInterrupt:
            yield Outcome(tenant, error=FailedError("interrupted", hint=same_command()))
            raise
        yield outcome


def _in_threads(todo: _Todo, work: Work[R], jobs: int) -> Iterator[Outcome[R]]:
    """Work in threads, which end with the process: what is under way then is not committed."""
    done: queue.SimpleQueue[Outcome[R] | None] = queue.SimpleQueue()

    def serve() -> None:
        try:
            while (tenant := todo.next()) is not None:
                done.put(_outcome(tenant, work))
        finally:
            done.put(None)

    with _interruptible(todo) as interrupts:
        for _ in range(jobs):
            threading.Thread(target=serve, daemon=True).start()
        running = jobs
        while running:
            outcome = done.get()
            if outcome is None:
                running -= 1
            else:
                yield outcome
    if interrupts:
        raise KeyboardInterrupt


@contextmanager
def _interruptible(todo: _Todo) -> Iterator[list[int]]:
    """Let the first Ctrl-C only keep others from beginning; yield those that came."""
    came: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        came.append(number)
        todo.stop()
        if len(came) > 1:
            signal.default_int_handler(number, frame)

    if threading.current_thread() is not threading.main_thread():
        yield came
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield came
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)


def _outcome(tenant: Tenant, work: Work[R]) -> Outcome[R]:
    begun = time.monotonic()
    result, error = None, None
    try:
        result = work(tenant)
    except MigError as failure:
        error = failure
    except KeyboardInterrupt:
        raise
    except BaseException as failure:  # noqa: BLE001 (no tenant ends the others, nor a thread)
        error = failure_of(failure)
    return Outcome(tenant, result, error, time.monotonic() - begun)


@dataclass
class _Todo:
    """The tenants that nobody has begun."""

    tenants: deque[Tenant]

    def next(self) -> Tenant | None:
        """Take one; ``None`` if there is none left, or none is to begin any more."""
        with suppress(IndexError):
            return self.tenants.popleft()
        return None

    def stop(self) -> None:
        """Let no other one begin; a handler of signals calls this, so it waits for nobody."""
        self.tenants.clear()
