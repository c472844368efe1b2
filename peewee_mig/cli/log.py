"""``--log json``: what happens, one JSON object in a line each (docs/reference/log.md)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from itertools import pairwise

#: The number of the form of the lines; it changes when a reader could break.
FORMAT = 1

#: What ``--log`` takes.
FORMS = ("text", "json")


def log_line(event: Mapping[str, object]) -> str:
    """Spell what happened, with the time; ``event`` says which kind."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    return json.dumps({"format": FORMAT, "time": now, **event}, default=str, ensure_ascii=False)


def form_of(args: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return the form that is asked for before options and configuration are read."""
    given = [b for a, b in pairwise(args) if a == "--log"]
    given += [each.removeprefix("--log=") for each in args if each.startswith("--log=")]
    named = [*given, environ.get("PEEWEE_MIG_LOG", "")]
    return "json" if "json" in named[:1] else "text"
