"""Migration files of every kind of object: as the formatter leaves them, and read back."""

import subprocess
import sys
from pathlib import Path

import pytest
from words_world import COLUMNS, FUNCTION, INDEXES, OBJECTS, OPERATIONS, TRIGGER, VIEW

from peewee_mig import op
from peewee_mig.errors import HistoryError, SchemaError
from peewee_mig.history.module import load_module, parse_module
from peewee_mig.history.render import render_module

ROOT = Path(__file__).parents[2]


def rendered(*operations):
    return render_module(operations, depends_on=[])


def read(text):
    return parse_module(Path("0001_x.py"), text.encode()).operations


@pytest.mark.parametrize("word", OPERATIONS)
def test_a_file_gives_back_the_operation(word):
    assert read(rendered(OPERATIONS[word])) == (OPERATIONS[word],)


def test_the_formatter_changes_nothing():
    text = rendered(*OPERATIONS.values())
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--stdin-filename", "m.py"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    assert done.stdout.decode() == text


@pytest.mark.parametrize("length", range(80, 90))
def test_a_summary_of_any_length_is_as_the_formatter_leaves_it(length):
    summary = ("word " * 20)[: length - 1].strip().ljust(length - 1, "x") + "."
    text = render_module([], depends_on=[], summary=summary)
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--stdin-filename", "m.py"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    assert done.stdout.decode() == text


def test_a_module_of_every_kind_passes_the_strict_type_checker(tmp_path):
    path = tmp_path / "m_every_kind.py"
    path.write_text(rendered(*OPERATIONS.values()), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file=",
        "--follow-imports=silent",
        str(path),
    ]
    done = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, text=True)
    assert done.returncode == 0, done.stdout


def test_what_is_at_its_default_is_not_written():
    text = rendered(op.add_column("t", op.column("a", "INT")), op.add_check("t", op.check("1 = 1")))
    assert '    op.add_column("t", op.column("a", "INT")),\n' in text
    assert '    op.add_check("t", op.check("1 = 1")),\n' in text


def test_expressions_are_written_in_the_neutral_form():
    text = rendered(
        op.add_column("t", COLUMNS[3]),
        op.create_index("t", op.index("i", parts='lower("a")', where='"a" > 1')),
        op.create_object(op.view("v", "select  1")),
    )
    assert """op.column("twice", "INT", computed='"price" * 2', stored=True)""" in text
    assert """op.index("i", parts=['lower("a")'], where='"a" > 1')""" in text
    assert 'op.view("v", "select 1")' in text


def test_one_name_stands_for_a_list_of_it():
    assert op.column("a", "INT", options="UNSIGNED") == op.column("a", "INT", options=["UNSIGNED"])
    assert op.index("i", "a", options="x=1", include="b").options == ("x=1",)
    assert op.view("v", "SELECT 1", needs="t").needs == ("t",)
    assert op.index("i", parts='"a"') == op.index("i", "a")


def test_values_are_in_normal_form():
    assert op.column("a", "INT", default="NULL") == op.column("a", "INT")
    assert op.column("a", "INT", default="(5)") == op.column("a", "INT", default="5")
    assert op.unique("a", deferrable="deferrable initially deferred").deferrable == (
        "INITIALLY DEFERRED"
    )
    assert op.options("B", "A") == op.options("A", "B")
    assert INDEXES[1].using == "hash"
    assert op.index("i", "a", using="btree").using is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: op.create_table("t", COLUMNS[0], op.options("A"), op.options("B")),
        lambda: op.create_table("t", COLUMNS[0], VIEW),
        lambda: op.create_table("t", COLUMNS[0], op.check("1"), op.check("1")),
        lambda: op.column("a", "INT", default="1", computed="1"),
        lambda: op.column("a", "INT", default="'open"),
        lambda: op.column("a", "Int"),
        lambda: op.index("i"),
        lambda: op.index("i", "a", parts=["lower(a)"]),
        op.unique,
        lambda: op.unique("a", "a"),
        lambda: op.unique("a", deferrable="LATER"),
        lambda: op.enum("e"),
        lambda: op.trigger("x", "t", create={"postgresql": "C"}, drop="D"),
        lambda: op.function("x", create="C", drop={"sqlserver": "D"}),
    ],
)
def test_what_no_database_could_hold_is_refused(make):
    with pytest.raises(SchemaError) as caught:
        make()
    assert caught.value.message


@pytest.mark.parametrize(
    "line",
    [
        'op.add_check("t", op.check(1))',
        'op.add_check("t", op.check("1", name=2))',
        'op.add_check(3, op.check("1"))',
        'op.alter_options("t", old=op.options(), new=op.options(comment=1))',
        'op.create_object(op.sequence("s").name)',
        'op.create_object(op.trigger("x", "t", create={"sqlite": 1}, drop="D"))',
        'op.create_object(op.function("x", create=1, drop="D"))',
        'op.create_object(op.enum("e", 1))',
        'op.create_object(op.dragon("e"))',
        'op.create_object(op.view("v", "SELECT \'open"))',
    ],
)
def test_a_wrong_line_is_refused_with_its_file_and_line(tmp_path, line):
    path = tmp_path / "0001_x.py"
    head = "from peewee_mig import op\nformat = 1\n"
    path.write_text(f"{head}operations = [{line}]\n", encoding="utf-8")
    with pytest.raises(HistoryError) as caught:
        load_module(path)
    assert caught.value.where == f"{path}:3"
    assert caught.value.hint


def test_sql_for_all_engines_and_for_each_is_kept_apart():
    assert FUNCTION.statement("create", "sqlite") == ""
    assert TRIGGER.statement("drop", "postgres") == "DROP TRIGGER touched"
    assert OBJECTS["object"].statement("create", "mysql") == "GRANT …"
