"""What a run tells while it runs, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee_mig.cli.output import Output

if TYPE_CHECKING:
    from peewee_mig.runner.events import Event, Listener


def listener(output: Output) -> Listener:
    """Return a listener that prints events; statements with ``-v``, our own with ``-vv``."""

    def listen(event: Event) -> None:
        if event.ours and output.verbose <= 1:
            return
        (output.detail if event.is_detail else output.say)(str(event))

    return listen
