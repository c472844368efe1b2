"""Waiting for something that may never end, such as a database or a module of the user's."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextvars import copy_context
from queue import Empty, Queue
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, function: Callable[[], T]) -> T | BaseException:
    """Return what a function returns or raises, :exc:`TimeoutError` if it takes longer.

    It runs in a thread, which goes on then and ends with the process; where what is printed
    goes is as before.
    """
    answer: Queue[T | BaseException] = Queue()
    stdout, context = sys.stdout, copy_context()

    def run() -> None:
        try:
            answer.put(context.run(function))
        except BaseException as error:  # noqa: BLE001 (whoever waits decides)
            answer.put(error)

    Thread(target=run, daemon=True).start()
    try:
        return answer.get(timeout=seconds)
    except Empty:
        sys.stdout = stdout
        return TimeoutError(f"it did not answer within {seconds:g} s")
