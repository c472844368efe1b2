"""push of virtual tables: known from the mark, renamed, dropped, left alone, pruned."""

import pytest
from peewee import CharField, Model
from playhouse.sqlite_ext import FTS5Model, SearchField
from push_world import PushWorld

from peewee_mig.errors import ConsentError, QuestionError
from peewee_mig.operations import describe


@pytest.fixture
def world(tmp_path, databases, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    return PushWorld(tmp_path, databases("sqlite"), monkeypatch)


def texts(class_name, *columns):
    return type(class_name, (FTS5Model,), {name: SearchField() for name in columns})


def person():
    return type("Person", (Model,), {"name": CharField()})


DOCS, PAPERS = texts("Docs", "title", "body"), texts("Papers", "title", "body")


@pytest.fixture
def pushed(world):
    world.push(DOCS, person())
    world.sql("INSERT INTO docs (title) VALUES ('a dog')")
    assert world.mark() == ["docs", "person"]
    return world


def words(result):
    return [describe(operation) for operation in result.proposal.operations]


def test_a_rename_is_asked_and_keeps_the_rows(pushed):
    with pytest.raises(QuestionError, match="docs:papers"):
        pushed.push(PAPERS, person())
    result = pushed.push(PAPERS, person(), renames=["docs:papers"])
    assert words(result) == ["rename virtual table docs to papers"]
    assert pushed.sql("SELECT title FROM papers WHERE papers MATCH 'dog'") == [("a dog",)]
    assert pushed.mark() == ["papers", "person"]
    assert pushed.push(PAPERS, person(), renames=["docs:papers"]).up_to_date


def test_a_yes_renames_and_a_changed_one_keeps_its_rows(pushed):
    class Ask:
        def rename(self, candidate):
            return candidate.option == "docs:papers"

    more = texts("Papers", "title", "body", "note")
    result = pushed.push(more, person(), ask=Ask())
    assert words(result)[0] == "rename virtual table docs to papers"
    assert pushed.sql("SELECT title, note FROM papers") == [("a dog", None)]


def test_it_goes_with_its_model_if_one_consents_to_the_loss(pushed):
    with pytest.raises(ConsentError, match=r"docs \(1 row\)"):
        pushed.push(person())
    pushed.push(person(), allow_data_loss=["docs"])
    assert pushed.mark() == ["person"]
    assert pushed.push(person()).up_to_date


def test_one_of_nobody_is_left_alone_renamed_by_name_or_pruned(world):
    world.sql('CREATE VIRTUAL TABLE docs USING fts5 ("title", "body")')
    world.sql('CREATE VIRTUAL TABLE other USING fts5 ("title", "body")')
    world.sql("INSERT INTO docs (title) VALUES ('a dog')")
    result = world.push(PAPERS, dry_run=True)
    assert words(result) == ["create virtual table papers"]
    assert result.proposal.strangers == ("docs", "other")
    assert words(world.push(PAPERS, renames=["docs:papers"])) == [
        "rename virtual table docs to papers"
    ]
    assert words(world.push(PAPERS, prune=True)) == ["drop virtual table other"]
    assert world.sql("SELECT title FROM papers") == [("a dog",)]
