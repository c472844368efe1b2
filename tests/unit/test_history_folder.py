"""The folder: order, heads, targets, snapshots, writing, and what verify finds."""

import json
from pathlib import Path

import pytest

from peewee_mig import op
from peewee_mig.errors import FailedError, HistoryError, SchemaError, UsageError
from peewee_mig.history import chain
from peewee_mig.history.folder import read_history
from peewee_mig.history.render import render_module
from peewee_mig.history.verify import ensure_intact, verify
from peewee_mig.history.writing import (
    remove_migration,
    replace_migration,
    rewrite_snapshot,
    write_migration,
)
from peewee_mig.operations import replay
from peewee_mig.schema import Schema

CREATE_PERSON = op.create_table(
    "person", op.column("id", "AUTO"), op.column("name", "TEXT"), op.primary_key("id")
)
ADD_AGE = op.add_column("person", op.column("age", "INT", null=True))
RENAME_AGE = op.rename_column("person", "age", "years")
CREATE_PET = op.create_table("pet", op.column("id", "AUTO"), op.primary_key("id"))


def write(directory, name, depends_on, *operations):
    text = render_module(operations, depends_on=depends_on)
    return write_migration(read_history(directory), name, text)


@pytest.fixture
def folder(tmp_path):
    directory = tmp_path / "migrations"
    write(directory, "0001_initial", [], CREATE_PERSON)
    write(directory, "0002_add_person_age", ["0001_initial"], ADD_AGE)
    write(directory, "0003_rename_age", ["0002_add_person_age"], RENAME_AGE)
    return directory


def module(folder, name):
    return folder / f"{name}.py"


def snapshot(folder, name):
    return folder / "snapshots" / f"{name}.json"


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def only_finding(folder):
    (finding,) = verify(read_history(folder))
    assert finding.hint
    with pytest.raises(HistoryError) as caught:
        ensure_intact(read_history(folder))
    assert caught.value.message == finding.message
    assert caught.value.where == finding.where
    return finding


# Reading


def test_a_folder_that_is_not_there_is_an_empty_history(tmp_path):
    history = read_history(tmp_path / "none")
    assert (history.migrations, history.heads, history.head) == ((), (), None)
    assert history.last_schema == Schema()
    assert verify(history) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "migrations").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        read_history(tmp_path / "migrations")


def test_a_folder_that_cannot_be_listed_is_not_taken_for_empty(folder, monkeypatch):
    def deny(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", deny)
    with pytest.raises(FailedError, match="Permission denied"):
        read_history(folder)


def test_a_history_that_was_written_is_intact(folder):
    history = read_history(folder)
    assert history.names == ("0001_initial", "0002_add_person_age", "0003_rename_age")
    assert history.head == "0003_rename_age"
    assert verify(history) == ()
    ensure_intact(history)


def test_the_schema_at_each_migration_is_what_its_operations_make(folder):
    history = read_history(folder)
    expected = Schema()
    assert history.schema_at(None) == expected
    for migration in history.migrations:
        assert history.schema_before(migration.name) == expected
        expected = replay(migration.operations, expected)
        assert history.schema_at(migration.name) == expected
    assert history.last_schema == expected


def test_other_files_are_no_migrations(folder):
    (folder / "__init__.py").write_text("1 / 0")
    (folder / "helpers.py").write_text("1 / 0")
    (folder / "0004_x.py.orig").write_text("1 / 0")
    assert len(read_history(folder).migrations) == 3


@pytest.mark.parametrize("name", ["0003a_x.py", "3_x.py", "0004.py", "0004-x.py", "0004_.py"])
def test_a_file_named_nearly_like_a_migration_is_refused(folder, name):
    (folder / name).write_text("")
    with pytest.raises(HistoryError, match="not named like a migration") as caught:
        read_history(folder)
    assert caught.value.where == str(folder / name)


def test_the_order_is_that_of_dependencies_then_of_names(folder):
    write(folder, "0002_b", ["0001_initial"], CREATE_PET)
    write(folder, "0000_merge", ["0002_b", "0003_rename_age"])
    names = ("0001_initial", "0002_add_person_age", "0002_b", "0003_rename_age", "0000_merge")
    assert read_history(folder).names == names


def test_a_migration_with_two_parents_meets_what_both_lines_made(folder):
    write(folder, "0002_b", ["0001_initial"], CREATE_PET)
    write(folder, "0004_merge", ["0002_b", "0003_rename_age"])
    history = read_history(folder)
    assert verify(history) == ()
    assert history.last_schema.names == {"person", "pet"}
    assert history.last_schema.table("person").column_names == ("id", "name", "years")
    assert history.snapshot("0004_merge").complete


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("0002_add_person_age", "0002_add_person_age"),
        ("0002_a", "0002_add_person_age"),
        ("2", "0002_add_person_age"),
        ("0003", "0003_rename_age"),
        ("00001", "0001_initial"),
    ],
)
def test_a_target_is_a_name_its_beginning_or_a_number(folder, target, name):
    assert read_history(folder).find(target) == name


@pytest.mark.parametrize("target", ["4", "initial", "0002_x", ""])
def test_an_unknown_or_ambiguous_target_lists_candidates(folder, target):
    with pytest.raises(UsageError) as caught:
        read_history(folder).find(target)
    assert "0003_rename_age" in caught.value.message + caught.value.hint


def test_a_number_that_two_have_is_ambiguous(folder):
    write(folder, "0002_b", ["0001_initial"])
    with pytest.raises(UsageError, match="0002_add_person_age or 0002_b"):
        read_history(folder).find("2")


def test_a_target_in_an_empty_history_says_so(tmp_path):
    with pytest.raises(UsageError) as caught:
        read_history(tmp_path).find("1")
    assert "no migrations yet" in caught.value.hint


def test_an_empty_name_is_not_that_of_the_only_migration(folder, tmp_path):
    for where in (folder, tmp_path / "none"):
        with pytest.raises(UsageError, match="the name of a migration is empty"):
            read_history(where).find("")


# Writing


def test_files_are_utf_8_with_line_feeds_and_an_end_of_line(folder):
    write(folder, "0004_é", ["0003_rename_age"], op.rename_column("person", "name", "名"))
    for path in (module(folder, "0004_é"), snapshot(folder, "0004_é")):
        data = path.read_bytes()
        assert "名".encode() in data
        assert b"\r" not in data
        assert data.endswith(b"\n")
    assert not list(folder.rglob("*.tmp"))


def test_a_snapshot_holds_what_changed(folder):
    write(folder, "0004_b", ["0003_rename_age"], CREATE_PET)
    write(
        folder,
        "0005_c",
        ["0004_b"],
        op.drop_table("pet", *CREATE_PET.object.columns, CREATE_PET.object.primary_key),
    )
    data = json.loads(snapshot(folder, "0004_b").read_text(encoding="utf-8"))
    assert list(data) == sorted(data)
    assert data["complete"] is False
    assert list(data["tables"]) == ["pet"]
    parent = read_history(folder).snapshot("0003_rename_age")
    assert data["parents"] == {"0003_rename_age": parent.schema}
    assert json.loads(snapshot(folder, "0005_c").read_text())["dropped"] == ["pet"]


def test_a_schema_that_shrinks_gets_a_checkpoint(tmp_path):
    tables = [
        op.create_table(f"t{number}", *(op.column(f"a_column_{n}", "TEXT") for n in range(9)))
        for number in range(9)
    ]
    write(tmp_path, "0001_initial", [], *tables)
    drops = [op.drop_table(each.table, *each.object.columns) for each in tables[1:]]
    write(tmp_path, "0002_drop", ["0001_initial"], *drops[:1])
    write(tmp_path, "0003_drop", ["0002_drop"], *drops[1:])
    history = read_history(tmp_path)
    assert [history.snapshot(name).complete for name in history.names] == [True, False, True]


@pytest.mark.parametrize("left", ["module", "snapshot"])
def test_nothing_is_ever_overwritten(folder, left):
    name = "0004_x"
    path = module(folder, name) if left == "module" else snapshot(folder, name)
    history = read_history(folder)
    path.write_text("mine")
    with pytest.raises(HistoryError, match="exists already"):
        write_migration(history, name, render_module([], depends_on=["0003_rename_age"]))
    assert path.read_text() == "mine"
    assert module(folder, name).exists() == (left == "module")


def test_operations_that_do_not_fit_are_not_written(folder):
    with pytest.raises(SchemaError, match="already"):
        write(folder, "0004_x", ["0003_rename_age"], CREATE_PERSON)
    assert not snapshot(folder, "0004_x").exists()


def test_a_folder_that_cannot_be_written_is_an_error_of_its_own(tmp_path):
    (tmp_path / "file").write_text("")
    history = read_history(tmp_path)
    object.__setattr__(history, "directory", tmp_path / "file" / "migrations")
    with pytest.raises(FailedError, match="cannot be written"):
        write_migration(history, "0001_x", render_module([], depends_on=[]))


def test_a_crash_between_the_files_leaves_what_verify_names(folder, monkeypatch):
    replace = Path.replace

    def crash(path, target):
        if target.suffix == ".py":
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        write(folder, "0004_x", ["0003_rename_age"], CREATE_PET)
    finding = only_finding(folder)
    assert finding.file == snapshot(folder, "0004_x")
    assert finding.message == "snapshot 0004_x has no migration"


def test_the_newest_migration_can_be_removed(folder):
    remove_migration(read_history(folder), "0003_rename_age")
    history = read_history(folder)
    assert history.head == "0002_add_person_age"
    assert verify(history) == ()


@pytest.mark.parametrize("name", ["0003_rename_age", "0003_create_pet"])
def test_the_newest_migration_can_be_replaced(folder, name):
    text = render_module([CREATE_PET], depends_on=["0002_add_person_age"])
    replace_migration(read_history(folder), "0003_rename_age", name, text)
    history = read_history(folder)
    assert history.head == name
    assert len(history.names) == 3
    assert history.last_schema.names == {"person", "pet"}
    assert verify(history) == ()


def test_a_replacement_that_does_not_fit_changes_nothing(folder):
    text = render_module([CREATE_PERSON], depends_on=["0002_add_person_age"])
    with pytest.raises(SchemaError):
        replace_migration(read_history(folder), "0003_rename_age", "0003_rename_age", text)
    with pytest.raises(HistoryError, match="exists already"):
        replace_migration(
            read_history(folder), "0003_rename_age", "0001_initial", text.replace('"person"', '"x"')
        )
    with pytest.raises(HistoryError, match="is not the newest"):
        replace_migration(read_history(folder), "0001_initial", "0001_x", text)
    assert verify(read_history(folder)) == ()
    assert len(read_history(folder).names) == 3


def test_a_file_that_cannot_be_removed_is_an_error_of_its_own(folder, monkeypatch):
    def deny(path, *, missing_ok):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "unlink", deny)
    with pytest.raises(FailedError, match="cannot be removed: Permission denied"):
        remove_migration(read_history(folder), "0003_rename_age")


def test_a_migration_that_others_need_stays(folder):
    with pytest.raises(HistoryError, match="0002_add_person_age depends on it"):
        remove_migration(read_history(folder), "0001_initial")
    assert module(folder, "0001_initial").exists()


def test_a_snapshot_that_is_written_again_is_the_same(folder):
    before = snapshot(folder, "0002_add_person_age").read_bytes()
    path = rewrite_snapshot(read_history(folder), "0002_add_person_age")
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", [None, "{"])
def test_a_lost_or_damaged_snapshot_can_be_written_again(folder, damage):
    path = snapshot(folder, "0002_add_person_age")
    before = path.read_bytes()
    if damage:
        path.write_text(damage)
    else:
        path.unlink()
    rewrite_snapshot(read_history(folder), "0002_add_person_age")
    assert path.read_bytes() == before


def test_a_snapshot_on_another_parent_is_complete(folder):
    remove_migration(read_history(folder), "0003_rename_age")
    write(folder, "0003_a", ["0002_add_person_age"], CREATE_PET)
    write(folder, "0004_b", ["0003_a"], op.add_column("pet", op.column("x", "INT", null=True)))
    write(folder, "0005_c", ["0004_b"], op.add_column("person", op.column("z", "INT", null=True)))
    edit(module(folder, "0005_c"), "0004_b", "0003_a")
    rewrite_snapshot(read_history(folder), "0005_c")
    assert read_history(folder).snapshot("0005_c").complete


# Findings


def test_two_newest_migrations_are_named(folder):
    write(folder, "0003_b", ["0002_add_person_age"], CREATE_PET)
    finding = only_finding(folder)
    assert "0003_b and 0003_rename_age" in finding.message
    with pytest.raises(HistoryError, match="0003_b and 0003_rename_age"):
        read_history(folder).last_schema  # noqa: B018


def test_a_missing_parent_is_named(folder):
    module(folder, "0002_add_person_age").unlink()
    messages = [finding.message for finding in verify(read_history(folder))]
    assert "0003_rename_age depends on 0002_add_person_age, which is not there" in messages[0]
    assert "snapshot 0002_add_person_age has no migration" in messages
    with pytest.raises(HistoryError, match=r"and \d more"):
        ensure_intact(read_history(folder))


def test_where_a_parent_is_gone_the_one_before_is_no_second_head(folder):
    module(folder, "0002_add_person_age").unlink()
    history = read_history(folder)
    assert not any("newest migrations" in finding.message for finding in verify(history))
    with pytest.raises(HistoryError, match="which is not there"):
        history.head  # noqa: B018


def test_a_parent_by_another_name_is_recognized_by_number_and_schema(folder):
    for path in (module, snapshot):
        path(folder, "0002_add_person_age").rename(path(folder, "0002_ages"))
    finding = only_finding(folder)
    assert 'if 0002_ages is that file by another name, write depends_on = ["0002_ages"]' in (
        finding.hint
    )
    edit(snapshot(folder, "0002_ages"), '"schema": "', '"schema": "0')
    assert "0002_ages" not in verify(read_history(folder))[0].hint


def test_a_circle_is_named(folder):
    edit(
        module(folder, "0001_initial"),
        "depends_on: list[str] = []",
        'depends_on = ["0003_rename_age"]',
    )
    (first, *_) = verify(read_history(folder))
    assert "in a circle: 0001_initial, 0002_add_person_age, 0003_rename_age" in first.message


def test_snapshots_in_a_circle_are_an_error_not_a_loop(folder):
    path = snapshot(folder, "0002_add_person_age")
    data = json.loads(path.read_text())
    path.write_text(json.dumps(data | {"complete": False, "parents": {path.stem: "x"}}))
    with pytest.raises(HistoryError, match="was edited"):
        read_history(folder).schema_at("0002_add_person_age")


def test_names_that_differ_in_case_only_are_named(folder):
    write(folder, "0003_RENAME_AGE", ["0003_rename_age"])
    assert "differ in letter case only" in only_finding(folder).message


def test_a_missing_snapshot_is_named(folder):
    snapshot(folder, "0003_rename_age").unlink()
    finding = only_finding(folder)
    assert finding.file == snapshot(folder, "0003_rename_age")
    assert finding.message == "snapshot 0003_rename_age is missing"


def test_an_edited_snapshot_is_named_once_and_not_its_followers(folder):
    edit(snapshot(folder, "0001_initial"), '"TEXT"', '"DATE"')
    finding = only_finding(folder)
    assert finding.file == snapshot(folder, "0001_initial")
    assert "was edited" in finding.message


def test_a_changed_dependency_is_named(folder):
    edit(module(folder, "0003_rename_age"), "0002_add_person_age", "0001_initial")
    messages = [finding.message for finding in verify(read_history(folder))]
    assert messages[0] == (
        "snapshot 0003_rename_age follows 0002_add_person_age, "
        "its migration depends on 0001_initial"
    )


def test_a_snapshot_on_another_version_of_its_parent_is_named(folder):
    edit(module(folder, "0002_add_person_age"), '"INT"', '"BIGINT"')
    rewrite_snapshot(read_history(folder), "0002_add_person_age")
    finding = only_finding(folder)
    assert finding.message == (
        "snapshot 0003_rename_age was made on another version of 0002_add_person_age"
    )
    rewrite_snapshot(read_history(folder), "0003_rename_age")
    assert verify(read_history(folder)) == ()


def test_an_edited_migration_is_named_with_the_first_difference(folder):
    edit(module(folder, "0002_add_person_age"), '"INT"', '"BIGINT"')
    finding = only_finding(folder)
    assert finding.message == (
        "the operations of 0002_add_person_age do not make its snapshot: "
        "column person.age is INT NULL, expected BIGINT NULL"
    )


def test_operations_that_do_not_fit_are_named(folder):
    edit(module(folder, "0003_rename_age"), '"age"', '"size"')
    finding = only_finding(folder)
    assert finding.file == module(folder, "0003_rename_age")
    assert "has no column size" in finding.message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{\n", "<<<<<<< ours\n{\n", "merge conflict"),
        ("}\n", "", "is no JSON"),
        ('"format": 1', '"format": 2', "has format 2"),
        ('"format": 1', '"format": "1"', "unknown format '1'"),
        ('"dropped": []', '"droped": []', "unknown attributes 'droped'"),
        ('"dropped": []', '"dropped": [{}]', "dropped is no list of names"),
        ('"complete": true', '"complete": 1', "complete is neither true nor false"),
        ('"parents": {}', '"parents": []', "was edited"),
        ('"person": {', '"people": {', "under another name"),
        ('"TEXT"', '"WORDS"', "unknown column type 'WORDS'"),
    ],
)
def test_a_damaged_snapshot_is_named(tmp_path, old, new, message):
    write(tmp_path, "0001_initial", [], CREATE_PERSON)
    path = snapshot(tmp_path, "0001_initial")
    edit(path, old, new)
    if new == '"parents": []':
        edit(path, '"complete": true', '"complete": false')
    finding = only_finding(tmp_path)
    assert finding.file == path
    assert message in finding.message


def test_a_snapshot_that_is_no_object_or_no_text_is_named(tmp_path):
    write(tmp_path, "0001_initial", [], CREATE_PERSON)
    path = snapshot(tmp_path, "0001_initial")
    path.write_text("[]")
    assert "is no JSON object" in only_finding(tmp_path).message
    path.write_bytes(b"\xff")
    assert "is not UTF-8" in only_finding(tmp_path).message


def test_the_line_of_damage_is_kept(tmp_path):
    write(tmp_path, "0001_initial", [], CREATE_PERSON)
    edit(snapshot(tmp_path, "0001_initial"), '"format": 1,', '"format": 1')
    finding = only_finding(tmp_path)
    assert finding.line == 5
    assert finding.where.endswith("0001_initial.json:5")


def test_two_lines_that_do_not_go_together_are_named(folder):
    write(folder, "0003_b", ["0002_add_person_age"], RENAME_AGE)
    write(folder, "0004_merge", ["0003_b"])
    edit(module(folder, "0004_merge"), '["0003_b"]', '["0003_b", "0003_rename_age"]')
    path = snapshot(folder, "0004_merge")
    data = json.loads(path.read_text())
    rename = read_history(folder).snapshot("0003_rename_age").schema
    path.write_text(
        json.dumps(
            data
            | {
                "complete": True,
                "parents": data["parents"] | {"0003_rename_age": rename},
                "tables": {
                    "person": json.loads(snapshot(folder, "0003_rename_age").read_text())["tables"][
                        "person"
                    ]
                },
            }
        )
    )
    finding = only_finding(folder)
    assert finding.file == module(folder, "0004_merge")
    assert "joins 0003_b and 0003_rename_age, which do not commute" in finding.message
    assert "both touch column person.age" in finding.message


# Order


def test_pure_order():
    parents = {"d": ["b", "c"], "c": ["a"], "b": ["a"], "a": [], "e": ["gone"]}
    assert chain.in_order(parents) == ("a", "b", "c", "d", "e")
    assert chain.heads(parents) == ("d", "e")
    assert chain.in_cycle(parents) == ()
    assert chain.ancestors("d", parents) == {"a", "b", "c"}
    assert chain.ancestors("e", parents) == chain.ancestors("gone", parents) == set()
    circle = {"a": ["b"], "b": ["a"], "c": []}
    assert chain.in_order(circle) == ("c", "a", "b")
    assert chain.in_cycle(circle) == ("a", "b")
