"""Options of commands that can work on many tenants."""

from __future__ import annotations

import click

JOBS = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=4,
    show_default=True,
    metavar="N",
    help="With tenants: how many at once.",
)
ON_FAILURE = click.option(
    "--on-failure",
    type=click.Choice(["stop", "continue"]),
    default="stop",
    show_default=True,
    help="With tenants: whether others begin after one has failed.",
)
