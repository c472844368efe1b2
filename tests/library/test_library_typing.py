"""The example project is clean under mypy --strict, and mypy finds each wrong use."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = Path(__file__).parent / "example"


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    """Return what mypy says, by file: ``line: code``."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--config-file=",
            "--follow-imports=silent",
            "-p",
            "shop",
        ],
        cwd=EXAMPLE,
        env={"MYPYPATH": f"{ROOT}", "MYPY_CACHE_DIR": str(ROOT / ".mypy_cache" / "library")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "checked 7 source files" in done.stdout, done.stdout + done.stderr
    found: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        if match := re.fullmatch(r"(\S+?):(\d+): error: .*\[(\S+)\]", line):
            found.setdefault(match[1], []).append(f"{match[2]}: {match[3]}")
    return found


def test_what_the_documentation_names_has_types(found: dict[str, list[str]]) -> None:
    assert found.keys() == {"shop/wrong.py"}


def test_each_wrong_use_is_found(found: dict[str, list[str]]) -> None:
    lines = (EXAMPLE / "shop/wrong.py").read_text().splitlines()
    marked = [
        f"{number}: {line.partition('  # ')[2]}"
        for number, line in enumerate(lines, 1)
        if "  # " in line
    ]
    assert len(marked) == 9
    assert found["shop/wrong.py"] == marked
