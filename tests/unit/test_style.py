"""file_name and format_command: how the files of a project are named and written."""

import datetime as dt
import itertools
import json
import sys
from pathlib import Path

import pytest

from peewee_mig.cli.main import call
from peewee_mig.commands.style import Style

NUMBERS = itertools.count()
MODELS = """
from peewee import Model, TextField


class Person(Model):
    name = TextField()
"""
NOON = dt.datetime(2026, 5, 1, 12, 30, 5, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configure(*lines, more=""):
    name = f"style_models_{next(NUMBERS)}"
    Path(f"{name}.py").write_text(MODELS + more)
    words = "\n".join(["[peewee_mig]", f"models = {name}", "database = app.db", *lines])
    Path("setup.cfg").write_text(words + "\n")


def formatter(text):
    Path("formatter.py").write_text(f"import sys\nfrom pathlib import Path\n{text}\n")
    return f"format_command = {sys.executable} formatter.py"


def modules():
    return sorted(Path("migrations").glob("*.py"))


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{slug}", "add_age"),
        ("{date}_{slug}", "20260501_add_age"),
        ("{date}{time}_{slug}_core", "20260501123005_add_age_core"),
    ],
)
def test_templates(template, words):
    assert Style(file_name=template, now=lambda: NOON).words("add_age") == words


def test_a_template_names_what_is_generated(capsys):
    configure("file_name = core_{slug}")
    assert call(["generate", "--dry-run"]) == 0
    assert call(["generate", "--name", "people"]) == 0
    assert [path.name for path in modules()] == ["0001_core_people.py"]
    configure("file_name = core_{slug}", more="    age = TextField(null=True)\n")
    assert call(["generate"]) == 0
    configure("file_name = core_{slug}", more="    town = TextField(null=True)\n")
    assert call(["generate", "--amend"]) == 0
    assert modules()[-1].name == "0002_core_add_person_age.py"
    assert call(["generate", "--amend", "--name", "towns"]) == 0
    assert [path.name for path in modules()] == ["0001_core_people.py", "0002_core_towns.py"]
    assert call(["migrate", "2"]) == 0


@pytest.mark.parametrize(
    "template", ["{date}", "{slug}-{date}", "{slug}_{user}", "{Slug}", "a/{slug}"]
)
def test_a_template_that_names_nothing_well_is_refused(template, capsys):
    configure(f"file_name = {template}")
    assert call(["generate"]) == 2
    said = capsys.readouterr().err
    assert f"is '{template}', which names no migration" in said
    assert "{slug} has to be in it" in said


def test_a_formatter_sees_the_file(capsys):
    configure(
        formatter("path = Path(sys.argv[-1])\npath.write_text('# ours\\n' + path.read_text())")
    )
    assert call(["generate", "--apply"]) == 0
    (module,) = modules()
    assert module.read_text().startswith("# ours\n")
    assert call(["check"]) == 0
    assert capsys.readouterr().err == ""


def test_files_stand_where_the_command_says():
    configure(formatter("Path('seen').write_text(' '.join(sys.argv[1:]))") + " -a {files} -b")
    assert call(["generate", "--name", "x"]) == 0
    said = Path("seen").read_text().split()
    assert (said[0], said[2], Path(said[1]).name) == ("-a", "-b", "0001_x.py")


def test_a_formatter_that_changes_what_is_done_is_undone(capsys):
    configure(
        formatter(
            "path = Path(sys.argv[-1])\npath.write_text(path.read_text().replace('name', 'nick'))"
        )
    )
    assert call(["generate"]) == 0
    said = capsys.readouterr()
    assert "format_command changed what 0001_initial.py does" in said.err
    assert '"name"' in modules()[0].read_text()
    assert call(["check", "-q"]) == 0


def test_a_formatter_that_breaks_the_file_is_undone(capsys):
    configure(formatter("Path(sys.argv[-1]).write_text('operations = [')"))
    assert call(["generate"]) == 0
    assert "format_command changed what 0001_initial.py does" in capsys.readouterr().err
    assert call(["check", "-q"]) == 0


def test_a_failure_of_the_formatter_is_told_and_no_more(capsys):
    configure(formatter("sys.exit('no such style')"))
    assert call(["generate", "--json"]) == 0
    said = capsys.readouterr()
    (note,) = json.loads(said.out)["notes"]
    assert note.startswith("format_command failed (exit code 1): ")
    assert note.endswith("formatter.py: no such style")
    configure("format_command = no-such-formatter", more="    age = TextField(null=True)\n")
    assert call(["generate"]) == 0
    assert "format_command failed: no-such-formatter: No such file" in capsys.readouterr().err
    assert len(modules()) == 2


def test_a_formatter_that_does_not_end_is_left(monkeypatch, capsys):
    monkeypatch.setattr("peewee_mig.commands.style._PATIENCE", 0.2)
    configure(formatter("import time\ntime.sleep(60)"))
    assert call(["generate"]) == 0
    assert "not done after 0 seconds" in capsys.readouterr().err


@pytest.mark.parametrize(("command", "why"), [("ruff 'format", "no closing quotation"), ("#", "")])
def test_what_is_no_command_is_refused(command, why, capsys):
    configure(f"format_command = {command}")
    code = call(["generate"])
    said = capsys.readouterr().err
    if why:
        assert code == 2
        assert f"is no command: {why}" in said
    else:
        assert "format_command failed: #" in said
