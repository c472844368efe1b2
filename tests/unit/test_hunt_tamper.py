"""What an adversary does to the migrations folder is refused, by name, and changes nothing."""

import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from peewee_mig.cli.main import call

MODULE = '''"""Step {number}."""

from peewee_mig import op

format = 1

depends_on = {depends_on}

operations = [
    {operation},
]
'''
FIRST = 'op.create_table("t", op.column("id", "AUTO"), op.primary_key("id"))'
COMMANDS = ("generate --empty", "migrate", "rollback", "sql", "check")


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """Eight migrations, of which five are applied."""
    folder = tmp_path_factory.mktemp("original")
    (folder / "migrations").mkdir()
    (folder / "peewee_mig.toml").write_text('models = ["shop"]\ndatabase = "sqlite:///app.db"\n')
    for number in range(1, 9):
        operation = f'op.add_column("t", op.column("c{number}", "INT", null=True))'
        text = MODULE.format(
            number=number,
            depends_on=f'["{number - 1:04}_m{number - 1}"]' if number > 1 else "[]",
            operation=operation if number > 1 else FIRST,
        )
        (folder / f"migrations/{number:04}_m{number}.py").write_text(text)
        run(folder, f"snapshot {number}")
    run(folder, "migrate 5")
    return folder


@pytest.fixture
def project(original, tmp_path):
    shutil.copytree(original, tmp_path / "project")
    return tmp_path / "project"


def run(folder, words):
    before = Path.cwd()
    os.chdir(folder)
    try:
        return call([*words.split(), "--no-input"])
    finally:
        os.chdir(before)


def module(project, number):
    return project / f"migrations/{number:04}_m{number}.py"


def snapshot(project, number):
    return project / f"migrations/snapshots/{number:04}_m{number}.json"


def replace(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def edit(path, **changes):
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def swap(first, second):
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)


def copy(project, number, name):
    shutil.copy(module(project, number), project / f"migrations/{name}.py")
    shutil.copy(snapshot(project, number), project / f"migrations/snapshots/{name}.json")


def swap_names(project):
    for of in (module, snapshot):
        swap(of(project, 3), of(project, 4))


def delete(*paths):
    for path in paths:
        path.unlink()


def state(project):
    files = {p: p.read_bytes() for p in project.rglob("*.[pj]*") if p.is_file()}
    with sqlite3.connect(project / "app.db") as database:
        rows = tuple(database.iterdump())
    database.close()
    return files, rows


#: What is done -> the name that the message has.
TAMPERED = {
    "edited_applied": (lambda p: replace(module(p, 5), '"c5"', '"c9"'), "0005_m5"),
    "deleted_applied": (lambda p: delete(module(p, 3)), "0003_m3"),
    "deleted_applied_whole": (lambda p: delete(module(p, 3), snapshot(p, 3)), "0003_m3"),
    "deleted_last_applied": (lambda p: delete(module(p, 5)), "0005_m5"),
    "deleted_last_whole": (lambda p: delete(module(p, 5), snapshot(p, 5)), "0005_m5"),
    "swapped_names_of_applied": (swap_names, "0003_m3"),
    "swapped_pending": (lambda p: swap(module(p, 6), module(p, 7)), "0006_m6"),
    "second_of_a_number": (lambda p: copy(p, 3, "0003_other"), "0003_other"),
    "out_of_order": (lambda p: copy(p, 3, "0003a_other"), "0003a_other"),
    "copy_of_an_applied_one": (lambda p: copy(p, 5, "0009_copy"), "0009_copy"),
    "syntax_error": (lambda p: replace(module(p, 8), "]\n", "])\n"), "0008_m8.py:"),
    "empty": (lambda p: module(p, 7).write_text(""), "0007_m7.py"),
    "truncated": (lambda p: replace(module(p, 7), "null=True))", ""), "0007_m7.py:"),
    "conflict": (lambda p: replace(module(p, 7), "format", "<<<<<<< HEAD\nformat"), "0007_m7.py:5"),
    "snapshot_edited": (lambda p: replace(snapshot(p, 5), '"c5"', '"c9"'), "0005_m5.json"),
    "snapshot_hash": (lambda p: edit(snapshot(p, 5), schema="0" * 64), "0005_m5.json"),
    "snapshot_parents": (lambda p: edit(snapshot(p, 5), parents={"0004_m4": "0"}), "0005_m5.json"),
    "snapshot_parents_list": (lambda p: edit(snapshot(p, 5), parents=["0004_m4"]), "0005_m5.json"),
    "snapshot_missing": (lambda p: delete(snapshot(p, 6)), "0006_m6.json"),
    "snapshot_of_another": (lambda p: shutil.copy(snapshot(p, 4), snapshot(p, 6)), "0006_m6.json"),
    "snapshot_extra_key": (lambda p: edit(snapshot(p, 6), extra=1), "0006_m6.json"),
    "snapshot_newer": (lambda p: edit(snapshot(p, 6), format=2, extra=1), "0006_m6.json"),
    "snapshot_latin1": (lambda p: snapshot(p, 6).write_bytes(b'{"\xe9": 1}'), "0006_m6.json"),
    "snapshot_deep": (lambda p: snapshot(p, 6).write_text("[" * 100_000), "0006_m6.json"),
    "module_exits": (lambda p: replace(module(p, 7), "format", "exit(0)\nformat"), "0007_m7.py:5"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_folder_is_refused_by_name_and_nothing_changes(project, capsys, name):
    tamper, words = TAMPERED[name]
    tamper(project)
    before = state(project)
    for command in COMMANDS:
        code = run(project, command)
        said = "".join(capsys.readouterr())
        assert (command, code) == (command, 1 if command == "check" else 5)
        assert words in said
        assert "Traceback" not in said
    assert run(project, "status --check") in {1, 5}
    assert state(project) == before


def test_line_ends_of_another_system_change_nothing(project, capsys):
    for path in (project / "migrations").rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert run(project, "migrate") == 0
    assert run(project, "status --check") == 0
    assert run(project, "rollback 8") == 0


def test_a_docstring_may_be_edited_after_the_fact(project):
    replace(module(project, 5), "Step 5.", "The fifth step.")
    assert run(project, "migrate") == 0


def test_a_folder_may_be_a_symbolic_link(project):
    (project / "migrations").rename(project / "elsewhere")
    (project / "migrations").symlink_to(project / "elsewhere")
    assert run(project, "migrate") == 0


def test_a_newer_format_is_named_even_where_its_words_are_unknown(project, capsys):
    replace(module(project, 7), "format = 1", "format = 2")
    replace(module(project, 7), "op.add_column", "op.add_something")
    assert run(project, "migrate") == 5
    assert "has format 2" in capsys.readouterr().err


def test_nothing_is_undone_below_a_migration_whose_file_is_not_here(project, capsys):
    for number in (5, 6, 7, 8):
        delete(module(project, number), snapshot(project, number))
    before = state(project)
    for command in ("rollback", "rollback 2", "migrate -1", "migrate zero"):
        assert run(project, command) == 5
        assert "0005_m5" in capsys.readouterr().err
    assert run(project, "migrate") == 0
    assert state(project) == before
