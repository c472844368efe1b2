"""Wrong input: one sentence and the right exit code, whatever the option."""

import os
import subprocess
import sys

import pytest

from peewee_mig.cli.main import call

HEAD = (
    "from peewee import *\n\n\nclass Base(Model):\n    class Meta:\n        database = None\n\n\n"
)


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


@pytest.mark.parametrize("option", ["--database", "--env", "--config", "--directory", "--models"])
@pytest.mark.parametrize("order", ["before", "after"])
def test_an_option_with_an_empty_value_is_not_taken_for_left_out(capsys, option, order):
    words = [option, "", "status"] if order == "before" else ["status", option, ""]
    assert call(words) == 2
    assert f"{option} is empty" in capsys.readouterr().err


@pytest.mark.parametrize("target", ["²", "--1", "٣", "1e3", "é"])
def test_a_number_of_steps_is_written_in_plain_digits(project, capsys, target):
    (project / "migrations").mkdir()
    assert call(["rollback", "--database", "sqlite:///app.db", "--", target]) == 2
    assert target in capsys.readouterr().err


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("raise BaseException('no')", "BaseException: no"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("raise SystemExit(0)", "SystemExit"),
        ("def f():\n    f()\n\n\nf()", "RecursionError"),
    ],
)
def test_whatever_an_import_raises_is_one_sentence(project, source, words):
    said = generate(project, source)
    assert said.returncode == 2
    assert words in said.stderr
    assert "Traceback" not in said.stderr
    assert "shop.py:" in said.stderr


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "class A(Base):\n    x = IntegerField()\n    y = IntegerField(column_name='X')\n",
            "differ only in letter case: x and X\n  where:     columns of a\n",
        ),
        (
            "class A(Base):\n    pass\nclass B(Base):\n    class Meta:\n        table_name = 'A'",
            "differ only in letter case: A and a\n  where:     tables\n",
        ),
    ],
)
def test_names_that_differ_in_letter_case_only_are_refused_for_sqlite(project, source, words):
    said = generate(project, source)
    assert said.returncode == 5
    assert words in said.stderr


NAMES = ["select", 'we"ird', "we'ird", "a;b", "a%sb", "a\nb", "a.b", "é", "{x}", ":x", "?", "a\\"]


def test_strange_names_go_there_and_back(project):
    models = "".join(
        f"class T{number}(Base):\n"
        f"    column = IntegerField(index=True, column_name={name!r})\n\n"
        f"    class Meta:\n        table_name = {name + '_t'!r}\n\n\n"
        for number, name in enumerate(NAMES)
    )
    assert generate(project, models).returncode == 0
    for command in ("migrate", "check", "rollback", "migrate", "status --check"):
        said = run(project, *command.split())
        assert (said.returncode, said.stderr) == (0, "")


def generate(project, source):
    (project / "shop.py").write_text(HEAD + source)
    return run(project, "generate")


def run(project, *words):
    command = [sys.executable, "-m", "peewee_mig", *words, "--models", "shop"]
    return subprocess.run(
        [*command, "--database", "sqlite:///app.db"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
