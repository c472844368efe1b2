"""explain: what an error is about, what each choice deletes, the next command."""

import io
import json
import re
import sqlite3
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest

from peewee_mig import op
from peewee_mig.cli.main import call
from peewee_mig.commands import explain as explain_module
from peewee_mig.commands.config import Options
from peewee_mig.commands.explain import Explained, add_diagnosis, explain
from peewee_mig.commands.explaining import knowledge as knowledge_module
from peewee_mig.commands.explaining.case import Case, facts, open_case
from peewee_mig.commands.explaining.deletion import deletion, with_action
from peewee_mig.commands.explaining.finding import Found
from peewee_mig.commands.explaining.kinds import KINDS
from peewee_mig.commands.explaining.knowledge import Knowledge, Live
from peewee_mig.commands.explaining.said import Said, read_error
from peewee_mig.commands.project import open_project
from peewee_mig.errors import FailedError, GuardError, UnreachableError
from peewee_mig.schema.schema import Schema

MODELS = """
from peewee import *

class Author(Model):
    name = CharField(max_length=10, unique=True)
    age = IntegerField(null=True, constraints=[Check("age >= 0")])

class Book(Model):
    author = ForeignKeyField(Author)
    title = CharField(unique=True)

    class Meta:
        constraints = [Check("length(title) > 1", name="book_title_len")]

class Chapter(Model):
    book = ForeignKeyField(Book, on_delete="CASCADE")

class Review(Model):
    book = ForeignKeyField(Book, on_delete="SET NULL", null=True)

class Loan(Model):
    chapter = ForeignKeyField(Chapter)
"""


def line(words):
    place = next(n for n, each in enumerate(MODELS.splitlines(), start=1) if words in each)
    return f"models.py:{place}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A project whose only migration is applied."""
    place = tmp_path_factory.mktemp("project")
    (place / "models.py").write_text(MODELS)
    (place / "peewee_mig.toml").write_text('models = ["models"]\ndatabase = "sqlite:///app.db"\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        assert call(["generate", "--name", "initial", "--apply", "-q"]) == 0
    return place


@pytest.fixture
def project(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return open_project(Options(), {}, folder)


def key(columns, table, **options):
    return op.foreign_key(columns, table, "id", **options)


def schema(*keys):
    """Make tables a, b, c, d with these keys: (table, referred table, action)."""
    tables = []
    for name in "abcd":
        own = [(other, action) for table, other, action in keys if table == name]
        columns = [op.column(f"{other}_id", "INT", null=True) for other, _ in own]
        found = [key(f"{other}_id", other, on_delete=action) for other, action in own]
        tables.append(
            op.create_table(name, op.column("id", "AUTO"), *columns, op.primary_key("id"), *found)
        )
    return Schema.of(each.object for each in tables)


class TestDeletion:
    def test_it_follows_cascades_however_far(self):
        found = deletion(schema(("b", "a", "CASCADE"), ("c", "b", "CASCADE")), "a")
        assert found.deleted == ("b", "c")
        assert found.words == "deletes the rows of b and c that refer to it"

    def test_it_tells_what_gets_null_and_what_forbids_it(self):
        found = deletion(
            schema(("b", "a", "CASCADE"), ("c", "b", "SET NULL"), ("d", "b", None)), "a"
        )
        assert (found.deleted, found.emptied, found.refusing) == (("b",), ("c.b_id",), ("d.b_id",))

    def test_it_ends_where_keys_go_round(self):
        found = deletion(schema(("b", "a", "CASCADE"), ("a", "b", "CASCADE")), "a")
        assert found.deleted == ("b", "a")

    def test_a_tree_deletes_its_own_rows(self):
        assert deletion(schema(("a", "a", "CASCADE")), "a").deleted == ("a",)

    def test_restrict_goes_no_further(self):
        found = deletion(schema(("b", "a", "RESTRICT"), ("c", "b", "CASCADE")), "a")
        assert (found.deleted, found.refusing) == ((), ("b.a_id",))

    def test_nothing_refers_to_it(self):
        assert deletion(schema(), "a").words == "nothing refers to it"

    def test_an_action_is_tried_on_one_key_only(self):
        before = schema(("b", "a", None), ("c", "a", None))
        table = before.table("b")
        after = with_action(before, table, table.foreign_keys[0], "CASCADE")
        assert deletion(after, "a").deleted == ("b",)
        assert deletion(after, "a").refusing == ("c.a_id",)


class TestKinds:
    @pytest.mark.parametrize("kind", KINDS)
    def test_its_texts_can_be_spelled_with_all_names_and_with_none(self, kind):
        names = {name: f"the_{name}" for name in re.findall(r"\{(\w+)\}", str(KINDS[kind]))}
        for given in ({}, names):
            advice = Case(Said(kind, "sqlite", given), Knowledge("sqlite"), Found()).general()
            assert advice.next
            assert not re.search(r"\{\w+\}", " ".join((*advice.possible, advice.next)))

    @pytest.mark.parametrize("kind", KINDS)
    def test_it_is_explained_without_a_project(self, kind):
        found = explain_module._explained(Said(kind, ""), None, connect=False)
        assert found.sentence
        assert found.next


class TestOnDelete:
    TEXT = (
        'update or delete on table "author" violates foreign key constraint "book_author_id_fkey"'
        ' on table "book"\nDETAIL:  Key (id)=(1) is still referenced from table "book".'
    )

    def test_it_names_the_constraint_the_line_and_what_each_choice_deletes(self, project):
        found = explain(project, self.TEXT)
        place = line("author = ")
        assert found.models == (f"{place} Book.author",)
        assert ("constraint", "foreign key book (author_id) to author (id)") in found.facts
        assert found.possible[3:] == (
            (
                'on_delete="CASCADE": deleting from author deletes the rows of book and chapter'
                " that refer to it; sets review.book_id to NULL; is refused while loan.chapter_id"
                " refers to"
                " a row that would go"
            ),
            (
                'on_delete="SET NULL": deleting from author sets book.author_id to NULL'
                " (needs null=True)"
            ),
            (
                'on_delete="RESTRICT": deleting from author is refused while book.author_id refers'
                " to"
                " a row that would go"
            ),
            (
                "no on_delete (as it is now): deleting from author is refused while book.author_id"
                " refers to a row that would go"
            ),
        )
        assert 'SELECT * FROM "book" WHERE "author_id" = \'1\'' in found.possible[0]
        assert found.possible[2].endswith("also deletes rows of book, chapter, loan")
        assert found.next == 'SELECT * FROM "book" WHERE "author_id" = \'1\';'

    def test_a_database_with_another_action_is_told(self):
        declared, live = schema(("b", "a", "CASCADE")), schema(("b", "a", "SET NULL"))
        table = live.table("b")
        named = replace(table, foreign_keys=(replace(table.foreign_keys[0], name="b_a_id_fkey"),))
        text = 'insert or update on table "b" violates foreign key constraint "b_a_id_fkey"'
        known = Knowledge("postgres", declared=declared, live=Live("app", live.with_table(named)))
        found = facts(open_case(read_error(text), known))
        assert dict(found)["differs"] == "on_delete: the database has SET NULL, the models CASCADE"
        assert dict(found)["constraint"].startswith("foreign key b_a_id_fkey of b (a_id) to a (id)")

    def test_where_sqlite_does_not_say_which_key_all_are_listed(self, project):
        found = explain(project, "FOREIGN KEY constraint failed")
        place = f"({line('book = ForeignKeyField(Book, on')} Chapter.book)"
        assert any(place in each for each in found.possible)
        assert found.next == "PRAGMA foreign_key_check;"

    def test_a_traceback_tells_that_a_row_was_deleted(self, project):
        text = "  File 'app.py', line 7\n    one.delete_instance()\nFOREIGN KEY constraint failed"
        keys = [each for each in explain(project, text).possible if " refers to " in each]
        assert [each.split(" ")[0] for each in keys] == ["book.author_id", "loan.chapter_id"]
        found = explain(project, "FOREIGN KEY constraint failed\nSQL: DELETE FROM chapter")
        assert found.next == f"change {line('chapter = ')}, then: peewee-mig generate"
        assert any(each.startswith('on_delete="CASCADE": ') for each in found.possible)
        found = explain(project, "FOREIGN KEY constraint failed\nSQL: DELETE FROM book")
        assert found.next == f"change {line('chapter = ')}, then: peewee-mig generate"  # further on

    def test_only_keys_of_the_table_of_the_statement_are_listed(self, project):
        found = explain(project, "FOREIGN KEY constraint failed\nSQL: INSERT INTO loan VALUES (1)")
        keys = [each for each in found.possible if " refers to " in each and "on_delete" in each]
        assert len(keys) == 1
        assert keys[0].startswith("loan.chapter_id refers to chapter")


@pytest.mark.parametrize(
    ("text", "constraint", "place"),
    [
        (
            "UNIQUE constraint failed: author.name",
            "unique index author_name on author (name)",
            "name = ",
        ),
        ("CHECK constraint failed: age >= 0", 'check on author ("age" >= 0)', "age = "),
        ("CHECK constraint failed: age", 'check on author ("age" >= 0)', "age = "),
        (
            'new row for relation "author" violates check constraint "author_age_check"',
            'check on author ("age" >= 0)',
            "age = ",
        ),
        (
            "(4025, 'CONSTRAINT `author.age` failed for `app`.`author`')",
            'check on author ("age" >= 0)',
            "age = ",
        ),
        (
            "CHECK constraint failed: book_title_len",
            'check book_title_len on book (length("title") > 1)',
            "title = ",
        ),
        (
            "(1062, \"Duplicate entry 'xx' for key 'book_title'\")",
            "unique index book_title on book (title)",
            "title = ",
        ),
        (
            (
                "(1452, 'Cannot add or update a child row: a foreign key constraint fails (`app`."
                "`book`"
                ", CONSTRAINT `book_ibfk_1` FOREIGN KEY (`author_id`) REFERENCES `author` (`id`))')"
            ),
            "foreign key book (author_id) to author (id)",
            "author = ",
        ),
    ],
)
def test_it_names_the_constraint_and_the_model_line(project, text, constraint, place):
    found = explain(project, text)
    assert ("constraint", constraint) in found.facts
    assert found.models[0].startswith(line(place))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("NOT NULL constraint failed: author.name", "name = "),
        ("(1048, \"Column 'title' cannot be null\")", "title = "),
        ("(1406, \"Data too long for column 'title' at row 1\")", "title = "),
        ("value too long for type character varying(10)", "name = "),
        ('column "age" cannot be cast automatically to type boolean', "age = "),
    ],
)
def test_it_names_the_line_of_a_column(project, text, place):
    assert [each.split(" ")[0] for each in explain(project, text).models] == [line(place)]


def test_the_next_command_of_a_value_that_is_there_looks_at_the_row(project):
    text = "Duplicate entry 'a''b' for key 'author_name'"
    assert explain(project, text).next == "SELECT * FROM `author` WHERE `name` = 'a''''b';"
    found = explain(project, "UNIQUE constraint failed: author.name")
    assert found.next == 'SELECT * FROM "author" WHERE "name" = VALUE;'
    found = explain(project, "UNIQUE constraint failed: author.id")
    assert found.next == "leave id out of a new row, if the database numbers it"


class TestMissing:
    def test_a_near_name_is_told(self, project):
        assert explain(project, "no such table: authro").possible[0] == "did you mean author?"
        assert explain(project, "no such column: t1.nmae").possible[0] == "did you mean name?"

    def test_what_was_dropped_by_hand_is_brought_back(self, project, folder):
        with sqlite3.connect(folder / "app.db") as database:
            database.execute("ALTER TABLE loan RENAME TO elsewhere")
        found = explain(project, "no such table: loan")
        with sqlite3.connect(folder / "app.db") as database:
            database.execute("ALTER TABLE elsewhere RENAME TO loan")
        assert found.next == "peewee-mig diff --plan"
        assert explain(project, "no such table: loan").next == "peewee-mig status"

    def test_what_is_pending_is_migrated(self, folder, project):
        other = open_project(Options(database="sqlite:///new.db"), {}, folder)
        found = explain(other, "no such table: book")
        assert found.next == "peewee-mig migrate"
        assert "one migration is pending" in found.possible[0]
        assert not (folder / "new.db").exists()

    def test_what_no_migration_makes_is_generated(self, project, monkeypatch, tmp_path):
        other = open_project(
            Options(directory=str(tmp_path / "none"), database="sqlite:///new.db"),
            {},
            project.root,
        )
        assert explain(other, "no such table: book").next == "peewee-mig generate --apply"
        assert explain(other, "no such column: title").next == "peewee-mig generate --apply"

    def test_a_column_that_only_the_database_has_is_older_code(self, project):
        found = explain(project, "NOT NULL constraint failed: author.extra")
        assert found.next == "peewee-mig diff --models"
        assert "the models have no author.extra" in found.possible[0]


class TestExists:
    def test_the_table_that_is_there_is_compared(self, project, folder):
        found = explain(project, "table author already exists")
        assert "has the columns that are meant" in found.possible[0]
        assert found.next == "peewee-mig baseline"
        with sqlite3.connect(folder / "app.db") as database:
            database.execute("ALTER TABLE author ADD COLUMN extra INT")
        found = explain(project, "table author already exists")
        with sqlite3.connect(folder / "app.db") as database:
            database.execute("ALTER TABLE author DROP COLUMN extra")
        assert found.possible[0] == "the table author that is there has extra"
        assert found.next == "peewee-mig diff"

    def test_an_index_is_told_with_its_table(self, project):
        found = explain(project, "(1061, \"Duplicate key name 'book_author_id'\")")
        assert found.facts[0] == ("constraint", "index book_author_id on book (author_id)")
        assert found.models == (f"{line('author = ')} Book.author",)


def test_a_key_that_does_not_fit_is_told_with_both_types(tmp_path, monkeypatch):
    (tmp_path / "unfit.py").write_text(
        textwrap.dedent("""
        from peewee import *

        class Tag(Model):
            code = CharField(unique=True)

        class Use(Model):
            tag = BigIntegerField(
                constraints=[SQL("REFERENCES tag (code) ON DELETE SET NULL")])
        """)
    )
    monkeypatch.chdir(tmp_path)
    project = open_project(Options(models=("unfit",)), {}, tmp_path)
    text = 'Can\'t create table `app`.`use` (errno: 150 "Foreign key constraint is incorrectly")'
    found = explain(project, text)
    assert found.possible[:2] == (
        "use.tag (unfit.py:8) is NOT NULL, and its key has SET NULL",
        "use.tag (unfit.py:8) is BIGINT, tag.code (unfit.py:5) is VARCHAR(255)",
    )


def test_dependents_are_told_one_by_one(project):
    found = explain(
        project,
        "cannot drop table author because other objects depend on it\n"
        "DETAIL:  constraint book_author_id_fkey on table book depends on table author\n"
        "view authors depends on table author\n"
        "HINT:  Use DROP ... CASCADE to drop the dependent objects too.",
    )
    needed = [words for label, words in found.facts if label == "needed by"]
    assert needed == ["constraint book_author_id_fkey on table book", "view authors"]
    assert f"({line('author = ')} Book.author)" in found.possible[0]
    assert found.next == (
        "SELECT pg_get_viewdef('authors'::regclass); then: DROP VIEW authors;"
        " then: peewee-mig migrate"
    )


@pytest.mark.parametrize(
    ("text", "look", "words"),
    [
        (
            (
                "cannot drop table author because other objects depend on it\n"
                "DETAIL:  constraint bill_author_fkey on table bill depends on table author"
            ),
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname =",
            "drop",
        ),
        (
            (
                "cannot truncate a table referenced in a foreign key constraint\n"
                'DETAIL:  Table "book" references "author".'
            ),
            'SELECT count(*) FROM "book"',
            "DELETE FROM",
        ),
        (
            (
                'update or delete on table "author" violates foreign key constraint'
                ' "book_author_id_fkey" on table "book"'
            ),
            'SELECT * FROM "book"',
            "delete",
        ),
    ],
)
def test_what_deletes_or_gives_up_a_constraint_comes_after_looking(project, text, look, words):
    found = explain(project, text)
    assert found.next.removeprefix("see first what refers to it: ").startswith(look)
    assert look in found.possible[0]
    assert words not in found.possible[0].partition(look)[0]


@pytest.mark.parametrize(
    ("text", "next_"),
    [
        (
            "permission denied for table author",
            'as the owner: GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "author" TO ada;',
        ),
        (
            "permission denied for table author\nSTATEMENT:  INSERT INTO author VALUES (1)",
            'as the owner: GRANT INSERT ON TABLE "author" TO ada;',
        ),
        (
            "permission denied for schema public",
            'as the owner: GRANT USAGE, CREATE ON SCHEMA "public" TO ada;',
        ),
        ("must be owner of table author", 'as the owner: ALTER TABLE "author" OWNER TO ada;'),
    ],
)
def test_a_right_that_lacks_is_spelled(tmp_path, text, next_):
    project = open_project(
        Options(database="postgresql://ada:secret@127.0.0.1:1/app"), {}, tmp_path
    )
    found = explain(project, text)
    assert found.next == next_
    assert "secret" not in json.dumps(found.to_json())


class TestCommand:
    def test_it_works_without_a_project(self, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)
        assert call(["explain", "UNIQUE", "constraint", "failed:", "person.name"]) == 0
        assert "a row with the same value is there already" in capsys.readouterr().out

    def test_it_reads_standard_input(self, project, monkeypatch, capsys):
        for args in (["explain", "-"], ["explain"]):
            monkeypatch.setattr(
                sys,
                "stdin",
                io.TextIOWrapper(io.BytesIO(b"\xff UNIQUE constraint failed: book.title")),
            )
            assert call(args) == 0
            assert f"{line('title = ')} Book.title" in capsys.readouterr().out

    @pytest.mark.parametrize("text", ["", " \n "])
    def test_no_text_is_wrong_usage(self, project, text, monkeypatch, capsys):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert call(["explain", "-"]) == 2
        assert call(["explain", text]) == 2
        assert "there is no error to explain" in capsys.readouterr().err

    def test_what_is_not_known_exits_with_1(self, project, capsys):
        assert call(["explain", "hello", "--json"]) == 1
        found = json.loads(capsys.readouterr().out)
        assert (found["ok"], found["kind"]) == (False, None)

    def test_json_has_all(self, project, capsys):
        assert call(["explain", "UNIQUE constraint failed: author.name", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["engine"] == "sqlite"
        assert found["names"] == {"table": "author", "columns": "name"}
        assert found["models"] == [f"{line('name = ')} Author.name"]

    def test_commands_repeat_the_options(self, project, capsys):
        assert call(["explain", "no such table: authro", "--database", "sqlite:///app.db"]) == 0
        assert "next: peewee-mig status --database sqlite:///app.db" in capsys.readouterr().out

    @pytest.mark.parametrize("wrong", ["configuration", "models", "database"])
    def test_what_cannot_be_read_is_told_and_the_rest_explained(
        self, wrong, tmp_path, monkeypatch, capsys
    ):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "wrong.py").write_text("1 / 0")
        (tmp_path / "not.db").write_text("no database" * 100)
        args = {
            "configuration": ["--config", "none.toml"],
            "models": ["--models", "wrong"],
            "database": ["--database", "sqlite:///not.db"],
        }
        assert call(["explain", "UNIQUE constraint failed: a.b", *args[wrong]]) == 0
        printed = capsys.readouterr()
        assert printed.err.startswith("warning: ")
        assert "a row with the same value" in printed.out

    def test_a_database_that_is_down_is_not_waited_for(self, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(knowledge_module, "PATIENCE", 0.05)
        monkeypatch.setattr(knowledge_module, "_looked", lambda *_: time.sleep(1))
        args = ["--database", "sqlite:///app.db"]
        begin = time.monotonic()
        assert call(["explain", "UNIQUE constraint failed: a.b", *args]) == 0
        assert time.monotonic() - begin < 0.9
        assert "it did not answer within" in capsys.readouterr().err

    def test_an_error_of_another_engine_does_not_ask_the_database(self, project, monkeypatch):
        monkeypatch.setattr(knowledge_module, "_looked", pytest.fail)
        found = explain(project, 'relation "authr" does not exist')
        assert found.engine == "postgres"
        assert found.notes == ()


class TestDiagnosis:
    def test_it_is_appended_to_a_failure_beside_the_words_of_the_database(
        self, project, folder, capsys, monkeypatch, tmp_path
    ):
        error = FailedError("a statement failed", original="UNIQUE constraint failed: author.name")
        add_diagnosis(error, lambda: project)
        assert error.original == "UNIQUE constraint failed: author.name"
        assert error.diagnosis[:2] == (
            "constraint: unique index author_name on author (name)",
            f"model: {line('name = ')} Author.name",
        )
        assert error.hint == 'SELECT * FROM "author" WHERE "name" = VALUE;'
        assert error.to_json()["diagnosis"] == list(error.diagnosis)

    def test_the_way_out_that_a_command_knows_stays(self, project):
        error = FailedError("no", original="UNIQUE constraint failed: author.name", hint="do this")
        add_diagnosis(error, lambda: project)
        assert error.hint == "do this"

    def test_it_never_raises(self, project, monkeypatch):
        error = FailedError("no", original="UNIQUE constraint failed: author.name")
        add_diagnosis(error, lambda: 1 / 0)
        monkeypatch.setattr(explain_module, "_explained", lambda *_, **__: 1 / 0)
        add_diagnosis(error, lambda: project)
        assert error.diagnosis == ()
        assert "diagnosis" not in error.to_json()

    @pytest.mark.parametrize(
        "error",
        [
            UnreachableError("down", original="Connection refused, UNIQUE constraint failed: a.b"),
            GuardError("rows", original="UNIQUE constraint failed: author.name"),
            FailedError("denied", original="permission denied for table author"),
            FailedError("lost", original="server closed the connection unexpectedly"),
            FailedError("other", original="my words"),
        ],
        ids=lambda error: error.message,
    )
    def test_nothing_is_asked_where_the_error_says_all_or_the_database_may_be_down(
        self, project, error, monkeypatch
    ):
        monkeypatch.setattr(explain_module, "read_knowledge", pytest.fail)
        add_diagnosis(error, lambda: project)
        assert error.diagnosis == ()

    @pytest.mark.parametrize(
        ("original", "line"),
        [
            ("database is locked", "possible: wait longer for it: "),
            ("canceling statement due to lock timeout", "possible: find and end it: SELECT"),
            ("current transaction is aborted, commands", "possible: the cause is the first"),
        ],
    )
    def test_where_somebody_holds_the_database_it_is_explained_without_asking_it(
        self, project, original, line, monkeypatch
    ):
        monkeypatch.setattr(knowledge_module, "_looked", pytest.fail)
        error = FailedError("no", original=original)
        add_diagnosis(error, lambda: project)
        assert error.diagnosis[0].startswith(line)

    @pytest.mark.parametrize("models", ["import time; time.sleep(60)", "raise SystemExit(7)"])
    def test_models_that_hang_or_end_delay_no_failure(self, tmp_path, models):
        (tmp_path / "slow_models.py").write_text(models)
        program = (
            "import time; from pathlib import Path\n"
            "from peewee_mig.commands import explain\n"
            "from peewee_mig.commands.config import Options\n"
            "from peewee_mig.commands.project import open_project\n"
            "from peewee_mig.errors import FailedError\n"
            "explain._LIMIT = 0.3\n"
            "options = Options(models=('slow_models',), database='sqlite:///a.db')\n"
            "project = open_project(options, {}, Path.cwd())\n"
            "error = FailedError('no', original='UNIQUE constraint failed: author.name')\n"
            "begun = time.monotonic()\n"
            "explain.add_diagnosis(error, lambda: project)\n"
            "print(time.monotonic() - begun < 5)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env={"PYTHONPATH": str(Path(explain_module.__file__).parents[2])},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=30,
        )
        assert done.stdout == "True\n"

    def test_it_costs_nothing_where_nothing_fails(self, folder):
        program = (
            "import sys; from peewee_mig.cli.main import call\n"
            "print(call(['status', '-q']), any('explain' in name for name in sys.modules))"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=folder,
            env={"PYTHONPATH": str(Path(explain_module.__file__).parents[2])},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        assert done.stdout.splitlines()[-1] == "0 False"


def test_an_empty_result_says_that_it_is_not_known():
    assert not Explained().is_known
    assert Explained().to_json()["kind"] is None
