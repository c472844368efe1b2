"""--log json: each line of stderr is an object, in the order in which things happen."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from peewee_mig.cli.log import form_of
from peewee_mig.cli.main import call
from peewee_mig.runner.events import Event

MODELS = """
from peewee import CharField, Model


class Product(Model):
    name = CharField(max_length=100)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "peewee_mig.toml").write_text(
        'models = ["models"]\ndatabase = "sqlite:///app.db"\nseeds = ["seeds"]\n'
    )
    (tmp_path / "models.py").write_text(MODELS)
    (tmp_path / "seeds.py").write_text(
        "from models import Product\nfrom peewee_mig.seeds import seed\n\n\n"
        "@seed()\ndef products():\n    Product.create(name='lamp')\n"
    )
    assert call(["generate", "-q"]) == 0
    return tmp_path


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Any:
    """Return what runs a command, and gives its exit code, its lines and its stdout."""

    def run(*args: str) -> tuple[int, list[dict[str, Any]], str]:
        capsys.readouterr()
        code = call(list(args))
        printed = capsys.readouterr()
        return code, [json.loads(line) for line in printed.err.splitlines()], printed.out

    return run


def kinds(lines: list[dict[str, Any]]) -> list[str]:
    return [line["event"] for line in lines]


def test_a_run_is_told_line_by_line(project: Path, log: Any) -> None:
    code, lines, out = log("migrate", "--log", "json")
    assert code == 0
    assert out.startswith("1 migration applied in ")
    theirs = [line for line in lines if not line.get("ours")]
    assert kinds(theirs) == ["locked", "migration", "statement", "executed", "done", "end"]
    assert all(line["format"] == 1 for line in lines)
    assert all(dt.datetime.fromisoformat(line["time"]).tzinfo for line in lines)
    statement, executed, done, end = theirs[2:]
    assert statement["migration"] == done["migration"] == "0001_initial"
    assert statement["text"].startswith('CREATE TABLE "product"')
    told = {key: value for key, value in executed.items() if key in statement}
    assert {**told, "event": "statement", "time": statement["time"]} == statement
    assert executed.keys() - statement.keys() == {"seconds", "waited", "rows"}
    assert (executed["waited"], executed["rows"]) == (0.0, None)
    assert end["exit_code"] == 0


def test_our_own_statements_are_marked_and_counted(project: Path, log: Any) -> None:
    _, lines, _ = log("migrate", "--log", "json")
    own = [line for line in lines if line.get("ours") and line["event"] == "executed"]
    assert [line["rows"] for line in own if line["text"].startswith("INSERT")] == [1]
    assert (project / "app.db").exists()


def test_an_error_is_a_line_and_its_exit_code_the_last(project: Path, log: Any) -> None:
    code, lines, out = log("migrate", "99", "--log=json")
    assert (code, out) == (2, "")
    assert kinds(lines) == ["error", "end"]
    assert lines[0]["error"].startswith("there is no migration '99'")
    assert lines[0]["exit_code"] == lines[1]["exit_code"] == 2


@pytest.mark.parametrize("arguments", [["nope"], ["migrate", "--nope"], ["migrate", "--env", "x"]])
def test_wrong_arguments_are_lines_too(project: Path, log: Any, arguments: list[str]) -> None:
    code, lines, _ = log("--log", "json", *arguments)
    assert code == 2
    assert kinds(lines) == ["error", "end"]
    assert lines[0]["hint"]


def test_the_way_out_can_be_pasted(project: Path, log: Any) -> None:
    _, lines, _ = log("--log", "json", "migrat")
    assert lines[0]["hint"] == "peewee-mig --log json migrate"


def test_with_json_stdout_has_the_one_object(project: Path, log: Any) -> None:
    code, lines, out = log("migrate", "--json", "--log", "json")
    assert code == 0
    assert json.loads(out)["applied"][0]["name"] == "0001_initial"
    assert kinds(lines)[-2:] == ["message", "end"]
    assert lines[-2]["text"].startswith("1 migration applied in ")


def test_quiet_keeps_the_log(project: Path, log: Any) -> None:
    _, lines, out = log("migrate", "-q", "--log", "json")
    assert out == ""
    assert "done" in kinds(lines)


def test_verbose_adds_no_text(project: Path, log: Any) -> None:
    _, lines, _ = log("migrate", "-vv", "--log", "json")
    assert kinds(lines)[-1] == "end"


def test_a_warning_is_a_line(project: Path, log: Any) -> None:
    assert call(["migrate", "-q"]) == 0
    for path in (project / "migrations").glob("**/*.*"):
        path.unlink()
    code, lines, _ = log("status", "--log", "json")
    assert code == 0
    assert kinds(lines) == ["end"]
    _, lines, _ = log("migrate", "--log", "json")
    assert kinds(lines) == ["warning", "end"]
    assert "the database is ahead" in lines[0]["text"]


def test_rollback_push_seed_baseline_and_repair_tell_the_same_way(project: Path, log: Any) -> None:
    assert call(["migrate", "-q"]) == 0
    _, lines, _ = log("seed", "--log", "json")
    assert [line["seed"] for line in lines if line["event"] == "seeded"] == ["products"]
    _, lines, _ = log("rollback", "--allow-data-loss", "all", "--log", "json")
    assert [line["direction"] for line in lines if line["event"] == "done"] == ["backward"]
    _, lines, _ = log("push", "--log", "json")
    (made,) = [x for x in lines if x["event"] == "executed" and not x.get("ours")]
    assert made["migration"] == "push"
    _, lines, _ = log("baseline", "--log", "json")
    assert {x["text"].split()[0] for x in lines if x["event"] == "executed"} == {
        "DELETE",
        "INSERT",
    }
    _, lines, _ = log("reset", "--yes", "--log", "json")
    assert "DROP" in {x["text"].split()[0] for x in lines if x["event"] == "executed"}
    assert [x["migration"] for x in lines if x["event"] == "done"] == ["0001_initial"]
    with closing(sqlite3.connect(project / "app.db", isolation_level=None)) as connection:
        connection.execute("DELETE FROM peewee_mig_history")
    code, lines, _ = log("repair", "--yes", "--log", "json")
    assert code == 0
    assert [x["rows"] for x in lines if x["event"] == "executed"] == [1]


def test_nobody_is_asked(project: Path, log: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("peewee_mig.cli.prompts.interactive", lambda: True)
    assert call(["migrate", "-q"]) == 0
    assert call(["seed", "-q"]) == 0
    code, lines, _ = log("rollback", "--log", "json")
    assert code == 5
    assert "--allow-data-loss product" in lines[0]["hint"]


def test_the_setting_and_its_variable(
    project: Path, log: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = project / "peewee_mig.toml"
    plain = file.read_text()
    file.write_text('log = "json"\n' + plain)
    assert kinds(log("migrate")[1])[-1] == "end"
    file.write_text(plain)
    monkeypatch.setenv("PEEWEE_MIG_LOG", "json")
    assert kinds(log("status")[1]) == ["end"]
    assert kinds(log("status", "--config", "none.toml")[1]) == ["error", "end"]
    file.write_text('log = "xml"\n' + plain)
    monkeypatch.delenv("PEEWEE_MIG_LOG")
    assert call(["status"]) == 2


def test_the_option_wins_over_the_setting(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "peewee_mig.toml"
    file.write_text('log = "json"\n' + file.read_text())
    assert call(["migrate", "--log", "text"]) == 0
    assert "{" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "environ", "form"),
    [
        (["migrate"], {}, "text"),
        (["migrate", "--log", "json"], {}, "json"),
        (["--log=json", "migrate"], {}, "json"),
        (["migrate"], {"PEEWEE_MIG_LOG": "json"}, "json"),
        (["migrate", "--log", "text"], {"PEEWEE_MIG_LOG": "json"}, "text"),
        (["--log"], {}, "text"),
    ],
)
def test_the_form_before_the_options_are_read(
    args: list[str], environ: dict[str, str], form: str
) -> None:
    assert form_of(args, environ) == form


def test_an_event_leaves_out_what_says_nothing() -> None:
    assert Event("waiting", text="for ada").to_json() == {"event": "waiting", "text": "for ada"}
    assert Event("locked").to_json() == {"event": "locked", "seconds": 0.0}
    assert Event("executed", text="x", rows=0, seconds=0.00004).to_json() == {
        "event": "executed",
        "text": "x",
        "seconds": 0.0,
        "waited": 0.0,
        "rows": 0,
    }


def test_lines_are_there_as_they_happen(project: Path) -> None:
    """A reader of the pipe sees the statement while it runs."""
    (project / "migrations" / "0002_slow.py").write_text(
        "from peewee_mig import op\n\nformat = 1\n"
        'depends_on = ["0001_initial"]\noperations = [\n    op.run_sql("WITH RECURSIVE'
        " n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) INSERT INTO"
        " product (name) SELECT 'x' FROM n WHERE i < 0\", []),\n]\n"
    )
    assert call(["snapshot", "0002", "-q"]) == 0
    process = subprocess.Popen(
        [sys.executable, "-m", "peewee_mig", "migrate", "--log", "json"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stderr is not None
    try:
        for line in process.stderr:
            told = json.loads(line)
            if told["event"] == "statement" and "RECURSIVE" in told["text"]:
                break
        assert process.poll() is None  # the statement takes much longer than the line
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
