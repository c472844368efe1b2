"""Reference rows in plans: what is asked first, which statements run, on each engine."""

import time
from dataclasses import replace

import pytest
from rows_world import State

from peewee_mig import op
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Statement
from peewee_mig.diff import diff
from peewee_mig.history.render import render_module
from peewee_mig.operations import invert, invert_all, replay
from peewee_mig.operations.names import Names
from peewee_mig.plan.given import Given
from peewee_mig.plan.guard_names import traced_back
from peewee_mig.plan.guards import guards
from peewee_mig.plan.hazards.guard import words
from peewee_mig.plan.planner import plan
from peewee_mig.plan.row_guards import row_guards
from peewee_mig.runner.mending import mending
from peewee_mig.schema import Schema

SQLITE = get_dialect("sqlite")
ROLE = State({"a": "A", "b": "B"}, (("a", "x"),), {"leaf": "root", "root": ""}, "INT")
LABEL = op.update_rows("role", "name", [({"name": "a", "label": "A"}, {"name": "a", "label": "X"})])
INSERT = op.insert_rows("role", "name", [{"name": "c", "label": "it's"}])


def statements(*operations, before=ROLE.schema, engine="sqlite"):
    found = plan(operations, before, get_dialect(engine)).steps
    return [step.sql for step in found if isinstance(step, Statement)]


def asked(*operations, before=ROLE.schema):
    return [words(guard) for guard in guards(operations, before)]


def test_a_new_table_gets_its_rows_at_once_and_an_old_one_those_that_are_missing():
    table = op.create_table("t", op.column("b", "INT", null=True), op.column("a", "VARCHAR(9)"),
                            op.primary_key("a"))  # fmt: skip
    rows = [{"a": "x", "b": 1}, {"a": "y", "b": None}, {"a": "z"}]
    made = statements(table, op.insert_rows("t", "a", rows), before=Schema())
    assert made[1:] == [
        'INSERT INTO "t" ("b", "a") VALUES\n  (1, \'x\'),\n  (NULL, \'y\')',
        'INSERT INTO "t" ("a") VALUES\n  (\'z\')',
    ]
    twice = statements(
        table, *(op.insert_rows("t", "a", [row]) for row in rows[:2]), before=Schema()
    )
    assert "NOT EXISTS" in twice[2]
    whole = statements(
        op.create_table("t", *table.object.columns, op.rows("a", rows)), before=Schema()
    )
    assert whole[1:] == made[1:]
    only = op.database_only(op.create_table("t", *table.object.columns, op.rows("a", rows)))
    assert sum("INSERT" in sql for sql in statements(only, before=Schema())) == 3
    cut = statements(table, op.run_sql("SELECT 1"), op.insert_rows("t", "a", rows), before=Schema())
    assert sum("NOT EXISTS" in sql for sql in cut) == 3


@pytest.mark.parametrize(
    ("engine", "sql"),
    [
        (
            "sqlite",
            [
                """UPDATE "role" SET "label" = 'X' WHERE "name" = 'a'""",
                (
                    """INSERT INTO "role" ("name", "label", "rank") SELECT 'a', 'X', 1"""
                    """ WHERE NOT EXISTS (SELECT 1 FROM "role" WHERE "name" = 'a')"""
                ),
            ],
        ),
        (
            "mysql",
            [
                "UPDATE `role` SET `label` = 'X' WHERE `name` = 'a'",
                (
                    "INSERT INTO `role` (`name`, `label`, `rank`) SELECT 'a', 'X', 1 FROM DUAL"
                    " WHERE NOT EXISTS (SELECT 1 FROM `role` WHERE `name` = 'a')"
                ),
            ],
        ),
    ],
)
def test_an_update_brings_back_a_row_that_is_gone(engine, sql):
    assert statements(LABEL, engine=engine) == sql
    (change,) = plan([LABEL], ROLE.schema, get_dialect("postgres")).steps[:1]
    assert (change.rows, change.tables) == (True, ("role",))


def test_what_changes_no_row_runs_nothing_and_asks_nothing():
    narrow = op.update_rows("role", "name", [({"name": "a", "label": "A"}, {"name": "a"})])
    anew = op.change_row_key("role", old="name", new=["name", "label"])
    for operation in (narrow, anew):
        assert statements(operation) == statements(operation, engine="postgres") == []
        assert asked(operation) == []
        assert not operation.runs


def test_over_overwrites_and_asks_nothing():
    over = op.insert_rows("role", "name", [{"name": "c", "label": "C"}, {"name": "d"}], over=True)
    assert asked(over) == []
    first = [sql.partition(" ")[0] for sql in statements(over)]
    assert first == ["UPDATE", "INSERT", "INSERT"]


def test_what_is_generated_only_counts_for_a_new_row():
    table = op.create_table("t", op.column("a", "INT"), op.column("at", "DATETIME"),
        op.primary_key("a"), op.rows("a", [{"a": 1, "at": op.now()}]))  # fmt: skip
    before = replay([table], Schema())
    widened = op.update_rows("t", "a", [({"a": 1, "at": op.now()}, {"a": 1, "at": op.utcnow()})])
    assert statements(widened, before=before) == []
    (insert,) = statements(op.insert_rows("t", "a", [{"a": 2, "at": op.now()}]), before=before)
    assert "'localtime'" in insert
    (guard,) = guards([op.insert_rows("t", "a", [{"a": 2, "at": op.now()}])], before)
    assert "1 = 1" in SQLITE.guard_sql(guard)[0]


def test_rows_of_their_own_table_go_one_by_one_and_others_together():
    tree = [op.delete_rows("tree", "name", [
        {"name": "leaf", "parent_id": op.ref("tree", "id", {"name": "root"})},
        {"name": "root", "parent_id": None},
    ])]  # fmt: skip
    assert statements(*tree) == [
        """DELETE FROM "tree" WHERE "name" = 'leaf'""",
        """DELETE FROM "tree" WHERE "name" = 'root'""",
    ]
    may = op.delete_rows("may", ["role_id", "what"], [
        {"role_id": op.ref("role", "id", {"name": "a"}), "what": "x"}])  # fmt: skip
    both = [{"name": n, "label": n.upper(), "rank": 1} for n in "ab"]
    assert statements(may, op.delete_rows("role", "name", both)) == [
        (
            """DELETE FROM "may" WHERE "role_id" = (SELECT "id" FROM "role" WHERE "name" = 'a')"""
            """ AND "what" = 'x'"""
        ),
        """DELETE FROM "role" WHERE "name" IN ('a', 'b')""",
    ]


def test_mysql_does_not_read_the_table_that_it_changes():
    new = op.insert_rows("tree", "name", [
        {"name": "twig", "parent_id": op.ref("tree", "id", {"name": "leaf"})}])  # fmt: skip
    (sql,) = statements(new, engine="mysql")
    assert "(SELECT * FROM (SELECT `id` FROM `tree` WHERE `name` = 'leaf') AS found)" in sql
    (sql,) = statements(new, engine="postgres")
    assert """(SELECT "id" FROM "tree" WHERE "name" = 'leaf')""" in sql


def test_a_reference_by_the_very_column_needs_no_other_table():
    code = op.create_table("code", op.column("c", "VARCHAR(9)"), op.primary_key("c"),
                           op.rows("c", [{"c": "x"}]))  # fmt: skip
    user = op.create_table("user", op.column("c", "VARCHAR(9)"), op.primary_key("c"),
                           op.foreign_key("c", "code", "c"))  # fmt: skip
    rows = op.insert_rows("user", "c", [{"c": op.ref("code", "c", {"c": "x"})}])
    assert statements(code, user, rows, before=Schema())[-1].endswith("('x')")


def test_what_is_asked_before_rows_change():
    assert asked(INSERT) == ["role has reference rows with other values than declared"]
    assert asked(LABEL) == asked(INSERT)
    gone = op.delete_rows("role", "name", [{"name": "b", "label": "B", "rank": 1}])
    assert asked(gone) == ["may.role_id refers to reference rows of role that go"]
    twig = op.insert_rows("tree", "name", [
        {"name": "twig", "parent_id": op.ref("tree", "id", {"name": "leaf"})}])  # fmt: skip
    assert asked(twig) == [
        "tree lacks reference rows that others refer to: leaf",
        "tree has reference rows with other values than declared",
    ]
    for guard in guards([gone, twig], ROLE.schema):
        assert traced_back(guard, [op.rename_table("role", "roles")]) is None
        assert traced_back(guard, []) == guard
        assert mending(guard, [("x",)], SQLITE) == ()


def test_guards_are_asked_by_the_names_and_types_before_the_migration():
    rank = [op.column("rank", kind, null=True) for kind in ("INT", "VARCHAR(9)")]
    narrow = op.update_rows("role", "name", [
        ({"name": n, "rank": 1}, {"name": n}) for n in "ab"])  # fmt: skip
    found = guards(
        [
            narrow,
            op.rename_table("role", "roles"),
            op.rename_column("roles", "name", "code"),
            op.alter_column("roles", old=rank[0], new=rank[1]),
            op.add_column("roles", op.column("new", "INT", null=True)),
            op.update_rows("roles", "code", [
                ({"code": "a"}, {"code": "a", "rank": "one", "new": 5}),
                ({"code": "b", "label": "B"}, {"code": "b", "label": "X"}),
            ]),
            op.insert_rows("roles", "code", [{"code": "c", "new": 1, "rank": "7"}]),
            op.insert_rows("tree", "name", [
                {"name": "twig", "parent_id": op.ref("tree", "id", {"name": "leaf"})}]),
            op.insert_rows("may", ["role_id", "what"], [
                {"role_id": op.ref("roles", "id", {"code": "a"}), "what": "y"}]),
            op.delete_rows("may", ["role_id", "what"], [
                {"role_id": op.ref("roles", "id", {"code": "a"}), "what": "x"}]),
        ],
        ROLE.schema,
    )  # fmt: skip
    texts = [SQLITE.guard_sql(guard)[0] for guard in found if guard.kind == "changed"]
    assert texts[0] == (
        """SELECT count(*) FROM "role" WHERE ("name" = 'a' AND CASE WHEN "name" = 'a'"""
        """ AND ("rank" = 1) THEN 0 ELSE 1 END = 1) OR ("name" = 'b' AND CASE WHEN"""
        """ "name" = 'b' AND ("label" = 'X' OR "label" = 'B') THEN 0 ELSE 1 END = 1)"""
    )
    assert len(texts) == 2  # nobody can tell what the new row has in a column of another type
    missing = [SQLITE.guard_sql(guard)[0] for guard in found if guard.kind == "missing"]
    assert """FROM "role" WHERE "name" = 'a'""" in missing[1]


def test_nothing_is_asked_of_what_is_new_or_goes_first():
    table = op.create_table("t", op.column("a", "INT"), op.column("r", "INT", null=True),
                            op.primary_key("a"), op.foreign_key("r", "role", "id"))  # fmt: skip
    new = op.insert_rows("t", "a", [{"a": 1, "r": op.ref("role", "id", {"name": "b"})}])
    assert asked(table, new) == ["role lacks reference rows that others refer to: b"]
    gone = op.delete_rows("role", "name", [{"name": "b", "label": "B", "rank": 1}])
    assert asked(table, gone) == ["may.role_id refers to reference rows of role that go"]
    again = op.insert_rows("role", "name", [{"name": "b", "label": "Z"}])
    assert asked(gone, again) == ["may.role_id refers to reference rows of role that go"]
    code = op.column("code", "INT", null=True)
    key = op.create_index("role", op.index("role_code", "code", unique=True))
    keyed = [op.add_column("role", code), key]
    keyed.append(op.delete_rows("role", "name", [{"name": "b", "label": "B", "rank": 1}]))
    schema = replay(keyed[:2], ROLE.schema)
    other = op.insert_rows("tree", "name", [{"name": "z", "parent_id": None}])
    assert len(asked(*keyed, other)) == 2
    bare = State({}, (), {}).schema
    by_code = op.insert_rows("role", "code", [{"code": 1, "name": "q"}])
    assert asked(*keyed[:2], by_code, before=bare) == []
    assert schema.table("role").find_column("code")


def test_of_many_rows_a_hundred_are_asked_about_at_a_time():
    rows = [{"name": f"n{number}", "label": "x"} for number in range(250)]
    insert = op.insert_rows("role", "name", rows)
    assert [len(guard.rows) for guard in guards([insert], ROLE.schema)] == [100, 100, 50]
    table = op.create_table("t", op.column("name", "VARCHAR(9)"), op.column("label", "VARCHAR(9)"))
    made = statements(table, op.insert_rows("t", "name", rows), before=Schema())
    assert [sql.count("\n") for sql in made[1:]] == [100, 100, 50]


def test_rows_of_others_that_leave_are_in_no_ones_way():
    may = op.delete_rows("may", ["role_id", "what"], [
        {"role_id": op.ref("role", "id", {"name": "a"}), "what": "x"}])  # fmt: skip
    gone = op.delete_rows("role", "name", [{"name": "a", "label": "A", "rank": 1}])
    found = [guard for guard in guards([may, gone], ROLE.schema) if guard.kind == "referred"]
    (guard,) = found
    assert len(guard.leaving) == 1
    moved = State({"a": "A", "b": "B"}, (), {"leaf": "mid", "mid": "", "root": ""}, "INT").schema
    leaf = [
        {"name": "leaf", "parent_id": op.ref("tree", "id", {"name": n})} for n in ("mid", "root")
    ]
    away = op.update_rows("tree", "name", [tuple(leaf)])
    mid = op.delete_rows("tree", "name", [{"name": "mid", "parent_id": None}])
    (guard,) = [g for g in guards([away, mid], moved) if g.kind == "referred"]
    assert [cell.value for row in guard.leaving for cell in row.key] == ["leaf", "mid"]


def test_a_table_that_nobody_had_before_is_not_looked_at():
    given = Given(Schema(), ROLE.schema, Names())
    assert [*row_guards(0, INSERT, given)] == []


@pytest.mark.parametrize("engine", ["sqlite", "postgres", "mysql"])
def test_full_text_and_rebuilds_see_the_rows_as_they_then_are(engine):
    rank = [op.column("rank", kind, null=True) for kind in ("INT", "VARCHAR(9)")]
    narrow = op.update_rows("role", "name", [
        ({"name": n, "rank": 1}, {"name": n}) for n in "ab"])  # fmt: skip
    widen = op.update_rows("role", "name", [({"name": "a"}, {"name": "a", "rank": "one"})])
    change = op.alter_column("role", old=rank[0], new=rank[1])
    steps = plan([narrow, change, widen], ROLE.schema, get_dialect(engine)).steps
    update = next(n for n, s in enumerate(steps) if isinstance(s, Statement) and "'one'" in s.sql)
    assert update == len(steps) - 2
    assert {0} not in [{*step.operations} for step in steps]


def test_a_column_that_was_not_declared_has_no_value_of_anybodys_yet():
    before = State({"a": None}).schema
    widen = op.update_rows("role", "name", [({"name": "a"}, {"name": "a", "label": "A"})])
    (guard,) = guards([widen], before)
    condition = """("label" = 'A' OR "label" IS NULL)"""
    assert condition in SQLITE.guard_sql(guard)[0]


def test_rows_that_only_the_schema_learns_of_are_left_alone_in_the_database():
    only = op.state_only(INSERT, op.delete_rows("tree", "name", [
        {"name": "leaf", "parent_id": op.ref("tree", "id", {"name": "root"})}]))  # fmt: skip
    assert statements(only) == []
    after = replay([only], ROLE.schema)
    assert len(after.table("role").rows.rows) == 3
    assert replay([invert(only)], after) == ROLE.schema


def test_a_thousand_rows_are_no_burden():
    rows = [
        {"name": f"n{n}", "parent_id": op.ref("tree", "id", {"name": f"n{n // 2}"}) if n else None}
        for n in range(1000)
    ]
    bare = State().schema
    many = bare.with_table(replace(bare.table("tree"), rows=op.rows("name", rows)))
    started = time.process_time()
    operations = diff(bare, many)
    assert len(plan(operations, bare, SQLITE).steps) == 1000
    assert len(plan(invert_all(operations), many, SQLITE).steps) == 1000
    assert render_module(operations, depends_on=[]).count("op.ref") == 999
    assert time.process_time() - started < 5
