"""init and config: the commands of a project's first day."""

from __future__ import annotations

import click

from peewee_mig.cli.common import HELP, CommonCommand, Run, common_options, pass_run

INIT_HELP = """Write configuration and make targets for a project.

Finds the models, writes the settings where your configuration already is (setup.cfg,
pyproject.toml, else peewee_mig.toml) and peewee_mig.mk. Overwrites nothing.

\b
Examples:
  peewee-mig init
  peewee-mig init --models app.models --database sqlite:///app.db
"""


@click.command("init", cls=CommonCommand, help=INIT_HELP)
@pass_run
def init_command(run: Run) -> None:
    """Start a project."""
    from pathlib import Path

    from peewee_mig.commands.init import init

    result = init(run.options, Path.cwd())
    run.output.repeated = ""  # the configuration has them now
    for line in result.lines():
        run.output.say(line)
    run.output.emit(result.to_json())


config_command = click.Group(
    "config",
    help="Show the configuration.",
    params=common_options(),
    context_settings=HELP,
    no_args_is_help=False,
)


@config_command.command("show", cls=CommonCommand, short_help="Show every setting and its source.")
@pass_run
def show_command(run: Run) -> None:
    """Show every setting, its value and where it comes from; passwords are hidden.

    \b
    Examples:
      peewee-mig config show
      peewee-mig config show --env prod --json
    """  # noqa: D301 (click's mark for a block that is not wrapped)
    from peewee_mig.commands.config_show import config_show

    result = config_show(run.project())
    run.output.table([(row.key, row.text(), f"({row.source})") for row in result.rows])
    run.output.emit(result.to_json())
