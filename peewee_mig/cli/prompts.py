"""Questions on a terminal; elsewhere nothing is asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from peewee_mig.cli.output import is_terminal
from peewee_mig.commands.ask import FillQuestion, Landing
from peewee_mig.commands.push_rules import in_ci
from peewee_mig.diff.renames import Candidate
from peewee_mig.errors import DeclinedError
from peewee_mig.runner.losses import Loss


class NoAnswerError(DeclinedError):
    """The person at the terminal closed the input."""


def interactive() -> bool:
    """Say whether a person sits at a terminal and this is no CI job."""
    return not in_ci(os.environ) and is_terminal(sys.stdin) and is_terminal(sys.stderr)


class TerminalAsk:
    """Answers of the person at the terminal."""

    #: What it means to give no value.
    no_answer = "Leave it empty to decide when migrating, if there are rows then."

    def rename(self, candidate: Candidate) -> bool:
        """Ask whether the old object became the new one."""
        thing = candidate.kind
        old = candidate.old if thing == "table" else f"{candidate.table}.{candidate.old}"
        _print(f"{candidate.reason} (score {candidate.score:.2f})")
        if thing == "move":
            old, new = candidate.option.split(":")
            return yes_no(f"Was column {old} moved to {new}? Its values are copied then.")
        return yes_no(f"Was {thing} {old} renamed to {candidate.new}?")

    def fill(self, question: FillQuestion) -> str | None:
        """Ask for the value of existing rows."""
        column = f"{question.table}.{question.column}"
        if question.problem:
            _print(f"{question.problem}.")
        else:
            _print(f"{column} ({question.type}) takes no NULL: which value do existing rows get?")
            _print(self.no_answer)
        return value(f"{column} =")


class PushAsk(TerminalAsk):
    """The same, where the rows are there now."""

    no_answer = "Leave it empty to stop here."


def confirm_loss(losses: Sequence[Loss]) -> bool:
    """Ask whether these rows may be lost."""
    _print("This loses:")
    for loss in losses:
        _print(f"  {loss.name}: {loss.rows} row{'' if loss.rows == 1 else 's'}")
    return yes_no("Lose this data?")


def confirm_landing(landing: Landing) -> bool:
    """Ask whether migrations are recorded without running, as far as a database has them."""
    if landing.is_exact:
        _print(f"{landing.reason}. It is exactly as these migrations make it:")
    else:
        _print("This database was pushed: what these migrations make may be there already:")
    for name in landing.names:
        _print(f"  {name}")
    those = "them" if landing.is_exact else "those that it equals"
    return yes_no(f"Record {those} (peewee-mig baseline), and apply the rest?")


def confirm_move(old: str, new: str) -> bool:
    """Ask whether a folder of another tool gets another name."""
    _print(f"{old} has the migrations of the other tool, and ours belong there, too.")
    return yes_no(f"Rename {old} to {new}?")


def which(question: str, choices: Sequence[str]) -> str:
    """Ask until the answer is one of the choices: its number, or its name."""
    for number, choice in enumerate(choices, 1):
        _print(f"  {number}. {choice}")
    known = {str(number): choice for number, choice in enumerate(choices, 1)}
    known |= {choice: choice for choice in choices}
    while (answer := _input(f"{question} [1-{len(choices)}] ")) not in known:
        _print(f"Please answer with a number from 1 to {len(choices)}.")
    return known[answer]


def yes_no(question: str) -> bool:
    """Ask until the answer is yes or no; no is the default."""
    while True:
        answer = _input(f"{question} [y/N] ").lower()
        if answer in ("", "n", "no"):
            return False
        if answer in ("y", "yes"):
            return True
        _print("Please answer y or n.")


def value(question: str) -> str | None:
    """Ask for a value; ``None`` if there is none."""
    return _input(f"{question} ") or None


def _print(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _input(prompt: str) -> str:
    """Ask on stderr: stdout belongs to the result."""
    print(prompt, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        _print("")  # the cursor still stands behind the question
        raise NoAnswerError("no answer", hint="--no-input tells the options that answer")
    return line.strip()
