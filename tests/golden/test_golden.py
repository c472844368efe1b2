"""Each folder of ``cases`` is asked the same hard questions; ``make golden`` rewrites its files.

A case is two sets of Peewee models, ``before.py`` and ``after.py`` (no ``before.py``: an empty
database), and ``case.toml``:

    about    one sentence
    renames  the values of ``--rename``; every other question is answered with no
    fills    the values of ``--fill``
    stops    part of the message with which ``migrate`` stops at the rows of ``rows.sql``;
             ``answer`` (values of ``--fill``) or ``mend`` (SQL) then lets it pass
    [back]   the same three for ``rollback``
    changes  table.column, for each whose values do not survive the way there and back
    index_names = "kept"  where indexes keep names that fresh tables would not have

Before the migration ``rows.sql`` is inserted, after it each SELECT of ``checks.sql`` must be true:
on SQLite and PostgreSQL, every fourth case on MariaDB, and in the thorough profile all with every
driver. ``checks.postgres.sql`` takes the
place of ``checks.sql`` on PostgreSQL where the SQL has to differ. All other files are golden: what
the tool says, writes and does.
"""

import re

import peewee
import pytest
from story import CASES, Story, kept_values, read_case, split, without_keys

from peewee_mig.commands.sql import sql
from peewee_mig.dialects.recognize import settle
from peewee_mig.diff import Renames
from peewee_mig.diff.questions import candidates
from peewee_mig.errors import GuardError, RefusedError
from peewee_mig.operations import describe, invert_all
from peewee_mig.plan.hazards import hazards

DIALECTS = ("sqlite", "postgres", "mysql")


@pytest.fixture(params=sorted(path.name for path in CASES.iterdir()))
def case(request):
    models = "".join(path.read_text() for path in (CASES / request.param).glob("*.py"))
    if "JSONField" in models and not hasattr(peewee, "JSONField"):
        pytest.skip("this Peewee has no JSONField of its own")
    return read_case(CASES / request.param)


@pytest.fixture
def story(case, tmp_path):
    return Story(case, tmp_path)


def pytest_generate_tests(metafunc):
    """The second driver of PostgreSQL takes every case in the thorough profile only: time."""
    if "live_story" in metafunc.fixturenames:
        thorough = metafunc.config.getoption("--hypothesis-profile") == "thorough"
        names = [*DIALECTS, *(["psycopg"] if thorough else [])]
        metafunc.parametrize("database", names)


@pytest.fixture
def live_story(case, tmp_path, databases, database):
    return Story(case, tmp_path, databases(database))


def test_says_and_writes_what_the_golden_files_hold(story, update_golden):
    for name, text in golden_texts(story).items():
        path = story.case.folder / name
        if update_golden and text:
            path.write_text(text, encoding="utf-8", newline="\n")
        elif update_golden:
            path.unlink(missing_ok=True)
        assert story.case.read(name) == text, f"{path} (make golden rewrites it)"


def golden_texts(story):
    """Return the text of each golden file but ``rows.txt``; empty: there is no such file."""
    operations = story.generated.operations
    texts = {
        "operations.txt": lines(map(describe, operations)) or "nothing to migrate\n",
        "migration.py": story.generated.module_text,
        "questions.txt": lines(questions(story)),
        "hazards.txt": lines(dangers(story)),
    }
    for dialect in DIALECTS:
        texts[f"up.{dialect}.sql"] = statements(story, dialect, backward=False)
        texts[f"down.{dialect}.sql"] = statements(story, dialect, backward=True)
    return texts


def questions(story):
    """Yield what ``generate`` would ask first if nobody had answered."""
    for each in candidates(story.schema_before(), story.schema_after(), Renames()):
        yield f"--rename {each.option} (score {each.score}: {each.reason})"


def dangers(story):
    operations, before = story.generated.operations, story.schema_before()
    found = [
        f"{h.id}{' (stops check)' * h.stops}: {h.message}" for h in hazards(operations, before)
    ]
    known = {line.replace(" (stops check)", "") for line in found}
    return [*found, *(note for note in story.generated.notes if note not in known)]


def statements(story, dialect, *, backward):
    if not story.generated.needed:
        return ""
    try:
        name = story.generated.name
        text = sql(story.project(), names=[name], dialect=dialect, backward=backward).text
    except RefusedError as error:
        text = f"-- refused: {error.message}\n-- hint: {error.hint}"
    return f"{text}\n"


def lines(texts):
    return "".join(f"{text}\n" for text in texts)


def test_leads_a_database_there_and_back(live_story, update_golden):
    story = live_story
    options, operations = story.case.options, story.generated.operations
    changes = options.get("changes", ())
    if assert_refused(story, story.begin, f"down.{story.engine}.sql"):
        return  # what it cannot go back to it cannot begin with
    story.begin()
    if assert_refused(story, story.migrate, f"up.{story.engine}.sql"):
        return

    before = go(story, story.migrate, options)
    if not update_golden:
        assert_golden(story, "up", options)
    after = story.state()
    assert_fresh(story, after[0])
    assert_sound(story, after[0])
    assert_equal(kept_values(operations, before, after, changes=changes))
    assert not story.generate_again().needed
    for check in story.case.statements("checks", story.engine):
        assert story.check(check), check
    if not story.generated.needed:
        return

    left = go(story, story.rollback, options.get("back", {}))
    if not update_golden:
        assert_golden(story, "down", options.get("back", {}))
    returned = story.state()
    back = invert_all(operations)
    assert_restored(story, before[0], returned[0])
    assert_sound(story, returned[0])
    assert_equal(kept_values(back, left, returned, changes=changes))
    there_and_back = [*operations, *back]
    assert_equal(kept_values(there_and_back, before, returned, changes=changes))

    if story.engine == "sqlite":
        told = {"before": before, "migrated": after, "rolled back": returned}
        assert_told(story, told, update_golden)
    story.run_sql(split(options.get("mend", "")))
    story.migrate(options.get("answer"))
    again = story.catalog()
    assert_fresh(story, again)
    assert_sound(story, again)


def go(story, move, options):
    """Make a move; return the state that it met.

    Where rows are in the way, it first stops and changes nothing, then they are mended or it
    gets an answer.
    """
    state = story.state()
    if "stops" in options:
        with pytest.raises(GuardError) as caught:
            move()
        assert options["stops"] in caught.value.message
        assert story.state() == state
    if "mend" in options:
        story.run_sql(split(options["mend"]))
        state = story.state()
    move(options.get("answer"))
    return state


def assert_refused(story, move, golden):
    """Return whether the engine cannot have this; then the move says so and changes nothing."""
    message = story.case.refuses(golden)
    if not message:
        return False
    state = story.state()
    with pytest.raises(RefusedError) as caught:
        move()
    assert (caught.value.message, caught.value.exit_code) == (message, 5)
    assert story.state() == state
    return True


def assert_golden(story, direction, options):
    """The module and the statements that ran are the golden ones, but for an answer at run time."""
    assert story.generated.module_text == story.case.read("migration.py")
    golden = story.case.read(f"{direction}.{story.engine}.sql")
    run = golden.replace("-- ALTER TABLE", "ALTER TABLE")  # it is held back only where printed
    shown = [line for line in run.splitlines() if not line.startswith("--")]
    if "answer" not in options:
        assert as_assumed("\n".join(story.run_statements)).splitlines() == shown


def as_assumed(statements):
    """Return them without what only a catalog tells: schemas of sequences, hidden row ids."""
    return re.sub(r"\browid, ", "", re.sub(r"\bpublic\.(\w+)", r'"\1"', statements))


def assert_equal(pairs):
    for was, now in pairs:
        assert now == was


def assert_fresh(story, catalog):
    """The migrated schema is what the models declare, which is what Peewee itself makes of them.

    That it is so on servers is shown in ``tests/live/test_inspect_*.py``, where no test needs a
    second database for it.
    """
    declared = story.schema_after()
    kept = story.case.options.get("index_names") == "kept"
    migrated = story.recognized(catalog, declared)
    assert (settle(migrated, declared) if kept else migrated) == declared
    if story.engine == "sqlite":
        keys = story.deferred_keys()
        fresh = story.recognized(story.fresh_catalog(), declared)
        assert without_keys(fresh, keys) == without_keys(declared, keys)


def assert_restored(story, before, returned):
    """The schema after the way back is the one that was there, in its snapshot and live."""
    declared = story.schema_before()
    assert story.recognized(before, declared) == declared
    assert story.recognized(returned, declared) == declared


def assert_sound(story, catalog):
    assert story.orphans(catalog.schema) == []
    if story.engine == "sqlite":
        assert story.query("PRAGMA integrity_check") == [("ok",)]


def assert_told(story, states, update_golden):
    parts = [f"-- {title}\n{lines(story.told(rows))}" for title, (_, rows) in states.items()]
    path = story.case.folder / "rows.txt"
    if update_golden:
        path.write_text("\n".join(parts), encoding="utf-8", newline="\n")
    assert story.case.read("rows.txt") == "\n".join(parts), f"{path} (make golden rewrites it)"
