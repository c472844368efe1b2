"""adopt finds the calls that make tables, wherever they stand."""

import pytest
from adopting_world import Adopted


@pytest.fixture
def adopting(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return lambda tool: Adopted.of(tool, tmp_path, capsys)


@pytest.mark.parametrize(
    "code",
    [
        "for model in [Author, Book]:\n    model.create_table(safe=True)\n",
        "class App:\n    def run(me):\n        with db:\n            db.create_tables([Author])\n",
        "if True:\n    (\n        db\n        .create_tables([\n            Author]))\n",
        "\ufeffdb.create_tables([Author])\n",
        "x = 1\n\f\ndb.create_tables([Author])\n",
        "x = '\\d'\ndb.create_tables([Author])\n",
        "def create_app():\n    db.database.create_tables(MODELS)\n",
        "while True:\n    Book.create_table(True)\n",
    ],
)
def test_calls_are_found_wherever_they_stand(adopting, code):
    world = adopting("create_tables")
    world.write(**{"app.py": code})
    lines = code.replace("\f", "").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if ".create_table" in line)
    text = lines[number - 1].strip("\ufeff ")
    assert world.run("adopt", "--json") == 0
    assert world.json["evidence"] == [f"app.py:{number}: {text}"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("conftest.py", "db.create_tables([Author])\n"),
        ("test_models.py", "db.create_tables([Author])\n"),
        ("window.py", "class Window:\n    def show(self):\n        self.create_table()\n"),
        ("old.py", "migrator.create_table('author')\n"),
    ],
)
def test_what_is_no_call_at_start_up(adopting, path, code):
    world = adopting("create_tables")
    world.remove("app.py")
    world.write(**{path: code})
    assert world.run("adopt") == 2
    assert "no trace of another tool" in world.out
