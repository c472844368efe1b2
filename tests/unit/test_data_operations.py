"""Data operations as values: SQL and Python by engine, what is apart; JSON, files, way back."""

import functools
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from peewee_mig import op
from peewee_mig.errors import HistoryError, SchemaError
from peewee_mig.history.module import parse_module
from peewee_mig.history.naming import propose_name, summarize
from peewee_mig.history.render import render_module
from peewee_mig.op.words import takes
from peewee_mig.operations import (
    Apart,
    RunPython,
    RunSQL,
    describe,
    invert,
    invert_all,
    operations_from_json,
    operations_to_json,
    replay,
    word_of,
)
from peewee_mig.operations.verbs import in_database, in_schema, is_silent
from peewee_mig.schema import Schema


def fill(models):
    """Fill."""


def empty(models, database):
    """Empty."""


def quick(models):
    """Do it in another way."""


CODE = "\n\n\n".join(
    f"def {name}(models):\n    pass" for name in ("fill", "empty", "quick")
)  # fmt: skip
ID = op.column("id", "AUTO")
PET = op.create_table("pet", ID, op.primary_key("id"))
PET_WORDS = "create table pet (id)"
NAME = op.add_column("pet", op.column("name", "TEXT", null=True))
OPERATIONS = {
    "one": op.run_sql("SELECT 1"),
    "said": op.run_sql(["a", "b"], [], touches=["pet", "pet.name"], elidable=True),
    "by engine": op.run_sql(
        {"postgres": ["VACUUM", "ANALYZE"], "": "x"}, {"sqlite": [], "mysql": "y"}
    ),
    "one engine": op.run_sql({"mysql": "OPTIMIZE TABLE pet"}, {"mysql": []}),
    "python": op.run_python(fill),
    "python back": op.run_python(fill, empty, touches="pet.name"),
    "python, nothing back": op.run_python(fill, [], elidable=True, touches=[]),
    "python by engine": op.run_python(
        {"postgres": quick, "": fill}, {"sqlite": empty, "mysql": empty}
    ),
    "state": op.state_only(PET, NAME),
    "database": op.database_only(op.drop_index("pet", op.index("i", "id")), op.run_python(fill)),
    "effect": op.run_sql({"postgres": "ALTER TABLE pet"}, ["back"], effect=[PET], touches=["pet"]),
    "apart": op.apart(schema=[PET], database=[op.run_sql("a"), op.run_sql("b", "c")]),
    "fills": op.state_only(op.add_column("pet", op.column("x", "INT"), fill=0)),
    "nothing": op.apart(schema=[], database=[]),
}
each_of_them = pytest.mark.parametrize("name", OPERATIONS)


def rendered(*operations):
    return render_module(operations, depends_on=[], code=CODE)


def read(text):
    return parse_module(Path("0001_x.py"), text.encode()).operations


@each_of_them
def test_json_gives_back_the_operation(name):
    (data,) = operations_to_json([OPERATIONS[name]])
    found = operations_from_json([json.loads(json.dumps(data, sort_keys=True))])
    assert found == (OPERATIONS[name],)
    assert data["op"] == word_of(OPERATIONS[name])


@each_of_them
def test_a_file_gives_back_the_operation_with_its_functions(name):
    (found,) = read(rendered(OPERATIONS[name]))
    assert found == OPERATIONS[name]
    for each in in_database([found]):
        if isinstance(each, RunPython):
            assert set(each.functions) == set(each.names)
            assert all(function.__name__ == n for n, function in each.functions.items())


def test_the_formatter_changes_nothing():
    text = rendered(*OPERATIONS.values())
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--stdin-filename", "m.py"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    assert done.stdout.decode() == text


def test_sql_for_all_engines_has_the_json_that_it_always_had():
    assert operations_to_json([op.run_sql(["a"], "b"), op.run_sql("c")]) == [
        {"op": "run_sql", "forward": ["a"], "backward": ["b"]},
        {"op": "run_sql", "forward": ["c"], "backward": None},
    ]


def test_json_of_python_has_names_only():
    assert operations_to_json([OPERATIONS["python by engine"], OPERATIONS["python"]]) == [
        {
            "op": "run_python",
            "forward": {"": "fill", "postgres": "quick"},
            "backward": {"mysql": "empty", "sqlite": "empty"},
        },
        {"op": "run_python", "forward": "fill", "backward": None},
    ]


def test_what_functions_ride_along_does_not_count():
    other = RunPython((("", "fill"),))
    assert other == OPERATIONS["python"]
    assert hash(other) == hash(OPERATIONS["python"])
    assert "function" not in repr(OPERATIONS["python"])


@pytest.mark.parametrize(
    ("engine", "there", "back"),
    [
        ("postgres", ("VACUUM", "ANALYZE"), ()),
        ("sqlite", ("x",), ()),
        ("mysql", ("x",), ("y",)),
    ],
)
def test_each_engine_runs_its_own_statements(engine, there, back):
    operation = OPERATIONS["by engine"]
    assert operation.spoken(engine) == RunSQL(there, back)
    assert (operation.statements(engine), operation.statements_back(engine)) == (there, back)
    assert invert(operation).spoken(engine) == RunSQL(back, there)
    assert operation.every_statement == ("x", "VACUUM", "ANALYZE")


def test_an_engine_that_is_not_named_runs_nothing():
    assert OPERATIONS["one engine"].spoken("sqlite") == RunSQL((), ())
    only = op.run_python({"postgres": fill}, [])
    assert (only.called("sqlite"), only.called("postgres")) == ("", "fill")
    assert only.spoken("sqlite").forward == ()


def test_what_is_for_other_engines_is_silent():
    only = op.run_python({"postgres": fill}, [])
    assert is_silent(OPERATIONS["one engine"], "sqlite")
    assert is_silent(only, "sqlite")
    for name in ("one", "by engine", "python", "state"):
        assert not is_silent(OPERATIONS[name], "sqlite")
    assert not is_silent(op.run_sql([]), "sqlite")
    assert not is_silent(only, "postgres")


def test_sql_for_all_is_spoken_as_it_is():
    assert OPERATIONS["said"].spoken("mysql") is OPERATIONS["said"]
    assert OPERATIONS["python back"].spoken("mysql") is OPERATIONS["python back"]


def test_each_engine_calls_its_own_function():
    operation = OPERATIONS["python by engine"]
    spoken = operation.spoken("postgres")
    assert (spoken.forward, spoken.functions["quick"]) == ((("", "quick"),), quick)
    assert operation.spoken("sqlite").called("sqlite") == "fill"
    assert operation.names == ("fill", "quick", "empty")


def test_the_way_back_calls_the_other_function_and_says_the_same():
    back = invert(OPERATIONS["python back"])
    assert back == op.run_python(empty, fill, touches="pet.name")
    assert back.functions["empty"] is empty
    assert invert(back) == OPERATIONS["python back"]
    assert invert(OPERATIONS["said"]) == replace(
        OPERATIONS["said"], forward=(), backward=("a", "b")
    )


def test_nothing_may_be_the_way_back():
    back = invert(OPERATIONS["python, nothing back"])
    assert back.forward == ()
    assert describe(back) == "run Python: nothing"
    assert read(rendered(back)) == (back,)
    assert operations_from_json(operations_to_json([back])) == (back,)


@pytest.mark.parametrize(("name", "word"), [("one", "run_sql"), ("python", "run_python")])
def test_what_has_no_way_back_says_how_to_give_one(name, word):
    with pytest.raises(SchemaError, match="has no way back") as raised:
        invert(OPERATIONS[name])
    assert raised.value.hint.startswith(f"give op.{word} a backward=")


def test_both_sides_of_what_is_apart_go_back():
    drop = invert(PET)
    assert invert(OPERATIONS["state"]) == Apart(invert_all([PET, NAME]), ())
    assert invert(OPERATIONS["effect"]) == Apart(
        (drop,),
        (RunSQL(("back",), (), (), (("postgres", ("ALTER TABLE pet",)),), ("pet",)),),
    )


def test_the_schema_sees_its_side_only():
    after = replay([OPERATIONS["state"]], Schema())
    assert after.table("pet").column_names == ("id", "name")
    assert replay([op.database_only(PET)], Schema()) == Schema()
    assert replay([OPERATIONS["python"], OPERATIONS["one"]], Schema()) == Schema()
    assert replay([OPERATIONS["apart"], op.run_sql("x", effect=[NAME])], Schema()) == after


def test_each_side_is_read_by_itself():
    listed = [OPERATIONS["one"], OPERATIONS["effect"]]
    assert tuple(in_schema(listed)) == (OPERATIONS["one"], PET)
    assert tuple(in_database(listed)) == (OPERATIONS["one"], *OPERATIONS["effect"].database)


def test_an_effect_that_does_not_fit_is_refused():
    with pytest.raises(SchemaError, match="there is a table pet already"):
        replay([PET, op.state_only(PET)], Schema())


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (Apart((Apart(),)), "operations that are apart"),
        (Apart((), (Apart(),)), "operations that are apart"),
        (Apart((RunSQL(("a",)),)), "rows are changed in the schema only"),
    ],
)
def test_what_is_apart_holds_plain_operations(operation, message):
    with pytest.raises(SchemaError, match=message):
        replay([operation], Schema())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: op.state_only(op.run_sql("a")), "run_sql changes rows"),
        (lambda: op.state_only(op.state_only(PET)), "apart is no operation that can stand here"),
        (lambda: op.database_only("x"), "'x' is no operation that can stand here"),
        (lambda: op.run_sql({"oracle": "a"}), "'oracle', which is no engine"),
        (lambda: op.run_sql({"postgres": 1}), "1 is no SQL"),
        (lambda: op.run_sql([1]), r"\[1\] is no SQL"),
        (lambda: op.run_python({"oracle": fill}), "Python is given for 'oracle'"),
        (lambda: op.run_python(lambda models: None), "is no function of this file"),
        (lambda: op.run_python(print), "print is no function of this file"),
        (lambda: op.run_python(functools.partial(fill)), "is no function of this file"),
        (lambda: op.run_python("fill"), "'fill' is no function of this file"),
        (lambda: op.run_python(_generator), "does nothing when it is called"),
        (lambda: op.run_python(_coroutine), "does nothing when it is called"),
        (lambda: op.run_python(_nullary), "does not take what it is given"),
        (lambda: op.run_python(fill, [fill]), "is no function of this file"),
    ],
)
def test_what_nobody_could_run_is_refused(make, message):
    with pytest.raises(SchemaError, match=message) as raised:
        make()
    assert raised.value.hint


def _generator(models):
    yield models


async def _coroutine(models):
    """Never awaited."""


def _nullary():
    """Take nothing."""


def test_a_function_says_what_it_takes():
    assert (takes(fill), takes(empty), takes(_nullary)) == (1, 2, None)
    assert takes(lambda *arguments: arguments) == 2


@pytest.mark.parametrize(
    "line",
    ["from peewee_mig.layout import quoted as fill", "from peewee_mig.op import now as fill"],
)
def test_a_function_of_another_module_is_refused(line):
    text = f"{line}\nfrom peewee_mig import op\nformat = 1\n"
    with pytest.raises(HistoryError, match=r"function of this file|does not take"):
        read(f"{text}operations = [op.run_python(fill)]\n")


def test_a_function_that_has_another_name_by_then_is_refused():
    text = f"from peewee_mig import op\nformat = 1\n{CODE}\n"
    text += "operations = [op.run_python(fill)]\nfill = quick\n"
    with pytest.raises(HistoryError, match="calls fill, which is not a function of this file") as e:
        read(text)
    assert "must not change with other code" in e.value.hint


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"op": "run_sql", "forward": {"postgres": "x"}, "backward": None}, "no list of names"),
        ({"op": "run_python", "forward": 1, "backward": None}, "no text"),
        ({"op": "run_python", "forward": {"": 1}, "backward": None}, "no text"),
        ({"op": "run_python", "forward": "f", "backward": None, "elidable": 1}, "elidable"),
        ({"op": "apart", "schema": [{"op": "x"}], "database": []}, "unknown operation"),
    ],
)
def test_json_of_other_forms_is_refused(data, error):
    with pytest.raises(SchemaError) as raised:
        operations_from_json([data])
    assert error in f"{raised.value.message} {raised.value.original} {raised.value.__cause__}"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("by engine", "run SQL: x VACUUM ANALYZE"),
        ("python by engine", "run Python: fill, quick"),
        ("state", "only in the schema: create table pet (id); add column pet.name TEXT NULL"),
        ("database", "only in the database: drop index i on pet (id); run Python: fill"),
        (
            "effect",
            f"only in the schema: {PET_WORDS}; only in the database: run SQL: ALTER TABLE pet",
        ),
        ("nothing", "nothing"),
    ],
)
def test_operations_in_words(name, words):
    assert describe(OPERATIONS[name]) == words


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("python", "run_fill"),
        ("by engine", "run_sql"),
        ("state", "create_pet"),
        ("database", "drop_index_pet_id"),
        ("nothing", "run_nothing"),
    ],
)
def test_a_migration_is_named_after_what_it_runs(name, proposed):
    assert propose_name([OPERATIONS[name]]) == proposed
    assert summarize([OPERATIONS[name]]).endswith(".")


def test_a_way_back_to_nothing_has_a_name():
    assert propose_name([invert(OPERATIONS["python, nothing back"])]) == "run_python"


def test_the_checksum_counts_the_code_of_the_functions():
    text = rendered(OPERATIONS["python"])
    changed = text.replace("pass", "return None")
    one, other = (parse_module(Path("0001_x.py"), t.encode()).checksum for t in (text, changed))
    assert one != other
