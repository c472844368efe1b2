"""The catalog of MySQL 8, as its manual describes it: no server of it is at hand for tests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from peewee_mig.dialects.base import Unmanaged
from peewee_mig.dialects.mysql.dialect import DIALECT
from peewee_mig.errors import FailedError
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import (
    Column,
    Computed,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
)
from peewee_mig.schema.types import ColumnType

FACTS = [(b"8.0.36", "shop", "utf8mb4_0900_ai_ci", "InnoDB")]


def column(name, words, *, null="NO", default=None, extra="", collation=None, expression=""):
    kind = words.partition("(")[0].encode()  # a driver may give bytes
    charset = collation and collation.partition("_")[0]
    what = (kind, words.encode(), extra, charset, collation, expression, "")
    return ("book", name, default, null, *what)


def part(index, name, *, unique=False, prefix=None, order="A", hidden="", expression=None):
    return ("book", index, int(not unique), name, order, prefix, "BTREE", "", hidden, expression)


TABLES = {
    "schemata": FACTS,
    ".tables": [
        ("book", "BASE TABLE", "InnoDB", "utf8mb4_0900_ai_ci", "row_format=DYNAMIC", ""),
        ("author", "BASE TABLE", "InnoDB", "utf8mb4_0900_ai_ci", "partitioned", ""),
        ("shelf", "VIEW", None, None, None, "VIEW"),
    ],
    ".columns": [
        column("id", "bigint", extra="auto_increment"),
        column("title", "varchar(50)", default="NULL", collation="utf8mb4_0900_ai_ci"),
        column("flag", "tinyint(1)", default="1"),
        column("data", "json", null="YES"),
        column("at", "datetime", default="CURRENT_TIMESTAMP", extra="DEFAULT_GENERATED on update"
               " CURRENT_TIMESTAMP"),
        column("author_id", "int", null="YES"),
        column("size", "int", null="YES", extra="VIRTUAL GENERATED", expression="(`id` + 1)"),
        column("note", "text", null="YES", extra="INVISIBLE", collation="utf8mb4_bin"),
        ("author", "id", None, "NO", "int", "int", "auto_increment", None, None, "", ""),
    ],
    ".statistics": [
        ("author", "PRIMARY", 0, "id", "A", None, "BTREE", "", "", None),
        part("PRIMARY", "id", unique=True),
        part("author_id", "author_id"),
        part("book_lower", None, expression="lower(`title`)"),
        part("book_title", "title", unique=True),
        part("book_unseen", "title", hidden="INVISIBLE"),
        part("book_note", "note", prefix=768),
    ],
    ".key_column_usage": [("book", "book_ibfk_1", "author_id", "shop", "Author", "id")],
    ".referential_constraints": [("book", "book_ibfk_1", "NO ACTION", "CASCADE")],
    ".check_constraints": [("book", "thick", "(`size` > 1) NOT ENFORCED", "Table")],
    ".partitions": [("author", "HASH", "`id`", "p0", None, None, None, None)],
    ".views": [("shelf", "select `shop`.`book`.`id` from `shop`.`book`", "NONE", "DEFINER")],
}  # fmt: skip
RIGHTS = {
    "SELECT current_role()": [("`watch`@`%`",)],
    "SHOW GRANTS FOR CURRENT_USER() USING `watch`@`%`": [("GRANT TRIGGER ON *.* TO `a`@`%`",)],
    "SELECT current_user()": [("a@b@local`host",)],
}  # fmt: skip


def answer(sql):
    """Answer for the view of information_schema that a query is over."""
    if "information_schema." not in sql:
        return RIGHTS[sql]
    if "view_definition = ''" in sql:
        return []
    if "check_constraints" in sql:
        return TABLES[".check_constraints"]
    words = sql.split()
    view = next(word for word in words if word.startswith("information_schema."))
    view = view.removeprefix("information_schema")
    return TABLES["schemata"] if view == ".schemata" else TABLES.get(view, [])


@pytest.fixture(scope="module")
def found():
    return DIALECT.inspect(answer)


def typed(name, words, *, null=False, **attributes):
    return Column(name, ColumnType(words), null, **attributes)


def test_tables_of_mysql_8_are_read(found):
    assert found.schema.table("book") == Table(
        "book",
        (
            typed("id", "BIGAUTO"),
            # A text: nothing is nothing here.
            replace(
                typed("title", "VARCHAR", default=Expression("'NULL'")),
                type=ColumnType("VARCHAR", (50,)),
            ),
            typed("flag", "BOOL", default=Expression("1")),
            typed("data", "JSON", null=True),
            typed(
                "at",
                "DATETIME",
                default=Expression("CURRENT_TIMESTAMP"),
                options=("ON UPDATE CURRENT_TIMESTAMP",),
            ),
            typed("author_id", "INT", null=True),
            typed("size", "INT", null=True, computed=Computed(Expression('"id" + 1'))),
            typed("note", "TEXT", null=True, collation="utf8mb4_bin"),
        ),
        primary_key=PrimaryKey(("id",)),
        indexes=(
            Index("author_id", ("author_id",)),
            Index("book_lower", (), parts=(Expression('lower("title")'),)),
            Index("book_note", ("note",)),
            Index("book_title", ("title",), unique=True),
        ),
        foreign_keys=(
            ForeignKey(("author_id",), "author", ("id",), None, "CASCADE", "book_ibfk_1"),
        ),
        options=Options(("ROW_FORMAT=DYNAMIC",)),
    )
    assert found.implied == {("book", "author_id")}


def test_what_is_beyond_our_kinds_is_named_on_mysql_8(found):
    assert set(found.unmanaged) == {
        Unmanaged("column option", "book.note", "INVISIBLE", "book"),
        Unmanaged("index", "book_unseen", "(title) INVISIBLE", "book"),
        Unmanaged("check", "thick", "(`size` > 1) NOT ENFORCED", "book"),
        Unmanaged("partitions", "author", "HASH (`id`): p0", "author"),
        Unmanaged("view", "shelf", "select `book`.`id` from `book`"),
    }


def asked(version):
    """Return all that is asked of a server."""
    questions = []
    facts = [(version, *FACTS[0][1:])]
    replies = {"schemata": facts, "GRANTS": [("GRANT ALL PRIVILEGES ON *.* TO `a`@`%`",)]}

    def reply(sql):
        questions.append(sql)
        return next((rows for word, rows in replies.items() if word in sql), None) or answer(sql)

    DIALECT.inspect(reply)
    return " ".join(questions)


def test_each_server_is_asked_what_it_has():
    assert "is_visible" in asked("8.4.0")
    assert "level" not in asked("8.4.0")
    assert "ignored" in asked("10.11.6-MariaDB-1")
    assert "ignored" not in asked("10.5.23-MariaDB")
    assert "is_visible" not in asked("10.5.23-MariaDB")


def test_a_connection_without_a_database_is_told():
    with pytest.raises(FailedError, match="has no database") as error:
        DIALECT.inspect(lambda _: [])
    assert "end of the URL" in error.value.hint


def inspected(**replies):
    """Inspect where a word in a question has another answer."""
    words = {word.replace("_", " "): rows for word, rows in replies.items()}
    return DIALECT.inspect(
        lambda sql: next((words[w] for w in words if w in sql), None) or answer(sql)
    )


def grants(*texts):
    return inspected(SHOW_GRANTS=[(f"GRANT {text} TO `a`@`%`",) for text in texts]).notes


@pytest.mark.parametrize(
    "granted",
    [
        ["USAGE ON *.*", "SELECT, TRIGGER ON *.*"],
        ["ALL PRIVILEGES ON `shop`.*"],
        ["SELECT, TRIGGER ON `sh%`.*"],
        ["SELECT, TRIGGER ON `s_op`.*"],
        [
            "SELECT ON `shop`.*",
            "TRIGGER ON `shop`.`author`",
            "SELECT (id), TRIGGER ON `shop`.`book`",
        ],
    ],
)
def test_a_role_that_sees_triggers_is_not_warned(granted):
    assert grants(*granted) == ()


@pytest.mark.parametrize(
    "granted",
    [
        ["SELECT ON *.*"],
        ["SELECT ON `shop`.*", r"TRIGGER ON `s\_op`.*", "TRIGGER ON `other`.*"],
        ["INSERT ON `s%`.*", "TRIGGER ON `shop`.`author`", "TRIGGER ON `other`.`book`"],
    ],
)
def test_a_role_that_sees_no_triggers_is_told_the_grant(granted):
    (note,) = grants(*granted)
    assert "does not see triggers;" in note
    assert note.endswith("GRANT TRIGGER ON `shop`.* TO `a@b`@`local``host`")


@pytest.mark.parametrize(
    "granted",
    [
        ["USAGE ON *.*"],
        ["SELECT ON `shop`.`author`", "SELECT ON `shop`.`book`"],
        [r"ALL PRIVILEGES ON `s\_op`.*", "CREATE, TRIGGER ON `shop`.*"],
    ],
)
def test_a_role_that_may_not_see_all_tables_is_told_the_grant(granted):
    (note,) = grants(*granted)
    assert note.startswith("this role sees only the tables and columns that it has a right on;")
    assert note.endswith("GRANT SELECT, SHOW VIEW, TRIGGER ON `shop`.* TO `a@b`@`local``host`")


def written_keys(text):
    def reply(sql):
        if "referential_constraints" in sql:
            return []
        return [("book", text)] if sql == "SHOW CREATE TABLE `book`" else answer(sql)

    return DIALECT.inspect(reply).schema.table("book").foreign_keys


def test_rules_that_a_role_does_not_see_are_read_from_the_text_of_the_table():
    line = "  CONSTRAINT `book_ibfk_1` FOREIGN KEY (`author_id`) REFERENCES `author` (`id`)"
    (key,) = written_keys(f"CREATE TABLE `book` (\n{line} ON DELETE SET NULL ON UPDATE CASCADE,\n")
    assert (key.on_delete, key.on_update) == ("SET NULL", "CASCADE")
    (key,) = written_keys(f"CREATE TABLE `book` (\n{line}\n)")
    assert (key.on_delete, key.on_update) == (None, None)


def test_rules_that_cannot_be_read_are_told_with_the_grant():
    with pytest.raises(FailedError, match="does not see the foreign keys of book") as error:
        written_keys("CREATE TABLE `book` (\n)")
    assert error.value.hint == ("as root: GRANT REFERENCES ON `shop`.* TO `a@b`@`local``host`")
