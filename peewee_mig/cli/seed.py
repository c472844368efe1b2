"""seed: run the seeds of a project, and say what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from peewee_mig.cli.common import CommonCommand, Run, pass_run
from peewee_mig.cli.output import Output, shown
from peewee_mig.cli.progress import listener
from peewee_mig.cli.run import WAIT_LOCK
from peewee_mig.cli.tenant_options import ON_FAILURE

if TYPE_CHECKING:
    from peewee_mig.commands.seed import Ran, Seeded, Tell

SEED_HELP = """Give a database the rows that it should begin with.

Seeds are functions of yours, in the modules that the setting `seeds` names:

\b
  from peewee_mig.seeds import seed, upsert
  @seed(after=["permissions"], tags=["production"])
  def roles():
      upsert(Role, key="name", rows=[{"name": "admin"}])

Each runs in a transaction of its own, in the order in which they are declared, after those that it
names. NAME: run this one, and what has to run before it. What is tracked (`tracked=True`, --track)
runs only once, until its code changes. Where `production = true`, only seeds with the tag
"production" run; those with the name of an environment as a tag run nowhere else.

\b
Examples:
  peewee-mig seed
  peewee-mig seed --dry-run
  peewee-mig seed demo
  peewee-mig seed --only demo
  peewee-mig seed --tag production --env prod
"""


@click.command("seed", cls=CommonCommand, help=SEED_HELP)
@click.argument("name", nargs=-1)
@click.option(
    "--only", multiple=True, metavar="NAME", help="Run this one without what comes before it."
)
@click.option("--tag", multiple=True, metavar="TAG", help="Run those with this tag.")
@click.option("--track", is_flag=True, help="Run each only once, until its code changes.")
@click.option("--again", is_flag=True, help="Run also what is tracked and ran before.")
@click.option("--dry-run", is_flag=True, help="List what would run; connect to nothing.")
@WAIT_LOCK
@ON_FAILURE
@pass_run
def seed_command(
    run: Run,
    name: tuple[str, ...],
    only: tuple[str, ...],
    tag: tuple[str, ...],
    track: bool,
    again: bool,
    dry_run: bool,
    wait_lock: float,
    on_failure: str,
) -> int:
    """Run seeds."""
    from peewee_mig.commands.seed import seed
    from peewee_mig.commands.seed_units import Wanted

    output, wanted = run.output, Wanted(name, only, tag, track, again)
    if run.has_tenants() and not dry_run:
        from peewee_mig.cli.tenants_run import seed_tenants

        return seed_tenants(run, wanted, on_failure=on_failure, wait_lock=wait_lock)
    result = seed(
        run.project(),
        wanted,
        dry_run=dry_run,
        wait_lock=wait_lock,
        tell=teller(output),
        listener=listener(output),
    )
    for warning in result.warnings:
        output.warn(warning)
    if dry_run:
        list_planned(output, result)
    else:
        output.say(f"Seeded: {shown(result.database)}, {_count(len(result.ran))}.")
    if result.skipped:
        output.say(f"ran before: {', '.join(result.skipped)}")
    if result.elsewhere:
        output.say(f"only in other environments: {', '.join(result.elsewhere)}")
    output.emit(result.to_json())
    return 0


def teller(output: Output) -> Tell:
    """Return what prints each seed as soon as it is committed."""

    def tell(ran: Ran) -> None:
        if output.logs_json:
            seconds = round(ran.seconds, 4)
            output.log_event({"event": "seeded", "seed": ran.name, "seconds": seconds})
            return
        output.say(f"  {ran.name}: {str(ran.counts) or 'done'}")

    return tell


def list_planned(output: Output, result: Seeded) -> None:
    """Print what would run."""
    for each in result.planned:
        tags = f"  [{', '.join(each.tags)}]" if each.tags else ""
        once = "  once" if each.tracked else ""
        output.show(f"{each.name}  {each.place}{tags}{once}")
    if not result.planned:
        output.say("Nothing to seed here.")


def _count(number: int) -> str:
    return f"{number} seed{'' if number == 1 else 's'}"
