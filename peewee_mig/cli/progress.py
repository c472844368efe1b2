"""What a run tells while it runs, as text or as lines of JSON."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from peewee_mig.cli.output import Output, is_terminal

if TYPE_CHECKING:
    from peewee_mig.runner.events import Event, Listener


def listener(output: Output) -> Listener:
    """Return a listener that prints events; statements with ``-v``, our own with ``-vv``.

    Progress, on a terminal or with ``-v``. Lines of JSON have all of them, also what only measures.
    """

    def listen(event: Event) -> None:
        if output.logs_json:
            output.log_event(event.to_json())
            return
        if event.is_measure or (event.ours and output.verbose <= 1):
            return
        if event.kind == "progress" and not (output.verbose or is_terminal(sys.stderr)):
            return
        (output.detail if event.is_detail else output.say)(str(event))

    return listen
