"""What databases say is read: real texts of each engine, in whatever they stand."""

import json
import re
import time
from pathlib import Path

import pytest

from peewee_mig.commands.explaining.general_words import PIECES
from peewee_mig.commands.explaining.kinds import KINDS
from peewee_mig.commands.explaining.said import _PATTERNS, read_error

TEXTS = Path(__file__).with_name("explain_texts.txt").read_text(encoding="utf-8")
ENGINES = re.findall(r"^# (\w+): .*\n((?:(?!^# ).*\n?)*)", TEXTS, re.MULTILINE)
CASES = [
    pytest.param(engine, kind, json.loads(names), text.rstrip("\n"), id=f"{engine}-{number}-{kind}")
    for engine, part in ENGINES
    for number, (kind, names, text) in enumerate(
        re.findall(r"^## (\w+) (\{.*\})\n((?:(?!^## ).*\n?)*)", part, re.MULTILINE)
    )
]


@pytest.mark.parametrize(("engine", "kind", "names", "text"), CASES)
def test_a_text_is_read(engine, kind, names, text):
    said = read_error(text)
    assert (said.kind, dict(said.names)) == (kind, names)
    assert said.engine in (engine, "")
    in_traceback = f'Traceback (most recent call last):\n  File "app.py", line 3, in f\n{text}\n'
    assert read_error(in_traceback).kind == kind


def test_there_are_texts_of_every_engine():
    assert [engine for engine, _ in ENGINES] == ["postgres", "mysql", "sqlite"]
    assert len(CASES) > 150


def test_every_pattern_has_a_kind_and_compiles():
    assert {each.kind for each in _PATTERNS} == KINDS.keys()
    for each in _PATTERNS:
        re.compile(each.words)


@pytest.mark.parametrize(
    ("piece", "kind"),
    [
        ("already exists", "exists"),
        ("violates foreign key constraint", "key"),
        ("cannot be cast", "cast"),
        ("depends on", "depends"),
        ("database is locked", "file_locked"),
        ("permission denied", "denied"),
        ("read-only", "read_only"),
        ("IntegrityError: duplicate key", "unique"),
        ("deadlock", "deadlock"),
        ("connection refused", "down"),
        ("too many connections", "crowded"),
        ("string too long", "too_long"),
        ("out of range", "out_of_range"),
        ("SSL", "tls"),
        ("psycopg.errors.UniqueViolation: doppelter Wert verletzt »a_b«", "unique"),
        ("psycopg2.errors.ForeignKeyViolation: Einfügen verletzt »a_b_fkey«", "key"),
        ("errors.NotNullViolation: NULL-Wert", "not_null"),
        ("errors.CheckViolation: neue Zeile", "check"),
        ("errors.DuplicateTable: Relation existiert bereits", "exists"),
    ],
)
def test_a_piece_is_enough_to_know_the_kind(piece, kind):
    assert read_error(piece).kind == kind


def test_pieces_come_after_all_that_say_more():
    assert _PATTERNS[-len(PIECES) :] == PIECES


# MySQL 8 says these otherwise than MariaDB; written from memory, not tried on a server.
@pytest.mark.parametrize(
    ("text", "kind", "names"),
    [
        (
            "Duplicate entry 'a' for key 'person.email'",
            "unique",
            {"value": "a", "table": "person", "constraint": "email"},
        ),
        ("Check constraint 'adult' is violated.", "check", {"constraint": "adult"}),
        (
            "Cannot drop table 'a' referenced by a foreign key constraint 'k' on table 'b'.",
            "key_referred",
            {"referred": "a", "constraint": "k", "table": "b"},
        ),
        (
            (
                "Referencing column 'x' and referenced column 'y' in foreign key constraint 'k' are"
                " incompatible."
            ),
            "key_malformed",
            {"column": "x", "referred_column": "y", "constraint": "k"},
        ),
    ],
)
def test_what_mysql_says_is_read(text, kind, names):
    said = read_error(text)
    assert (said.engine, said.kind, dict(said.names)) == ("mysql", kind, names)


def test_what_postgres_18_says_of_restrict_is_read():
    said = read_error(
        'update or delete on table "a" violates RESTRICT setting of foreign key constraint "k" on'
        ' table "b"'
    )
    assert (said.kind, said.name("table")) == ("key_referred", "b")


@pytest.mark.parametrize(
    "text",
    [
        (
            'ERROR:  duplicate key value violates unique constraint "k"\nDETAIL:  Key (a)=(1)'
            " already exists."
        ),
        (
            'duplicate key value violates unique constraint "k"\ndetail: Key (a)=(1) already'
            " exists.\ntable: t\nconstraint: k"
        ),  # as our own errors have it
        (
            'peewee.IntegrityError: duplicate key value violates unique constraint "k"\n'
            "DETAIL:  Key (a)=(1) already exists.\n"
        ),
    ],
)
def test_clients_print_the_same_in_other_forms(text):
    said = read_error(text)
    assert (said.kind, said.columns, said.name("value")) == ("unique", ("a",), "1")


def test_the_table_comes_from_the_statement_where_nothing_else_has_it():
    text = "Column 'name' cannot be null"
    assert read_error(text).name("table") == ""
    assert read_error(text, "INSERT INTO `author` (`age`) VALUES (1)").name("table") == "author"
    assert read_error(f"{text}\nSQL: insert into author values (1)").name("table") == "author"
    said = read_error('relation "a" does not exist\nLINE 1: delete from b where x in (select 1)')
    assert said.name("table") == "a"


def test_words_of_the_message_are_no_statement():
    assert read_error("cannot execute UPDATE in a read-only transaction").name("table") == ""
    assert (
        read_error("Cannot delete or update a parent row: a foreign key constraint fails").verb
        == ""
    )


def test_the_temporary_table_of_mariadb_is_the_one_that_is_altered():
    said = read_error(
        "Cannot add or update a child row: a foreign key constraint fails (`app`.`#sql-alter-1-a`,"
        " CONSTRAINT `f` FOREIGN KEY (`age`) REFERENCES `book` (`id`))",
        "ALTER TABLE `author` ADD CONSTRAINT f FOREIGN KEY (age) REFERENCES book (id)",
    )
    assert (said.name("table"), said.verb) == ("author", "ALTER")


def test_the_cause_counts_and_not_what_came_of_it():
    said = read_error(
        'ERROR:  null value in column "a" of relation "t" violates not-null constraint\n'
        "ERROR:  current transaction is aborted, commands ignored until end of transaction block"
    )
    assert said.kind == "not_null"


@pytest.mark.parametrize("text", ["", "hello", "Traceback (most recent call last):", "error: ?"])
def test_what_is_not_known_is_not_guessed(text):
    assert read_error(text) is None


@pytest.mark.parametrize(
    "noise", ["A", "A B ", "\n", "error in view x ", 'column "a ', " depends "]
)
def test_a_long_log_is_read_at_once_and_its_end_counts(noise):
    begin = time.monotonic()
    assert read_error(noise * 200_000 + "\nduplicate column name: town").name("name") == "town"
    assert time.monotonic() - begin < 5
