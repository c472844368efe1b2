"""Where a database stands: rows against files, moves and targets. No database."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from peewee_mig.errors import HistoryError, UsageError
from peewee_mig.history.table import Row
from peewee_mig.runner.position import absolute, last_applied, locate, moves

NAMES = ("0001_a", "0002_b", "0003_c", "0004_d")


def row(name, checksum="same"):
    return Row(
        name, checksum, f"bytes of {name}", "", "applied", "forward", "", "", 0.0, "", "", "[]"
    )


def history(names=NAMES, parents=None, was=None):
    migrations = tuple(
        SimpleNamespace(
            name=name,
            checksum="same",
            sha256=f"bytes of {name}",
            was=(was or {}).get(name, ()),
            path=Path(f"migrations/{name}.py"),
        )
        for name in names
    )
    line = {name: tuple(names[i - 1 : i]) if i else () for i, name in enumerate(names)}

    def find(target):
        return next(name for name in names if target in (name, name[:4], str(int(name[:4]))))

    def module_path(name):
        return Path(f"migrations/{name}.py")

    return SimpleNamespace(
        names=names,
        migrations=migrations,
        modules={each.name: each for each in migrations},
        parents=parents or line,
        find=find,
        module_path=module_path,
    )


def located(count, files=None):
    return locate(files or history(), [row(name) for name in NAMES[:count]])


def said(position):
    return [problem.message for problem in position.problems]


def test_applied_and_pending_follow_the_files():
    position = locate(history(), [row("0002_b"), row("0001_a")])
    assert (position.applied, position.pending) == (NAMES[:2], NAMES[2:])
    assert position.problems == ()


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (None, "+3 +4"), ("head", "+3 +4"), ("+1", "+3"), ("+7", "+3 +4"), ("-1", "-2"),
        ("zero", "-2 -1"), ("0001", "-2"), ("4", "+3 +4"), ("2", ""), ("0003_c", "+3"),
    ],
)  # fmt: skip
def test_moves_to_a_target(target, expected):
    found = moves(history(), located(2), target)
    signs = {"forward": "+", "backward": "-"}
    assert " ".join(signs[move.direction] + move.name[3] for move in found) == expected


@pytest.mark.parametrize(
    ("applied", "target", "expected"),
    [
        (2, None, "0004_d"), (2, "+1", "0003_c"), (2, "-1", "0001_a"), (2, "-2", "zero"),
        (4, None, "0004_d"), (0, "zero", "zero"), (2, "zero", "zero"), (2, "0002", "0002_b"),
    ],
)  # fmt: skip
def test_a_target_means_the_same_after_others_have_moved_on(applied, target, expected):
    assert absolute(history(), located(applied), target) == expected


def test_more_steps_back_than_there_are():
    with pytest.raises(UsageError, match="cannot go back 3 migrations: the database has 2"):
        last_applied(located(2), 3)
    with pytest.raises(UsageError, match="cannot go back 1 migration: the database has 0"):
        last_applied(located(0), 1)


def test_an_edited_file_is_told_by_its_checksum_only_if_its_bytes_differ():
    same_words = [row("0001_a")]
    other_words = [Row(**{**{f: getattr(row("0001_a"), f) for f in Row.__slots__},
                          "checksum": "other", "sha256": "other"})]  # fmt: skip
    assert said(locate(history(), same_words)) == []
    assert said(locate(history(), other_words)) == ["0001_a was edited after it was applied"]


def test_a_gap_is_a_problem():
    position = locate(history(), [row("0001_a"), row("0003_c"), row("0004_d")])
    assert said(position) == [
        "0003_c is applied, but 0002_b, which it depends on, is not",
        "0004_d is applied, but 0002_b, which it depends on, is not",
    ]
    with pytest.raises(HistoryError, match="0003_c is applied") as caught:
        position.ensure_sound()
    assert caught.value.where == "0003_c"


def test_a_database_ahead_is_no_problem_but_one_beside_is():
    ahead = locate(history(NAMES[:2]), [row(name) for name in NAMES[:3]])
    assert [each.name for each in ahead.ahead] == ["0003_c"]
    assert ahead.problems == ()
    beside = locate(history(NAMES[:3]), [row("0001_a"), row("0009_x")])
    assert beside.ahead == ()
    assert said(beside) == ["0009_x is applied, but its file is gone"]
    between = locate(history(NAMES[:2]), [row("0001_a"), row("0009_x"), row("0002_b")])
    assert said(between) == ["0009_x is applied, but its file is gone"]


def test_nothing_is_undone_below_what_is_not_here():
    ahead = locate(history(NAMES[:2]), [row(name) for name in NAMES[:3]])
    with pytest.raises(HistoryError, match="0003_c"):
        moves(history(NAMES[:2]), ahead, "-1")
    assert moves(history(NAMES[:2]), ahead, None) == ()


def test_a_row_takes_the_new_name_of_its_file():
    files = history(("0001_a", "0002_new"), was={"0002_new": ("0002_b",)})
    position = locate(files, [row("0001_a"), row("0002_b")])
    assert position.renamed == (("0002_b", "0002_new"),)
    assert position.applied == ("0001_a", "0002_new")
    changed = locate(files, [row("0001_a"), row("0002_b", "other")])
    assert changed.renamed == ()
    assert said(changed) == ["0002_b is applied, but its file is gone"]


def test_a_target_on_another_branch_is_refused():
    parents = {"0001_a": (), "0002_b": ("0001_a",), "0003_c": ("0001_a",)}
    files = history(NAMES[:3], parents)
    position = locate(files, [row("0001_a"), row("0002_b")])
    with pytest.raises(HistoryError, match="on different branches"):
        moves(files, position, "0003_c")


def joined(was=None):
    """Return two branches and what joins them."""
    parents = {
        "0001_a": (),
        "0002_b": ("0001_a",),
        "0003_c": ("0001_a",),
        "0004_d": ("0002_b", "0003_c"),
    }
    return history(NAMES, parents, was)


@pytest.mark.parametrize(
    ("applied", "target", "goal", "expected"),
    [
        ("13", "+1", "0004_d", "+2"), ("12", "+1", "123", "+3"), ("1234", "-1", "123", "-4"),
        ("1234", "-2", "0002_b", "-4 -3"), ("123", "-1", "0002_b", "-3"), ("13", None, "0004_d",
         "+2 +4"), ("", "+3", "123", "+1 +2 +3"), ("123", None, "0004_d", "+4"),
        ("1234", "zero", "zero", "-4 -3 -2 -1"),
    ],
)  # fmt: skip
def test_goals_on_branches_mean_the_same_for_every_runner(applied, target, goal, expected):
    files = joined()
    position = locate(files, [row(NAMES[int(each) - 1]) for each in applied])
    found = absolute(files, position, target)
    if not isinstance(found, str):
        found = "".join(sorted(name[3] for name in found.names))
    signs = {"forward": "+", "backward": "-"}
    for again in (target, absolute(files, position, target)):
        made = moves(files, position, again)
        assert " ".join(signs[m.direction] + m.name[3] for m in made) == expected
    if goal == "0004_d" and target == "+1":
        assert found == "123"  # what is left is not all that 0004_d needs
    else:
        assert found == goal


def test_a_goal_is_never_passed_nor_turned_round():
    files = joined()
    there = locate(files, [row("0001_a"), row("0002_b")])
    goal = absolute(files, there, "+1")
    further = locate(files, [row(name) for name in NAMES])
    assert moves(files, further, goal) == ()
    back = absolute(files, further, "-1")
    assert moves(files, there, back) == ()


def test_what_a_rebase_put_before_applied_ones_is_late():
    files = history(was={"0004_d": ("0002_d",)})
    position = locate(files, [row("0001_a"), row("0002_d")])
    assert position.late == ("0002_b", "0003_c")
    assert position.problems == ()
    assert [move.name for move in moves(files, position, None)] == ["0002_b", "0003_c"]
    both = history((*NAMES, "0005_e"), was={"0004_d": ("0002_d",)})
    position = locate(both, [row("0001_a"), row("0004_d"), row("0005_e")])
    assert position.late == ()
    assert said(position) == [
        "0004_d is applied, but 0003_c, which it depends on, is not",
        "0005_e is applied, but 0003_c, which it depends on, is not",
    ]
