"""docs/reference/commands.md is what --help prints; ``--update-golden`` rewrites it."""

from pathlib import Path

import click

from peewee_mig.cli.main import COMMANDS, cli
from peewee_mig.plan import hazards

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "commands.md"
INTRODUCTION = """# Commands

What `--help` prints; this page is generated. Common options stand before or after the subcommand.
"""


def help_of(command, path, parent=None):
    context = click.Context(command, info_name=path.rpartition(" ")[2], parent=parent)
    context.max_content_width = 100
    yield f"## `{path}`\n\n```text\n{command.get_help(context)}\n```\n"
    for name in getattr(command, "commands", {}):
        yield from help_of(command.commands[name], f"{path} {name}", context)


def page():
    top = click.Context(cli, info_name="peewee-mig", **cli.context_settings)
    parts = [INTRODUCTION, f"```text\n{cli.get_help(top)}\n```\n"]
    for name in COMMANDS:
        command = cli.get_command(top, name)
        parts += help_of(command, f"peewee-mig {name}", top)
    return "\n".join(parts)


def test_the_page_is_what_help_prints(update_golden, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    if update_golden:
        PAGE.write_text(page(), encoding="utf-8", newline="\n")
    assert PAGE.read_text(encoding="utf-8") == page(), "make golden rewrites it"


def test_each_hazard_is_documented():
    text = (ROOT / "docs" / "reference" / "hazards.md").read_text(encoding="utf-8")
    rules = [rule.__globals__["__doc__"] for rule in hazards.RULES]
    ids = {doc.partition(":")[0] for doc in rules}
    assert {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")} == ids
