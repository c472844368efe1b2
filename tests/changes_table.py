"""docs/reference/changes.md: what a change of each kind does, on each engine.

The statements are planned offline from the pairs that the live tests run. Whether a table is
rewritten was measured by ``tests/live/test_rewrites.py``, which keeps ``rewrites.json`` true.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from fidelity_pairs import PAIRS as COMMON
from fidelity_pairs import Pair
from fidelity_postgres import ONLY as OF_POSTGRES

from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Dialect, Statement, Step
from peewee_mig.dialects.sqlite.rebuild import Rebuild
from peewee_mig.diff import diff
from peewee_mig.errors import MigError
from peewee_mig.operations import invert_all, replay, word_of
from peewee_mig.operations.verbs import Operation
from peewee_mig.plan.planner import plan
from peewee_mig.schema import Schema

PAIRS = [*COMMON, *(replace(each, engines=frozenset({"postgres"})) for each in OF_POSTGRES)]
ENGINES = ("sqlite", "postgres", "mysql")
TITLES = {"sqlite": "SQLite", "postgres": "PostgreSQL", "mysql": "MariaDB"}
PAGE = Path(__file__).parents[1] / "docs" / "reference" / "changes.md"
MEASURED = Path(__file__).parent / "rewrites.json"

#: Words that begin or continue a statement; the first other word ends its short form.
_WORDS = re.compile(
    r"(?:CREATE|ALTER|DROP|ADD|RENAME|TABLE|COLUMN|INDEX|UNIQUE|FULLTEXT|SPATIAL|VIEW|MATERIALIZED|"
    r"SEQUENCE|TYPE|TRIGGER|FUNCTION|EXTENSION|VALUE|UPDATE|COMMENT|ON|SET|DATA|CONSTRAINT|PRIMARY|"
    r"FOREIGN|KEY|CHECK|EXCLUDE|DEFAULT|NOT|NULL|IDENTITY|MODIFY|CHANGE|TO|SCHEMA|VIRTUAL|GENERATED|"
    r"SELECT|setval|STORAGE|RESET|LOGGED|UNLOGGED|TABLESPACE)\b"
)
_NAME = re.compile(r"""("(?:[^"]|"")*"|`(?:[^`]|``)*`)(\.("(?:[^"]|"")*"|`(?:[^`]|``)*`))?""")


def rows(pairs: Iterable[Pair] = PAIRS) -> Iterator[tuple[str, ...]]:
    """Yield for each pair: the change in words, and a cell for each engine."""
    measured = json.loads(MEASURED.read_text()) if MEASURED.exists() else {}
    for pair in pairs:
        operations = diff(pair.before, pair.after, pair.renames)
        cells = (
            cell(pair, operations, get_dialect(engine), measured.get(engine, {}).get(pair.name))
            if engine in pair.engines
            else "-"
            for engine in ENGINES
        )
        yield (pair.name, ", ".join(dict.fromkeys(map(word_of, operations))), *cells)


def cell(
    pair: Pair,
    operations: tuple[Operation, ...],
    dialect: Dialect,
    rewrites: bool | None,  # noqa: FBT001 (as it was measured)
) -> str:
    """Return the statements there and back in short, and whether the table is rewritten."""
    there = words(operations, pair.before, dialect)
    back = words(invert_all(operations), replay(operations, pair.before), dialect)
    marks = " **rewrites**" if rewrites else ""
    return f"{there}{marks}<br>back: {back}"


def words(operations: tuple[Operation, ...], before: Schema, dialect: Dialect) -> str:
    """Return the statements of operations in short, each once."""
    try:
        steps = plan(operations, before, dialect).steps
    except MigError as error:
        return f"refused: {error.message}"
    found = dict.fromkeys(word for step in steps for word in _short_step(step))
    return "; ".join(f"`{word}`" for word in found) or "nothing to do"


def _short_step(step: Step) -> Iterator[str]:
    if isinstance(step, Rebuild):
        yield "rebuild"
        return
    yield from map(short, (step.sql,) if isinstance(step, Statement) else step.preview())


def short(sql: str) -> str:
    """Return the words with which a statement begins, without names: ``ALTER TABLE ADD CHECK``."""
    plain = _NAME.sub("", sql.partition("\n")[0])
    plain = re.sub(r"CONSTRAINT\s+(?=CHECK|UNIQUE|FOREIGN|PRIMARY|EXCLUDE)", "", plain)
    kept: list[str] = []
    for word in plain.split():
        if not _WORDS.fullmatch(word.rstrip("(,;")):
            break
        kept.append(word.rstrip("(,;"))
    return " ".join(kept) or plain.split(maxsplit=1)[0]


def page() -> str:
    """Return the page: its own text, then the table as it is now."""
    text, _, _ = PAGE.read_text(encoding="utf-8").partition("| change |")
    titles = ("change", "operations", *(TITLES[engine] for engine in ENGINES))
    lines = [f"| {' | '.join(titles)} |", f"|{'---|' * len(titles)}"]
    lines += (f"| {' | '.join(each.replace('|', '&#124;') for each in row)} |" for row in rows())
    return text.rstrip("\n") + "\n\n" + "\n".join(lines) + "\n"
