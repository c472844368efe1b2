"""What all subcommands share: the common options, before or after the subcommand."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from peewee_mig.cli.log import FORMS
from peewee_mig.cli.output import Output
from peewee_mig.commands.config import Options, redact
from peewee_mig.commands.project import Project, open_project
from peewee_mig.errors import UsageError, same_command

#: The exit code after a Ctrl-C.
INTERRUPTED = 130

HELP = {"help_option_names": ["-h", "--help"]}


@dataclass(slots=True)
class Run:
    """One call of the program."""

    output: Output = field(default_factory=Output)
    options: Options = field(default_factory=Options)
    no_input: bool = False
    yes: bool = False
    #: The project, once it was opened.
    opened: Project | None = None

    def project(self) -> Project:
        """Open the project of the current folder (or of ``--config``).

        Where a tenant is named, its database is that of the project.
        """
        project = self.shared_project()
        if not project.wanted:
            return project
        from peewee_mig.commands.tenants import one_tenant

        return one_tenant(project)

    def has_tenants(self) -> bool:
        """Whether a command that can is to work on many databases, and not on one of them."""
        project = self.shared_project()
        is_one = len(project.wanted) == 1 and not re.search(r"[*?\[]", project.wanted[0])
        return bool(project.tenants or project.wanted) and not is_one

    def shared_project(self) -> Project:
        """Open the project, for what works on all of its tenants."""
        if self.opened is None:
            self.opened = open_project(self.options, os.environ, Path.cwd())
            self.output.log = self.opened.settings.log.value
        return self.opened

    def interactive(self) -> bool:
        """Say whether there is somebody to ask."""
        from peewee_mig.cli.prompts import interactive

        return not self.no_input and not self.output.logs_json and interactive()


pass_run = click.make_pass_decorator(Run)


def common_options() -> list[click.Parameter]:
    """Return the options that every subcommand takes."""
    return [
        click.Option(
            ["--database"], metavar="URL", help="URL, file, or dotted path to a Database."
        ),
        click.Option(
            ["--models"],
            multiple=True,
            metavar="MODULE",
            help="Module, package or module:attribute; repeatable.",
        ),
        click.Option(["--directory"], metavar="DIR", help="Folder of migrations."),
        click.Option(["--config"], metavar="FILE", help="Configuration file."),
        click.Option(["--env"], metavar="NAME", help="Environment of the configuration file."),
        click.Option(
            ["--tenants"],
            metavar="SOURCE",
            help="Many databases of one history: a file, module:function, or 'query:SELECT …'.",
        ),
        click.Option(
            ["--tenant"],
            multiple=True,
            metavar="NAME",
            help="Of these only this one, or those like 'a*'; repeatable.",
        ),
        click.Option(["--json"], is_flag=True, help="Print one JSON object on stdout."),
        click.Option(["--no-input"], is_flag=True, help="Never ask; fail instead."),
        click.Option(["--yes"], is_flag=True, help="Say yes, except to losing data."),
        click.Option(["-q", "--quiet"], is_flag=True, help="Print only results and errors."),
        click.Option(
            ["-v", "--verbose"], count=True, help="Show the SQL; -vv: also that of our own tables."
        ),
        click.Option(
            ["--log"],
            type=click.Choice(FORMS),
            help="Form of stderr; json: a line for each thing that happens.",
        ),
        click.Option(["--color"], type=click.Choice(["auto", "always", "never"]), help="Colours."),
    ]


COMMON = frozenset(str(option.name) for option in common_options())


class CommonCommand(click.Command):
    """A subcommand that also takes the common options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (click's own)
        super().__init__(*args, **kwargs)
        self.params.extend(common_options())
        self.context_settings = {**HELP, **self.context_settings}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take ``-1`` as the target that it is, not as an option."""
        try:
            return super().parse_args(ctx, _steps_last(args))
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # click's parser leaves it out
            raise

    def invoke(self, ctx: click.Context) -> object:
        """Merge the common options of both places, then run."""
        run = ctx.ensure_object(Run)
        _configure(run, _merged(ctx))
        ctx.params = {name: value for name, value in ctx.params.items() if name not in COMMON}
        return super().invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommand's own options first."""
        write_options(self, ctx, formatter)


def write_options(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    """Write the own options of a command, then the common ones."""
    own: list[tuple[str, str]] = []
    common: list[tuple[str, str]] = []
    for param in command.get_params(ctx):
        is_option = isinstance(param, click.Option)  # arguments are told in the text
        if is_option and (record := param.get_help_record(ctx)) is not None:
            (common if param.name in COMMON else own).append(record)
    for title, records in (("Options", own), ("Common options", common)):
        if records:
            with formatter.section(title):
                formatter.write_dl(records)


def fills_of(values: Sequence[str]) -> dict[str, str]:
    """Read ``table.column=VALUE`` of each ``--fill``."""
    return _by_column("--fill", values, r".*", "VALUE", "people.age=0")


def usings_of(values: Sequence[str]) -> dict[str, str]:
    """Read ``table.column=SQL`` of each ``--using``."""
    return _by_column("--using", values, r"\s*\S.*", "SQL", "people.age='round(age)'")


def _by_column(
    option: str, values: Sequence[str], pattern: str, kind: str, example: str
) -> dict[str, str]:
    found = {}
    for text in values:
        match = re.fullmatch(rf"([^=]+\.[^.=]+)=({pattern})", text, re.DOTALL)
        if match is None:
            hint = f"such as {option} {example}"
            if "=" in text.strip("="):
                hint = same_command(option, f"TABLE.{text}", in_place_of=[option, text])
            raise UsageError(f"{option} {text} is not table.column={kind}", hint=hint)
        found[match[1]] = match[2]
    return found


def _steps_last(args: Sequence[str]) -> list[str]:
    if "--" in args:
        return list(args)
    steps = [arg for arg in args if re.fullmatch(r"-\d+", arg)]
    rest = [arg for arg in args if arg not in steps]
    return [*rest, "--", *steps] if steps else rest


def _merged(ctx: click.Context) -> dict[str, Any]:
    """Return the common options; the place after the subcommand wins."""
    found: dict[str, Any] = {}
    place: click.Context | None = ctx
    while place is not None:
        for name in COMMON:
            value = place.params.get(name)
            if value == "" or (name in ("models", "tenant") and value and "" in value):
                raise UsageError(
                    f"--{name} is empty", hint="give it a value, or leave the option out"
                )
            if value:
                found.setdefault(name, value)
        place = place.parent
    return found


def _configure(run: Run, given: dict[str, Any]) -> None:
    run.opened = None
    run.options = Options(
        database=given.get("database", ""),
        models=tuple(given.get("models", ())),
        directory=given.get("directory", ""),
        config=given.get("config", ""),
        env=given.get("env", ""),
        tenants=given.get("tenants", ""),
        tenant=tuple(given.get("tenant", ())),
        log=given.get("log", ""),
    )
    run.output.repeated = repeated(run.options)
    run.no_input = given.get("no_input", False)
    run.yes = given.get("yes", False)
    run.output.json = given.get("json", False)
    run.output.quiet = given.get("quiet", False)
    run.output.verbose = given.get("verbose", 0)
    run.output.log = given.get("log", run.output.log)
    run.output.color = given.get("color", "auto")


def repeated(options: Options) -> str:
    """Spell the options that say what a command works on; a password is not repeated."""
    given = [
        ("--database", redact(options.database)),
        ("--env", options.env),
        ("--config", options.config),
        ("--directory", options.directory),
        *(("--models", module) for module in options.models),
        ("--tenants", options.tenants),
        *(("--tenant", name) for name in options.tenant),
    ]
    return "".join(f" {name} {shlex.quote(value)}" for name, value in given if value)
