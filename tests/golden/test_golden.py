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

``rows.sql`` is inserted before the migration, each SELECT of ``checks.sql`` must be true after
it. All other files are golden: what the tool says, writes and does.
"""

import pytest
from story import CASES, Story, kept_values, nameless, read_case, without_keys

from peewee_mig.commands.sql import sql
from peewee_mig.diff import Renames
from peewee_mig.diff.renames import candidates
from peewee_mig.errors import GuardError, RefusedError
from peewee_mig.history.folder import read_history
from peewee_mig.operations import describe, invert_all
from peewee_mig.plan.hazards import hazards
from peewee_mig.sources.read import read_models

DIALECTS = ("sqlite", "postgres", "mysql")


@pytest.fixture(params=sorted(path.name for path in CASES.iterdir()))
def story(request, tmp_path):
    return Story(read_case(CASES / request.param), tmp_path)


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
    after = read_models(story.case.models("after")).schema
    for each in candidates(schema_before(story), after, Renames()):
        yield f"--rename {each.option} (score {each.score}: {each.reason})"


def dangers(story):
    operations, before = story.generated.operations, schema_before(story)
    found = [
        f"{h.id}{' (stops check)' * h.stops}: {h.message}" for h in hazards(operations, before)
    ]
    known = {line.replace(" (stops check)", "") for line in found}
    return [*found, *(note for note in story.generated.notes if note not in known)]


def schema_before(story):
    history = read_history(story.project().directory)
    if not story.generated.needed:
        return history.last_schema
    return history.schema_before(story.generated.name)


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


def test_leads_a_sqlite_database_there_and_back(story, update_golden):
    options, operations = story.case.options, story.generated.operations
    story.begin()

    before = go(story, story.migrate, options)
    after = story.state()
    assert_fresh(story, after[0])
    assert_sound(story)
    changes = options.get("changes", ())
    assert_equal(kept_values(operations, before, after, changes=changes))
    assert not story.generate_again().needed
    for check in filter(str.strip, story.case.read("checks.sql").split(";")):
        assert story.query(check) == [(1,)], check
    if not story.generated.needed:
        return

    left = go(story, story.rollback, options.get("back", {}))
    returned = story.state()
    back = invert_all(operations)
    assert returned[0] == before[0]
    assert_sound(story)
    assert_equal(kept_values(back, left, returned, changes=changes))
    there_and_back = [*operations, *back]
    assert_equal(kept_values(there_and_back, before, returned, changes=changes))

    told = {"before": before, "migrated": after, "rolled back": returned}
    assert_told(story, told, update_golden)
    story.run_sql(options.get("mend", ""))
    story.migrate(options.get("answer"))
    assert story.schema() == after[0]
    assert_sound(story)


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
    story.run_sql(options.get("mend", ""))
    state = story.state()
    move(options.get("answer"))
    return state


def assert_equal(pairs):
    for was, now in pairs:
        assert now == was


def assert_fresh(story, schema):
    """The migrated schema is what Peewee itself makes of the models, and what they declare."""
    fresh, declared, keys = story.fresh_schema(), story.declared_schema(), story.deferred_keys()
    if story.case.options.get("index_names") == "kept":
        assert nameless(schema) == nameless(fresh) == nameless(declared)
        return
    assert without_keys(schema, keys) == without_keys(fresh, keys)
    assert schema == declared


def assert_sound(story):
    assert story.query("PRAGMA foreign_key_check") == []
    assert story.query("PRAGMA integrity_check") == [("ok",)]


def assert_told(story, states, update_golden):
    parts = [f"-- {title}\n{lines(story.told(rows))}" for title, (_, rows) in states.items()]
    path = story.case.folder / "rows.txt"
    if update_golden:
        path.write_text("\n".join(parts), encoding="utf-8", newline="\n")
    assert story.case.read("rows.txt") == "\n".join(parts), f"{path} (make golden rewrites it)"
