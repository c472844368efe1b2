"""Each change of ``fidelity_pairs``, written out: ``make golden`` rewrites ``changes``.

A file for each kind of thing: the operations in words and in the migration module, and for each
engine the statements there and back. The same pairs run on rows in ``tests/live``.
"""

import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest
from changes_table import ENGINES, PAIRS

from peewee_mig.commands.sql import spell
from peewee_mig.dialects import get_dialect
from peewee_mig.diff import diff
from peewee_mig.errors import MigError
from peewee_mig.history.module import parse_module
from peewee_mig.history.render import render_module
from peewee_mig.operations import describe, invert_all, replay

FOLDER = Path(__file__).parent / "changes"


def file_of(pair):
    """Return the name of the file of a pair: its kind, without its number."""
    kind = re.sub(r" \d+$", "", pair.name)
    return f"{re.sub(r'[^a-z0-9]+', '_', kind.lower()).strip('_')}.txt"


@cache
def groups():
    """Return the pairs by file, those of one name numbered."""
    found, seen = defaultdict(list), Counter()
    for pair in PAIRS:
        seen[pair.name] += 1
        again = f" ({seen[pair.name]})" if seen[pair.name] > 1 else ""
        found[file_of(pair)].append((f"{pair.name}{again}", pair))
    return dict(found)


def text_of(title, pair):
    operations = diff(pair.before, pair.after, pair.renames)
    module = render_module(operations, depends_on=[])
    assert parse_module(Path("0001_change.py"), module.encode()).operations == operations
    parts = [
        f"### {title}",
        *map(describe, operations),
        "",
        module[module.index("operations = [") :].strip(),
    ]
    for engine in ENGINES:
        if engine in pair.engines:
            back = invert_all(operations)
            parts += ["", f"-- {engine}: there", *written(operations, pair.before, engine)]
            parts += [f"-- {engine}: back", *written(back, replay(operations, pair.before), engine)]
    return "\n".join(parts) + "\n"


def written(operations, before, engine):
    dialect = get_dialect(engine)
    try:
        return list(spell(operations, before, dialect, dialect.assumed))
    except MigError as error:
        return [f"-- refused: {error.message}", f"-- hint: {error.hint}"]


@pytest.mark.parametrize("name", sorted(groups()))
def test_is_written_as_the_golden_file_says(name, update_golden):
    text = "\n".join(text_of(title, pair) for title, pair in groups()[name])
    if update_golden:
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    assert (FOLDER / name).read_text(encoding="utf-8") == text, f"{name} (make golden rewrites it)"


def test_no_golden_file_is_left_over():
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(groups())
