"""The page of changes is what the planner does, and covers every kind and verb."""

from changes_table import PAGE, PAIRS, page, short

from peewee_mig.diff import diff
from peewee_mig.operations import invert_all, word_of
from peewee_mig.operations.codec import KINDS, STANDALONE


def test_the_page_is_what_the_planner_does(update_golden):
    if update_golden:
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_kind_is_added_dropped_and_altered():
    words = set()
    for pair in PAIRS:
        operations = diff(pair.before, pair.after, pair.renames)
        words |= {*map(word_of, operations), *map(word_of, invert_all(operations))}
    kinds = {*KINDS.values(), *STANDALONE} - {
        "options",
        "object",
    }  # what an object of the user's SQL does, nobody knows
    missing = [kind for kind in kinds if f"drop_{kind}" not in words]
    assert missing == []
    altered = ("column", "primary_key", "foreign_key", "options", "enum", "function", "trigger")
    assert [kind for kind in altered if f"alter_{kind}" not in words] == []
    assert {"rename_table", "rename_column"} <= words


def test_a_statement_is_said_in_short():
    assert short('ALTER TABLE "t" ADD CONSTRAINT "c" CHECK ("a" > 0)') == "ALTER TABLE ADD CHECK"
    assert short('CREATE UNIQUE INDEX "i" ON "t" ("a")') == "CREATE UNIQUE INDEX ON"
    assert short("UPDATE `t` SET `a` = 1") == "UPDATE SET"
    assert short("BEGIN") == "BEGIN"
