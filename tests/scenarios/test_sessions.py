"""Every terminal session in the documentation, and here, is what the program prints."""

from __future__ import annotations

import compileall
import json

import pytest
from sessions import BLOCK, ROOT, commands, has_sessions, normal, run_page

from peewee_mig.cli.main import COMMANDS

PAGES = [
    page
    for page in [
        *sorted(ROOT.glob("tests/scenarios/[0-9]*.md")),
        ROOT / "README.md",
        *sorted(ROOT.glob("docs/**/*.md")),
    ]
    if has_sessions(page.read_text(encoding="utf-8"))
]


@pytest.fixture(scope="session", autouse=True)
def _compiled():
    compileall.compile_dir(ROOT / "peewee_mig", quiet=1)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_session_is_what_the_program_prints(page, tmp_path, databases, update_golden):
    text = page.read_text(encoding="utf-8")
    now = run_page(text, tmp_path, lambda name: databases(name).url)
    if update_golden and now != text:
        page.write_text(now, encoding="utf-8")
    else:
        assert normal(now) == normal(text)


def test_the_page_about_json_has_one_object_for_every_command():
    text = (ROOT / "tests/scenarios/15-json.md").read_text(encoding="utf-8")
    seen = set()
    for block in BLOCK.finditer(text):
        for command in commands(block[3]):
            if command.line.endswith("2>/dev/null"):
                answer, _, _ = command.output.partition("[exit")
                assert json.loads(answer)["format"] == 1, command.line
                seen.add(command.line.split()[1])
    assert seen == COMMANDS.keys()
