"""The documentation names what exists, all of it, and links to what is there."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from peewee_mig import errors, op
from peewee_mig.commands.config_values import KEYS
from peewee_mig.history.module import load_module
from peewee_mig.history.render import render_module
from peewee_mig.schema.types import ARITY

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
REFERENCE = ROOT / "docs" / "reference"


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_is_linked_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [page.relative_to(ROOT).as_posix() for page in PAGES if page.name != "README.md"]
    assert [page for page in pages if f"]({page})" not in readme] == []


def test_every_word_of_a_migration_file_is_documented() -> None:
    text = (REFERENCE / "migration-file.md").read_text(encoding="utf-8")
    words = {name for name, _ in inspect.getmembers(op, inspect.isfunction)}
    assert words == {*op.__all__} - {"Custom", "Models", "Operation"}
    assert set(re.findall(r"`op\.(\w+)\(", text)) == words


def test_the_example_of_a_migration_file_is_what_generate_writes(tmp_path: Path) -> None:
    text = (REFERENCE / "migration-file.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    path = tmp_path / "0008_example.py"
    path.write_text(example, encoding="utf-8")
    module = load_module(path)
    summary = "Let workflow steps lose their template."
    assert (
        render_module(module.operations, depends_on=module.depends_on, summary=summary) == example
    )


def test_types_of_the_reference_exist() -> None:
    text = (REFERENCE / "migration-file.md").read_text(encoding="utf-8")
    words = re.search(r"logical types with their modifiers, such as(.*?);", text, re.DOTALL)
    assert words
    assert {word.partition("(")[0] for word in re.findall(r"`([^`]+)`", words[1])} <= ARITY.keys()


def test_every_setting_is_documented() -> None:
    text = (REFERENCE / "configuration.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == KEYS.keys()


def test_every_exit_code_is_documented() -> None:
    text = (REFERENCE / "exit-codes.md").read_text(encoding="utf-8")
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    classes = [each for _, each in inspect.getmembers(errors, inspect.isclass)]
    raised = {each.exit_code for each in classes if issubclass(each, errors.MigError)}
    assert codes >= raised | {0, 1}
