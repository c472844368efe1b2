"""graph: what each migration depends on, and what a database has of them."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from compare_world import AGE, INDEX, PEOPLE, World

from peewee_mig.commands.graph import graph


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    world = World(tmp_path)
    world.write(PEOPLE, AGE)
    return world


def module(world, name, depends_on, **more):
    """Write a module without operations, and no snapshot: the graph needs none."""
    lines = [f"{key} = {value!r}" for key, value in {"depends_on": depends_on, **more}.items()]
    text = "\n".join(["from peewee_mig import op", "format = 1", *lines, "operations = []", ""])
    (world.migrations / f"{name}.py").write_text(text, encoding="utf-8")


def told(world, capsys, *args):
    code = world.cli("graph", *args)
    streams = capsys.readouterr()
    assert code == 0
    return streams.out + streams.err


def test_what_is_applied_and_what_is_pending_is_marked(world, capsys):
    world.cli("migrate", "0001", "-q")
    (finished,) = world.sql("SELECT finished FROM peewee_mig_history")[0]
    assert told(world, capsys) == (
        f"●  0001_step  applied  {finished}\n○  0002_step  pending\n2 migrations, 1 pending.\n"
    )


def test_a_database_that_is_not_there_is_not_made(world, capsys):
    assert told(world, capsys).endswith("2 migrations, 2 pending.\n")
    assert not world.file.exists()


def test_offline_the_files_alone_are_drawn(world, capsys):
    assert told(world, capsys, "--offline") == "●  0001_step\n●  0002_step\n2 migrations.\n"


def test_without_a_database_the_files_alone_are_drawn(world):
    result = graph(replace(world.project, database=""))
    assert (result.asked, result.notes) == (False, ())


def test_a_database_that_does_not_answer_is_a_warning(world, capsys):
    text = told(world, capsys, "--database", "postgresql://127.0.0.1:1/app")
    assert "●  0001_step\n●  0002_step\n2 migrations.\n" in text
    assert "warning: what is applied is not known: the database postgresql://" in text


def test_branches_and_merge_points_have_lanes(world, capsys):
    module(world, "0003_left", ["0002_step"])
    module(world, "0003_right", ["0002_step"])
    module(world, "0004_right", ["0003_right"])
    assert told(world, capsys, "--offline") == (
        "●    0001_step\n●    0002_step\n├─╮\n● │  0003_left   head\n│ ●  0003_right\n"
        "  ●  0004_right  head\n5 migrations, 2 heads. next: peewee-mig check\n"
    ).replace("│ ●  0003_right", "  ●  0003_right")
    module(world, "0005_merge", ["0003_left", "0004_right"])
    text = told(world, capsys, "--offline")
    assert text.endswith("├─╯\n●    0005_merge\n6 migrations.\n")
    assert "head" not in text


def test_what_is_replaced_and_by_what_is_told(world, capsys):
    module(world, "0003_squash", [], replaces=["0001_step", "0002_step"])
    module(world, "0004_all", [], replaces=["0001_step", "0002_step", "0003_squash"])
    text = told(world, capsys, "--offline")
    assert "0001_step    replaced by 0003_squash and 0004_all" in text
    assert "replaces 0001_step and 0002_step; replaced by 0004_all" in text
    assert "replaces 0001_step to 0003_squash (3)" in text


def test_a_parent_that_is_not_there_and_a_circle_are_told(world, capsys):
    module(world, "0003_lost", ["0002_gone"])
    module(world, "0004_one", ["0005_other"])
    module(world, "0005_other", ["0004_one"])
    text = told(world, capsys, "--offline")
    assert "0003_lost   head; depends on 0002_gone, which is not there" in text
    assert "0004_one    depends on 0005_other, in a circle" in text


def test_what_only_the_database_knows_is_told(world, capsys):
    world.write(INDEX)
    world.cli("migrate", "-q")
    for path in world.migrations.rglob("0003_step*"):
        path.unlink()
    text = told(world, capsys)
    assert "\n  ●  0003_step  unknown" in text
    assert "  no file\n3 migrations, none pending.\n" in text


def test_json_has_every_migration_and_its_state(world, capsys):
    world.cli("migrate", "0001", "-q")
    told_json = json.loads(told(world, capsys, "--json", "-q"))
    first, second = told_json["migrations"]
    assert (told_json["heads"], told_json["asked"]) == (["0002_step"], True)
    assert (first["state"], first["head"], second["depends_on"]) == (
        "applied",
        False,
        ["0001_step"],
    )
    assert second["state"] == "pending"
    assert second["applied_at"] is None


def test_mermaid_is_a_flowchart_with_states(world, capsys):
    world.cli("migrate", "0001", "-q")
    module(world, "0003_squash", [], replaces=["0002_step"])
    text = told(world, capsys, "--mermaid")
    for line in (
        "flowchart TD",
        '  m0["0001_step<br/>applied"]',
        "  m0 --> m1",
        "  m1 -.-> m2",
        '  m1["0002_step"]',
        "  class m2 pending",
    ):
        assert line in text.split("\n"), line
    offline = told(world, capsys, "--mermaid", "--offline")
    assert "class" not in offline
    answer = json.loads(told(world, capsys, "--mermaid", "--offline", "--json"))
    assert answer["mermaid"] + "\n" == offline


def test_no_migrations_are_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "migrations").mkdir()
    assert told(World(tmp_path), capsys) == "No migrations yet. next: peewee-mig generate\n"


def test_a_folder_that_is_not_there_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert World(tmp_path).cli("graph") == 2
    assert "does not exist" in capsys.readouterr().err


def test_reading_needs_no_peewee(world):
    code = (
        "import sys; from peewee_mig.cli.main import call\n"
        "for args in (['graph'], ['show', '1'], ['erd'], ['erd', '..1', '--output', 'a.svg']):\n"
        "    assert call([*args, '-q', '--database', 'sqlite:///app.db']) == 0\n"
        "sys.exit('peewee' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=world.folder, check=False)
    assert done.returncode == 0


def test_a_terminal_without_such_signs_gets_plain_ones(world, monkeypatch, capsys):
    from peewee_mig.cli import reading

    class Narrow:
        encoding = "latin-1"

    monkeypatch.setattr(reading.sys, "stdout", Narrow())
    assert reading._encodable("├─╮ ● ○") == "+-. * o"
