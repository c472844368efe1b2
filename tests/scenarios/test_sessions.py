"""Every terminal session in the documentation, and here, is what the program prints.

But for the two commands of README.md, which .ci/run runs.
"""

from __future__ import annotations

import compileall

import pytest
from sessions import ROOT, has_sessions, normal, run_page

PAGES = [
    page
    for page in [
        *sorted(ROOT.glob("tests/scenarios/[0-9]*.md")),
        *sorted(ROOT.glob("docs/**/*.md")),
    ]
    if has_sessions(page.read_text(encoding="utf-8"))
]


@pytest.fixture(scope="session", autouse=True)
def _compiled():
    compileall.compile_dir(ROOT / "peewee_mig", quiet=1)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_session_is_what_the_program_prints(page, tmp_path, update_golden):
    text = page.read_text(encoding="utf-8")
    now = run_page(text, tmp_path)
    if update_golden and now != text:
        page.write_text(now, encoding="utf-8")
    else:
        assert normal(now) == normal(text)
