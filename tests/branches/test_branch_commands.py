"""rebase and merge in detail: which side moves, what its files say, what is refused."""

import io
import json
import sqlite3
import subprocess
import zipfile
from contextlib import closing

import pytest

from peewee_mig import op
from peewee_mig.cli.main import call
from peewee_mig.cli.prompts import which
from peewee_mig.commands.merge import merge
from peewee_mig.commands.project import Project
from peewee_mig.commands.rebase import rebase
from peewee_mig.commands.status import status
from peewee_mig.errors import HistoryError, QuestionError, RefusedError, UsageError
from peewee_mig.history.editing import with_list
from peewee_mig.history.folder import read_history
from peewee_mig.history.render import render_module
from peewee_mig.history.verify import verify
from peewee_mig.history.writing import write_migration

PERSON = op.create_table(
    "person", op.column("id", "AUTO"), op.column("age", "INT"), op.primary_key("id")
)


def add(name, table="person"):
    return op.add_column(table, op.column(name, "INT", null=True))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    directory = tmp_path / "migrations"
    write(directory, "0001_initial", [], PERSON)
    return directory


@pytest.fixture
def project(folder):
    url = f"sqlite:///{folder.parent / 'app.db'}"
    return Project(folder.parent, folder, database=url, database_root=folder.parent)


def write(directory, name, depends_on, *operations, edit=str):
    text = edit(render_module(operations, depends_on=depends_on))
    write_migration(read_history(directory), name, text)


def two(folder, one=None, other=None):
    write(folder, "0002_one", ["0001_initial"], one or add("one"))
    write(folder, "0002_other", ["0001_initial"], other or add("other"))


def run(*args):
    return call([*args, "--no-input", "--directory", "migrations", "--database", "app.db"])


def names(folder):
    return read_history(folder).names


def intact(folder):
    assert verify(read_history(folder)) == ()
    return True


# What moves.


def test_what_is_named_moves_with_what_depends_on_it(folder, project):
    two(folder)
    write(folder, "0003_more", ["0002_one"], add("more"))
    before = {name: read_history(folder).migration(name).checksum for name in names(folder)}
    done = rebase(project, names=["0002_one"])
    assert done.onto == "0002_other"
    assert done.moved == (("0002_one", "0003_one"), ("0003_more", "0004_more"))
    history = read_history(folder)
    assert history.names == ("0001_initial", "0002_other", "0003_one", "0004_more")
    assert history.migration("0004_more").depends_on == ("0003_one",)
    assert history.migration("0004_more").was == ("0003_more",)
    assert history.migration("0003_one").checksum == before["0002_one"]
    assert history.last_schema.table("person").column_names == ("id", "age", "other", "one", "more")
    assert intact(folder)


def test_a_number_that_is_behind_all_others_stays(folder, project):
    write(folder, "0002_other", ["0001_initial"], add("other"))
    write(folder, "0005_one", ["0001_initial"], add("one"))
    done = rebase(project, names=["5"])
    assert done.moved == (("0005_one", "0005_one"),)
    assert done.removed == ()
    assert read_history(folder).migration("0005_one").was == ("0005_one",)
    assert intact(folder)


def test_comments_and_all_else_stay_as_they_are(folder, project):
    two(folder)
    path = folder / "0002_one.py"
    text = path.read_text(encoding="utf-8")
    text = text.replace('"0001_initial"]', '"0001_initial"]  # the first one')
    text = text.replace("operations = [", "# What it is about.\noperations = [")
    path.write_text(text, encoding="utf-8")
    rebase(project, names=["0002_one"])
    new = (folder / "0003_one.py").read_text(encoding="utf-8")
    assert new == text.replace(
        'depends_on = ["0001_initial"]  # the first one\n',
        'depends_on = ["0002_other"]  # the first one\n\nwas = ["0002_one"]\n',
    )


def test_a_second_move_keeps_all_names_that_it_had(folder, project):
    two(folder)
    rebase(project, names=["0002_one"])
    write(folder, "0003_late", ["0002_other"], add("late"))
    rebase(project, names=["0003_one"])
    history = read_history(folder)
    assert history.migration("0004_one").was == ("0002_one", "0003_one")
    assert history.head == "0004_one"
    assert intact(folder)


def test_what_is_there_by_its_old_name_too_does_not_run_twice(folder, project, capsys):
    bump = op.run_sql("UPDATE person SET age = age + 1", [], touches=["person.age"])
    two(folder, one=bump)
    old = [folder / "0002_one.py", folder / "snapshots" / "0002_one.json"]
    texts = [path.read_bytes() for path in old]
    rebase(project, names=["0002_one"])
    run("migrate")
    for path, text in zip(old, texts, strict=True):
        path.write_bytes(text)
    write(folder, "0004_own", ["0002_one"], add("own"))
    said = "0002_one is 0003_one by its name before a rebase: it would run twice"
    for command in ("migrate", "rebase", "merge", "baseline", "sql"):
        capsys.readouterr()
        assert run(command) == 5
        assert said in capsys.readouterr().err
    (found,) = [each for each in verify(read_history(folder)) if said in each.message]
    assert 'write "0003_one" for "0002_one" in depends_on of 0004_own, then: rm ' in found.hint
    own = folder / "0004_own.py"
    own.write_text(own.read_text().replace("0002_one", "0003_one"))
    for path in old:
        path.unlink()
    assert run("snapshot", "0004_own") == 0
    assert intact(folder)
    assert run("migrate") == 0
    with closing(sqlite3.connect("app.db")) as connection:
        rows = connection.execute("SELECT name FROM peewee_mig_history").fetchall()
    assert [name for (name,) in rows] == ["0001_initial", "0002_other", "0003_one", "0004_own"]


def test_of_three_the_one_to_go_behind_is_named(folder, project):
    two(folder)
    write(folder, "0002_third", ["0001_initial"], add("third"))
    with pytest.raises(UsageError, match="several to go behind") as caught:
        rebase(project, names=["0002_one"])
    assert "--onto 0002_other" in caught.value.hint
    rebase(project, names=["0002_one"], onto="0002_third")
    assert read_history(folder).heads == ("0002_other", "0003_one")
    rebase(project, names=["0002_one" if "0002_one" in names(folder) else "0003_one"])
    assert read_history(folder).heads == ("0004_one",)
    assert intact(folder)


def test_two_of_three_go_one_behind_the_other(folder, project):
    two(folder)
    write(folder, "0002_third", ["0001_initial"], add("third"))
    done = rebase(project, names=["0002_one", "0002_third"])
    assert done.moved == (("0002_one", "0003_one"), ("0002_third", "0004_third"))
    assert read_history(folder).head == "0004_third"
    assert intact(folder)


def test_a_dry_run_writes_nothing(folder, project, capsys):
    two(folder)
    assert run("rebase", "0002_one", "--dry-run") == 0
    assert capsys.readouterr().out == ("Would move behind 0002_other:\n  0002_one -> 0003_one\n")
    assert len(read_history(folder).heads) == 2
    assert run("merge", "--dry-run") == 0
    assert 'depends_on = ["0002_one", "0002_other"]' in capsys.readouterr().out
    assert len(read_history(folder).heads) == 2


def test_json(folder, capsys):
    two(folder)
    assert run("rebase", "0002_one", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["onto"] == "0002_other"
    assert answer["moved"] == [{"old": "0002_one", "new": "0003_one"}]
    assert [path.rsplit("/", 1)[-1] for path in answer["removed"]] == [
        "0002_one.py",
        "0002_one.json",
    ]
    assert answer["commutes"] is True
    assert run("rebase", "--json") == 0
    assert json.loads(capsys.readouterr().out)["moved"] == []


# Which side is whose.


def test_without_evidence_somebody_is_asked(folder, project):
    two(folder)
    with pytest.raises(QuestionError, match="0002_one and 0002_other") as caught:
        rebase(project)
    assert "`0002_one`" in caught.value.hint
    rebase(project, ask=lambda heads: heads[1])
    assert read_history(folder).head == "0003_other"


def test_what_is_not_applied_moves_where_the_other_one_is(folder, project):
    write(folder, "0002_other", ["0001_initial"], add("other"))
    assert run("migrate", "-q") == 0
    write(folder, "0002_one", ["0001_initial"], add("one"))
    done = rebase(project)
    assert done.reason == "not applied in the configured database"
    assert read_history(folder).head == "0003_one"


def git(*args):
    subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@x", *args], check=True, capture_output=True
    )


def committed(message="x"):
    git("add", "migrations")
    git("commit", "--quiet", "--allow-empty", "-m", message)


def test_git_tells_by_what_is_published(folder, project):
    git("init", "--quiet", "-b", "main")
    write(folder, "0002_other", ["0001_initial"], add("other"))
    committed()
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    write(folder, "0002_one", ["0001_initial"], add("one"))
    committed()
    done = rebase(project)
    assert (done.reason, done.onto) == ("not on origin/main", "0002_other")


def test_git_tells_by_what_is_not_committed(folder, project):
    git("init", "--quiet", "-b", "main")
    write(folder, "0002_other", ["0001_initial"], add("other"))
    committed()
    write(folder, "0002_one", ["0001_initial"], add("one"))
    done = rebase(project)
    assert (done.reason, done.onto) == ("not committed yet", "0002_other")


@pytest.mark.parametrize(
    ("on", "merged", "mine", "reason"),
    [
        ("main", "work", "0002_one", "came with the merge"),
        ("work", "main", "0002_one", "not on main"),
        ("work", "pets", "0002_one", "of work"),
    ],
)
def test_git_tells_by_the_merge(folder, project, on, merged, mine, reason):
    git("init", "--quiet", "-b", "main")
    committed()
    theirs = "pets" if "pets" in (on, merged) else "main"
    for branch, name in (("work", "one"), (theirs, "other")):
        git("switch", "--quiet", *(["-c"] if branch != "main" else []), branch)
        write(folder, f"0002_{name}", ["0001_initial"], add(name))
        committed()
        git("switch", "--quiet", "main")
    git("switch", "--quiet", on)
    git("merge", "--no-edit", "--quiet", merged)
    done = rebase(project)
    assert [old for old, _ in done.moved] == [mine]
    assert done.reason == reason


def test_what_came_with_a_merge_moves_where_both_are_published(folder, project):
    git("init", "--quiet", "-b", "main")
    committed()
    git("switch", "--quiet", "-c", "pets")
    write(folder, "0002_other", ["0001_initial"], add("other"))
    committed()
    git("switch", "--quiet", "main")
    write(folder, "0002_one", ["0001_initial"], add("one"))
    committed()
    git("merge", "--no-edit", "--quiet", "pets")
    git("switch", "--quiet", "-c", "mend")
    done = rebase(project)
    assert (done.moved, done.reason) == ((("0002_other", "0003_other"),), "came with the merge")


def test_somebody_at_a_terminal_is_asked_until_there_is_an_answer(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("3\nno\n2\n0002_one\n"))
    heads = ("0002_one", "0002_other")
    assert which("Which one is yours?", heads) == "0002_other"
    asked = capsys.readouterr().err
    assert "  2. 0002_other\nWhich one is yours? [1-2] " in asked
    assert asked.count("Please answer with a number from 1 to 2.") == 2
    assert which("Which one is yours?", heads) == "0002_one"


def test_a_merge_that_is_under_way_tells_too(folder, project):
    git("init", "--quiet", "-b", "main")
    committed()
    git("switch", "--quiet", "-c", "pets")
    write(folder, "0002_other", ["0001_initial"], add("other"))
    committed()
    git("switch", "--quiet", "-c", "work", "main")
    write(folder, "0002_one", ["0001_initial"], add("one"))
    committed()
    git("merge", "--no-commit", "--no-ff", "--quiet", "pets")
    done = rebase(project)
    assert (done.moved, done.reason) == ((("0002_one", "0003_one"),), "of work")


# What is refused.


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"names": ["0001"]}, "0001_initial is before 0002_one and 0002_other"),
        ({"names": ["0002_one", "0002_other"]}, "are of all sides"),
        ({"names": ["0002_one"], "onto": "0002_one"}, "0002_one is one of those"),
        ({"names": ["0002_one"], "onto": "0001"}, "0001_initial is not a newest migration"),
        ({"names": ["0009"]}, "there is no migration"),
    ],
)
def test_names_that_make_no_sense(folder, project, given, message):
    two(folder)
    with pytest.raises(UsageError, match=message):
        rebase(project, **given)
    assert len(read_history(folder).heads) == 2


def test_what_others_depend_on_does_not_move_away(folder, project):
    write(folder, "0002_shared", ["0001_initial"], add("shared"))
    write(folder, "0003_a", ["0002_shared"], add("a"))
    write(folder, "0003_b", ["0002_shared"], add("b"))
    write(folder, "0002_other", ["0001_initial"], add("other"))
    with pytest.raises(UsageError, match="0003_b depends on 0002_shared, which would move"):
        rebase(project, names=["0003_a"], onto="0002_other")
    rebase(project, names=["0003_a", "0003_b"])
    assert read_history(folder).heads == ("0005_b",)
    assert intact(folder)


def test_a_join_is_not_amended_and_what_had_another_name_is_known(folder, project, capsys):
    write(folder, "0002_one", ["0001_initial"], add("one"))
    assert run("migrate", "-q") == 0
    write(folder, "0002_other", ["0001_initial"], add("other"))
    rebase(project, names=["0002_one"])
    assert run("drop", "0003_one") == 5
    assert "0003_one is applied to the configured database" in capsys.readouterr().err
    write(folder, "0003_late", ["0002_other"], add("late"))
    merge(project, name="join")
    assert run("generate", "--amend", "--models", "nowhere") == 2
    assert "0004_join joins branches" in capsys.readouterr().err


def test_what_does_not_fit_is_named_and_nothing_is_written(folder, project):
    two(folder, add("x"), add("x"))
    before = sorted(path.name for path in folder.rglob("*"))
    with pytest.raises(RefusedError, match="0002_one does not fit behind 0002_other") as caught:
        rebase(project, names=["0002_one"])
    assert "column person.x" in caught.value.where
    assert sorted(path.name for path in folder.rglob("*")) == before
    with pytest.raises(RefusedError, match="both touch column person"):
        merge(project)
    assert sorted(path.name for path in folder.rglob("*")) == before


def test_lists_that_nobody_can_edit_are_refused(folder, project):
    two(folder)
    path = folder / "0002_one.py"
    path.write_text(
        path.read_text(encoding="utf-8") + '\ndepends_on += ["0001_initial"]\n', encoding="utf-8"
    )
    with pytest.raises(HistoryError, match="in a way that nobody can edit"):
        rebase(project, names=["0002_one"])


def test_a_broken_file_is_told_first(folder, project):
    two(folder)
    (folder / "snapshots" / "0002_one.json").unlink()
    for command in (rebase, merge):
        with pytest.raises(HistoryError, match="snapshot 0002_one is missing"):
            command(project)
    with pytest.raises(HistoryError, match="2 newest migrations"):
        read_history(folder).head  # noqa: B018 (raises)


def test_an_archive_is_read_only(folder, project, monkeypatch, capsys):
    two(folder)
    with zipfile.ZipFile("app.zip", "w") as archive:
        archive.writestr("archived/__init__.py", "")
        for path in folder.rglob("*.*"):
            archive.write(path, f"archived/migrations/{path.relative_to(folder)}")
    monkeypatch.syspath_prepend("app.zip")
    for command in ("rebase", "merge"):
        given = ["0002_one"] if command == "rebase" else []
        assert call([command, *given, "--directory", "archived:migrations", "--no-input"]) == 2
        assert "is inside of an archive, which is read only" in capsys.readouterr().err


# Order that somebody vouches for.

SQL = op.run_sql("UPDATE person SET age = age + 1", [])


def test_who_knows_better_vouches_for_a_merge(folder, project):
    two(folder, SQL, add("other"))
    with pytest.raises(RefusedError, match="0002_one and 0002_other do not commute") as caught:
        merge(project)
    assert "--any-order" in caught.value.hint
    merge(project, any_order=True, name="join")
    assert read_history(folder).migration("0003_join").allow == ("any-order",)
    assert intact(folder)
    assert run("migrate", "-q") == 0


def test_who_knows_better_vouches_for_a_rebase(folder, project):
    write(folder, "0002_one", ["0001_initial"], SQL)
    assert run("migrate", "-q") == 0
    write(folder, "0002_other", ["0001_initial"], add("other"))
    rebase(project, names=["0002_one"], any_order=True)
    assert read_history(folder).migration("0003_one").allow == ("any-order",)
    assert run("migrate", "-q") == 0
    assert status(project).ok


def test_nobody_vouches_for_what_does_not_lead_to_one_schema(folder, project):
    a, b = op.column("a", "INT"), op.column("b", "INT")
    write(folder, "0002_pair", ["0001_initial"], op.create_table("pair", a, b))
    write(folder, "0003_one", ["0002_pair"], op.drop_column("pair", a))
    write(folder, "0003_other", ["0002_pair"], op.drop_column("pair", b))
    for given in ({}, {"any_order": True}):
        with pytest.raises(
            RefusedError, match="together they do not fit: column b is the"
        ) as caught:
            merge(project, **given)
        assert "--any-order" not in caught.value.hint
    with pytest.raises(
        RefusedError, match="the order of 0003_one and 0003_other matters"
    ) as caught:
        rebase(project, names=["0003_one"], any_order=True)
    assert "without `--any-order`" in caught.value.hint
    with pytest.raises(RefusedError, match="does not fit behind 0003_other"):
        rebase(project, names=["0003_one"])


def test_a_join_by_hand_of_what_does_not_commute_is_found(folder, project):
    two(folder, SQL, add("other"))
    write(folder, "0003_join", ["0002_one", "0002_other"])
    (finding,) = verify(read_history(folder))
    assert "0003_join joins 0002_one and 0002_other, which do not commute" in finding.message
    assert run("migrate") == 5


# After it.


def sql(*statements):
    with closing(sqlite3.connect("app.db")) as connection:
        found = [connection.execute(each).fetchall() for each in statements][-1]
        connection.commit()
        return found


def applied():
    return [name for (name,) in sql("SELECT name FROM peewee_mig_history ORDER BY id")]


def test_steps_and_counts_on_joined_branches(folder, project):
    two(folder)
    merge(project, name="join")
    assert run("migrate", "0002_one", "-q") == 0
    assert run("migrate", "0002_other", "-q") == 5  # undoes nothing to go there
    assert run("migrate", "+1", "-q") == 0
    assert applied() == ["0001_initial", "0002_one", "0002_other"]
    assert run("rollback", "-q") == 0
    assert applied() == ["0001_initial", "0002_one"]
    assert run("migrate", "-q") == 0
    assert run("rollback", "1", "-q") == 0
    assert applied() == ["0001_initial", "0002_one", "0002_other"]
    assert run("migrate", "-q") == 0
    assert run("rollback", "2", "-q") == 0
    assert applied() == ["0001_initial", "0002_one"]
    assert run("migrate", "zero", "-q") == 0
    assert applied() == []


def test_what_came_late_is_applied_undone_and_told(folder, project):
    write(folder, "0002_one", ["0001_initial"], add("one"))
    assert run("migrate", "-q") == 0
    write(folder, "0002_a", ["0001_initial"], add("a"))
    write(folder, "0003_b", ["0002_a"], op.create_index("person", op.index("person_a", "a")))
    rebase(project, names=["0002_one"])
    notes = {row.name: (row.state, row.note) for row in status(project).rows}
    assert notes["0002_a"] == ("pending", "out of order: after 0004_one")
    assert notes["0004_one"] == ("applied", "")
    assert run("diff") == 0
    assert run("migrate", "+1", "-q") == 0
    assert run("diff") == 0
    assert run("rollback", "-q") == 0  # the newest: 0004_one
    assert applied() == ["0001_initial", "0002_a"]
    assert run("migrate", "-q") == 0
    assert applied() == ["0001_initial", "0002_a", "0003_b", "0004_one"]
    assert status(project).ok
    assert run("diff") == 0


def test_a_row_that_was_removed_by_hand_is_no_late_arrival(folder, project):
    write(folder, "0002_one", ["0001_initial"], add("one"))
    write(folder, "0003_more", ["0002_one"], add("more"))
    assert run("migrate", "-q") == 0
    sql("DELETE FROM peewee_mig_history WHERE name = '0002_one'")
    assert run("migrate") == 5
    assert "0003_more is applied, but 0002_one" in status(project).problems[0]


def test_a_list_is_put_where_it_belongs():
    source = b'"""Doc."""\r\n\r\nformat = 1\r\n\r\noperations = []\r\n'
    new = with_list(source, "depends_on", ["a"], behind=["format", "allow"])
    assert new == source.replace(b"format = 1\r\n", b'format = 1\r\n\r\ndepends_on = ["a"]\r\n')
    annotated = "format = 1\ndepends_on: list[str] = []\nx = 'é'; was = ['é']\n".encode()
    new = with_list(annotated, "depends_on", ["a", "b"], behind=["format"])
    assert b'depends_on: list[str] = ["a", "b"]\n' in new
    assert b'was = ["c"]\n' in with_list(new, "was", ["c"], behind=["format"])
    long = with_list(annotated, "depends_on", ["a" * 60, "b" * 60], behind=[])
    compile(long, "x", "exec")
    assert long.count(b"\n") == annotated.count(b"\n") + 3
