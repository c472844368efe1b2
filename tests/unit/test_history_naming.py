"""Names of migrations."""

import pytest

from peewee_mig import op
from peewee_mig.errors import UsageError
from peewee_mig.history.naming import PROPOSED, next_name, number_of, propose_name, slug, summarize

TEAM = op.create_table("team", op.column("id", "AUTO"), op.primary_key("id"))
MEMBER = op.create_table("team_member", op.column("team_id", "INT"))
NICKNAME = op.add_column("people", op.column("nickname", "TEXT"))
STEP = op.column("template_step_id", "INT")


def key(on_delete):
    return op.foreign_key("template_step_id", "template_step", "id", on_delete=on_delete)


@pytest.mark.parametrize(
    ("operations", "name"),
    [
        ([], "auto"),
        ([NICKNAME], "add_people_nickname"),
        ([TEAM, MEMBER], "create_team_and_team_member"),
        ([TEAM, MEMBER, NICKNAME], "create_team_and_more"),
        ([NICKNAME, TEAM], "create_team_and_add_people_nickname"),
        ([TEAM, op.create_index("team", op.index("i", "id"))], "create_team"),
        ([op.rename_table("staff", "person")], "rename_staff_to_person"),
        ([op.rename_column("people", "nick", "alias")], "rename_people_nick_to_alias"),
        ([op.drop_table("team", op.column("id", "AUTO"))], "drop_team"),
        ([op.drop_column("people", op.column("age", "INT"))], "drop_people_age"),
        ([op.create_index("people", op.index("i", ["a", "b"]))], "add_index_people_a_b"),
        (
            [op.create_index("people", op.index("i", "email", unique=True))],
            "add_unique_people_email",
        ),
        ([op.add_primary_key("people", op.primary_key("id"))], "add_primary_key_people"),
        ([op.add_foreign_key("people", op.foreign_key("a_id", "a", "id"))], "add_key_people_a_id"),
        ([op.run_sql("SELECT 1")], "run_sql"),
        (
            [
                op.alter_column(
                    "workflow_step", old=STEP, new=op.column(STEP.name, "INT", null=True)
                ),
                op.alter_foreign_key("workflow_step", old=key("RESTRICT"), new=key("SET NULL")),
            ],
            "alter_workflow_step_template_step_id",
        ),
        (
            [op.alter_foreign_key("workflow_step", old=key("RESTRICT"), new=key("SET NULL"))],
            "alter_workflow_step_template_step_id",
        ),
        ([op.rename_table("Ünïts", "Größen")], "rename_units_to_groen"),
        ([op.rename_table("表", "名")], "rename_to"),
        (
            [op.rename_index("people", "a", "b"), NICKNAME],
            "rename_people_a_to_b_and_add_people_nickname",
        ),
    ],
)
def test_a_name_says_what_the_operations_do(operations, name):
    assert propose_name(operations) == name


def test_the_first_migration_is_the_initial_one():
    assert propose_name([TEAM, MEMBER], first=True) == "initial"
    assert propose_name([], first=True) == "auto"
    assert propose_name([op.run_sql("x")], first=True) == "run_sql"


def test_a_long_name_is_cut_at_a_word():
    wide = op.add_column("customer_relationship_manager", op.column("preferred_language", "INT"))
    assert propose_name([wide]) == "add_customer_relationship_manager_preferred"
    assert propose_name([wide, op.run_sql("x")]) == "add_customer_relationship_manager_and_more"
    assert propose_name([wide, TEAM, MEMBER]) == "create_team_and_more"
    assert len(propose_name([op.rename_table("x" * 90, "y")])) <= PROPOSED


@pytest.mark.parametrize(
    ("text", "expected"),
    [("add_nick", "add_nick"), ("Add Nick-name ", "add_nick_name"), ("v2__x_", "v2_x")],
)
def test_a_slug_is_what_the_user_typed_in_snake_case(text, expected):
    assert slug(text) == expected


@pytest.mark.parametrize("text", ["", " ", "a/b", "../x", "a.b", "0007_x", "é", "x" * 101, "a\nb"])
def test_what_is_fit_for_no_file_is_refused(text):
    with pytest.raises(UsageError, match="no name for a migration"):
        slug(text)


def test_numbers_go_on_after_the_highest():
    assert next_name([], "x") == "0001_x"
    assert next_name(["0001_a", "0007_b", "0003_c"], "x") == "0008_x"
    assert next_name(["9999_a"], "x") == "10000_x"
    assert number_of("10000_x") == 10000


@pytest.mark.parametrize(
    ("operations", "sentence"),
    [
        ([], "Change no table."),
        ([NICKNAME], "Add column people.nickname TEXT NOT NULL."),
        ([TEAM, MEMBER], "Create 2 tables: team, team_member."),
        ([NICKNAME, op.rename_table("a", "b")], "Rename table a to b, and 1 more operation."),
        ([TEAM, NICKNAME, op.run_sql("x")], "Create table team (id), and 2 more operations."),
    ],
)
def test_a_summary_is_one_sentence(operations, sentence):
    assert summarize(operations) == sentence
