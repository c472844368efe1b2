"""Projects of other tools, as tests/adopting describes them, each in a folder of its own."""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from peewee_mig.cli.main import call

ROOT = Path(__file__).parents[1] / "adopting"
_BLOCK = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
TOOLS = sorted(path.stem for path in ROOT.glob("*.md") if path.stem != "models")


def files_of(tool):
    """Return the files of a project, and the SQL of its database under ``database.sql``."""
    return dict(_BLOCK.findall((ROOT / f"{tool}.md").read_text(encoding="utf-8")))


@dataclass
class Adopted:
    """A project in a folder; ``out``: what the last command printed, ``json``: its answer."""

    folder: Path
    capture: object
    out: str = ""

    @classmethod
    def of(cls, tool, folder, capture):
        """Write the files and the database of a tool, and the models."""
        world = cls(folder, capture)
        files = files_of(tool)
        world.sql(files.pop("database.sql"))
        world.write(**{f"{world.models}.py": files_of("models")["models.py"]}, **files)
        return world

    @property
    def models(self):
        """The name of the module of models, which no other test has."""
        return f"shelf_{self.folder.name}"

    @property
    def json(self):
        return json.loads(self.out)

    def write(self, **files):
        for path, text in files.items():
            place = self.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")

    def remove(self, path):
        (self.folder / path).unlink()

    def run(self, *args, models=True):
        """Run the program in this process; return its exit code."""
        named = ["--models", self.models] if models else []
        place = ["--database", "sqlite:///library.db", *named]
        code = call([*args, *place, *(["--no-input"] if "--yes" not in args else [])])
        printed = self.capture.readouterr()
        self.out = printed.out + (printed.err if "--json" not in args else "")
        return code

    def sql(self, script):
        with closing(sqlite3.connect(self.folder / "library.db")) as connection:
            connection.executescript(script)

    def rows(self, query):
        with closing(sqlite3.connect(self.folder / "library.db")) as connection:
            return connection.execute(query).fetchall()

    def state(self):
        """Return every file, and what the database holds."""
        files = {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path.suffix not in (".pyc", ".db")
        }
        with closing(sqlite3.connect(self.folder / "library.db")) as connection:
            return files, list(connection.iterdump())
