"""The frame of the command line: options, errors, exit codes, JSON, colours."""

import io
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

import peewee_mig
from peewee_mig import op
from peewee_mig.cli import main as program
from peewee_mig.cli import prompts
from peewee_mig.cli.common import fills_of, usings_of
from peewee_mig.cli.output import Output
from peewee_mig.cli.progress import listener
from peewee_mig.commands.ask import FillQuestion
from peewee_mig.commands.fills import ask_fills
from peewee_mig.commands.project import Project
from peewee_mig.diff.renames import Candidate
from peewee_mig.errors import FailedError, LockedError, MigError, RefusedError, UsageError
from peewee_mig.operations.verbs import Constant
from peewee_mig.runner.events import Event
from peewee_mig.runner.losses import Loss


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "NO_COLOR", "FORCE_COLOR", "CI"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def shown(capsys, *args):
    assert program.call([*args, "--json"]) == 0
    return json.loads(capsys.readouterr().out)["settings"]


def test_common_options_stand_before_or_after(capsys):
    before = shown(capsys, "--database", "sqlite:///a.db", "--models", "m", "config", "show")
    after = shown(capsys, "config", "show", "--database", "sqlite:///a.db", "--models", "m")
    between = shown(capsys, "config", "--database", "sqlite:///a.db", "--models", "m", "show")
    assert before == after == between
    assert before["database"] == {"value": "sqlite:///a.db", "source": "--database"}


def test_the_option_after_the_command_wins(capsys):
    both = shown(capsys, "--directory", "a", "config", "show", "--directory", "b")
    assert both["directory"]["value"] == "b"


def test_models_repeat(capsys):
    found = shown(capsys, "config", "show", "--models", "a", "--models", "b:C")
    assert found["models"]["value"] == ["a", "b:C"]


@pytest.mark.parametrize("name", program.COMMANDS)
def test_every_command_has_help_with_an_example(capsys, name):
    args = ["config", "show"] if name == "config" else [name]
    assert program.call([*args, "--help"]) == 0
    text = capsys.readouterr().out
    assert "Example" in text
    assert "Common options:" in text
    assert f"  peewee-mig {' '.join(args)}" in text


@pytest.mark.parametrize("args", [[], ["--help"], ["-h"]])
def test_help_lists_every_command(capsys, args):
    assert program.call(args) == 0
    text = capsys.readouterr().out
    assert all(f"\n  {name} " in text for name in program.COMMANDS)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["studio"], "studio is not available in this version"),
        (["statsu"], "next: peewee-mig status"),
        (["status", "--foo"], "--foo"),
        (["config"], "Missing command"),
        (["generate", "--check", "--dry-run"], "--check and --dry-run exclude each other"),
        (["generate", "--fill", "x"], "--fill x is not table.column=VALUE"),
        (["migrate", "--fill", "a=1"], "--fill a=1 is not table.column=VALUE"),
        (["config", "show", "--env", "x"], "there is no environment 'x'"),
        (["push", "--prune=3"], "next: see `peewee-mig push --help`"),
        (["generate", "--name"], "next: see `peewee-mig generate --help`"),
        (["status", "--config", "nope.toml"], "next: peewee-mig status"),
    ],
)
def test_a_wrong_call_exits_with_2_and_says_why(capsys, args, message):
    assert program.call(args) == 2
    streams = capsys.readouterr()
    assert message in streams.err
    assert streams.err.startswith("error: ")
    assert streams.out == ""


def test_json_errors_are_one_object_on_stdout(capsys):
    assert program.call(["--json", "studio"]) == 2
    streams = capsys.readouterr()
    answer = json.loads(streams.out)
    assert (answer["format"], answer["exit_code"]) == (1, 2)
    assert "studio" in answer["error"]
    assert "studio" in streams.err


def test_a_step_backwards_is_a_target_not_an_option(monkeypatch):
    seen = {}
    monkeypatch.setattr(_command("migrate"), "callback", lambda **given: seen.update(given))
    assert program.call(["migrate", "-1", "--fill", "a.b=1", "-v"]) == 0
    assert seen["target"] == "-1"
    assert seen["fill"] == ("a.b=1",)


def _command(name):
    return program.cli.get_command(click.Context(program.cli), name)


def _raises(error):
    def callback(**_given):
        raise error

    return callback


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("m"), 2),
        (FailedError("m"), 3),
        (LockedError("m"), 4),
        (RefusedError("m"), 5),
        (PermissionError(13, "Permission denied", "migrations/0001.py"), 3),
        (KeyboardInterrupt(), 130),
        (prompts.NoAnswerError("m"), 1),
        (ZeroDivisionError("oops"), 3),
    ],
)
def test_exit_codes(monkeypatch, capsys, error, code):
    monkeypatch.setattr(_command("status"), "callback", _raises(error))
    assert program.call(["status", "--json"]) == code
    streams = capsys.readouterr()
    assert json.loads(streams.out)["exit_code"] == code
    assert "Traceback" not in streams.err


def test_a_bug_asks_for_a_report_and_v_shows_the_traceback(monkeypatch, capsys):
    monkeypatch.setattr(_command("status"), "callback", _raises(ZeroDivisionError("oops")))
    program.call(["status"])
    assert "a bug in peewee_mig: ZeroDivisionError: oops" in capsys.readouterr().err
    program.call(["status", "-v"])
    assert "Traceback" in capsys.readouterr().err


def test_the_exit_code_of_the_command_is_that_of_the_program(monkeypatch):
    monkeypatch.setattr(_command("status"), "callback", lambda **_given: 1)
    with pytest.raises(SystemExit) as caught:
        program.main(["status"])
    assert caught.value.code == 1


def test_an_error_has_one_form(capsys):
    error = MigError(
        "a statement failed",
        where="0007_x, operation 2",
        statement="ALTER TABLE a\n  ADD b",
        original="no such table",
        committed="0006 and before",
        hint="peewee-mig migrate",
    )
    assert Output().fail(error) == 3
    assert capsys.readouterr().err == (
        "error: a statement failed\n"
        "  where:     0007_x, operation 2\n"
        "  statement: ALTER TABLE a\n"
        "               ADD b\n"
        "  database:  no such table\n"
        "  committed: 0006 and before\n"
        "next: peewee-mig migrate\n"
    )


def test_quiet_leaves_prose_out_and_json_moves_it(capsys):
    Output(quiet=True).say("prose")
    Output(json=True).say("moved")
    Output(json=True).show("in the object")
    Output(quiet=True).show("result")
    streams = capsys.readouterr()
    assert streams.out == "result\n"
    assert streams.err == "moved\n"


@pytest.mark.parametrize(
    ("color", "variables", "colored"),
    [
        ("auto", {}, False),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colours(monkeypatch, color, variables, colored):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in Output(color=color).styled("x", "red")) is colored


def test_a_table_aligns_its_columns(capsys):
    Output().table([("a", "long value", ""), ("bbb", "x", "note")])
    Output().table([])
    assert capsys.readouterr().out == "a    long value\nbbb  x           note\n"


def test_usings_have_a_column_and_sql():
    given = ["a.b=f(b) = '='", "billing.t.c=\n 1"]
    assert usings_of(given) == {"a.b": "f(b) = '='", "billing.t.c": "\n 1"}
    for wrong in ("a=1", "a.b", "a.b=", "a.b=  "):
        with pytest.raises(UsageError, match=r"is not table\.column=SQL"):
            usings_of([wrong])


def test_fills_keep_everything_after_the_first_equals_sign():
    assert fills_of(["a.b=x=y", "c.d="]) == {"a.b": "x=y", "c.d": ""}


@pytest.fixture
def importable(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(peewee_mig.__file__).parents[1]))


def test_a_reader_that_goes_away_stops_nothing(importable):
    code = (
        "from peewee_mig.cli.output import Output\n"
        "import sys\n"
        "for n in range(20000): Output().say('line of some length')\n"
        "sys.stderr.write('finished')\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), errors) == (0, b"finished")


def test_starting_imports_neither_peewee_nor_a_driver(importable):
    code = (
        "import sys\n"
        "from peewee_mig.cli.main import call\n"
        "call(['status', '--help'])\n"
        "heavy = {'peewee', 'psycopg2', 'sqlite3', 'tomllib', 'asyncio'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def answers(monkeypatch):
    def give(text):
        monkeypatch.setattr(sys, "stdin", Terminal(text))
        monkeypatch.setattr(sys, "stderr", Terminal())

    return give


def test_questions_need_a_terminal_and_no_ci(answers, monkeypatch):
    assert not prompts.interactive()
    answers("")
    assert prompts.interactive()
    monkeypatch.setenv("CI", "true")
    assert not prompts.interactive()


def test_a_rename_is_asked_with_its_reason(answers):
    candidate = Candidate("column", "people", "nick", "nickname", 0.83, "both VARCHAR(255)")
    answers("perhaps\ny\n")
    assert prompts.TerminalAsk().rename(candidate) is True
    text = sys.stderr.getvalue()
    assert "both VARCHAR(255) (score 0.83)" in text
    assert "Was column people.nick renamed to nickname? [y/N]" in text
    answers("\n")
    assert prompts.TerminalAsk().rename(candidate) is False


def test_a_value_can_be_left_for_later(answers):
    question = FillQuestion("people", "age", "INTEGER")
    answers("7\n")
    assert prompts.TerminalAsk().fill(question) == "7"
    answers("\n")
    assert prompts.TerminalAsk().fill(question) is None


def test_a_wrong_value_is_asked_for_again_and_keeps_the_earlier_answers(answers):
    added = [op.add_column("people", op.column(name, "INT")) for name in ("age", "size", "rank")]
    answers("36\nold\n7.5\n8\n\n")
    assert ask_fills(added, prompts.PushAsk()) == {
        ("people", "age"): Constant(36),
        ("people", "size"): Constant(8),
    }
    text = sys.stderr.getvalue()
    assert text.count("'old' is no value for a column of type INT") == 1
    assert text.count("people.size =") == 3
    assert text.count("Leave it empty to stop here.") == 3  # once for each column


def test_loss_is_shown_before_it_is_confirmed(answers):
    answers("yes\n")
    assert prompts.confirm_loss([Loss("people", 1), Loss("assets.tag", 3)]) is True
    text = sys.stderr.getvalue()
    assert "people: 1 row\n" in text
    assert "assets.tag: 3 rows\n" in text


def test_the_end_of_input_is_no_answer(answers):
    answers("")
    with pytest.raises(prompts.NoAnswerError):
        prompts.yes_no("?")


def test_progress_shows_statements_only_when_asked(capsys):
    for verbose in (0, 1):
        listen = listener(Output(verbose=verbose))
        listen(Event("statement", text="CREATE TABLE a (b)"))
        listen(Event("done", migration="0001_x", seconds=0.5))
        streams = capsys.readouterr()
        assert "0001_x" in streams.out
        assert ("CREATE TABLE a (b)" in streams.err) is bool(verbose)


def test_statements_of_our_own_tables_need_two_v(capsys):
    for verbose in (0, 1, 2):
        listener(Output(verbose=verbose))(Event("statement", text="INSERT", ours=True))
        assert capsys.readouterr().err == ("INSERT\n" if verbose == 2 else "")


@pytest.mark.parametrize(
    ("options", "repeated"),
    [
        ([], ""),
        (
            ["--database", "other db.db", "--env", "prod", "--models", "a", "--models", "b"],
            " --database 'other db.db' --env prod --models a --models b",
        ),
        (["--database", "mysql://me:secret@host/db"], " --database 'mysql://me:***@host/db'"),
    ],
)
def test_commands_in_messages_work_on_what_the_failed_one_worked_on(
    monkeypatch, capsys, options, repeated
):
    def status(_project):
        raise RefusedError("no", hint="peewee-mig rollback 2 --strict, or `peewee-mig init`")

    monkeypatch.setattr("peewee_mig.commands.status.status", status)
    opened = Project(Path(), Path())
    monkeypatch.setattr("peewee_mig.cli.common.open_project", lambda *_: opened)
    assert program.call(["status", *options, "--json"]) == 5
    expected = f"peewee-mig rollback{repeated} 2 --strict, or `peewee-mig init`"
    printed = capsys.readouterr()
    assert f"next: {expected}\n" in printed.err
    assert json.loads(printed.out)["hint"] == expected
