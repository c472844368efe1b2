"""Laws of the history: formatted, loaded, checkpointed whatever the operations are."""

import subprocess
import sys
import tempfile
from pathlib import Path

import free_values
from hypothesis import given
from hypothesis import strategies as st

from peewee_mig import op
from peewee_mig.history.folder import read_history
from peewee_mig.history.module import parse_module
from peewee_mig.history.naming import PROPOSED, propose_name, slug, summarize
from peewee_mig.history.render import render_module
from peewee_mig.history.snapshots import EMPTY, Snapshot, State, make_snapshot, read_snapshot, spell
from peewee_mig.history.verify import verify
from peewee_mig.history.writing import write_migration
from peewee_mig.operations.verbs import Add, Alter, Change, Drop
from peewee_mig.schema.codec import schema_hash
from peewee_mig.schema.compare import difference
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import EnumType, RawObject, View

texts = st.one_of(
    st.sampled_from(["id", "it's", 'a "b" c', "back\\slash", "line\nbreak", "名前", "x" * 60]),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30),
)
types = st.sampled_from(["INT", "TEXT", "VARCHAR(50)", "DECIMAL(10, 5)", "AUTO"])
columns = st.builds(op.column, texts, types, null=st.booleans())
name_lists = st.lists(texts, min_size=1, max_size=4, unique=True)
indexes = st.builds(op.index, texts, name_lists, unique=st.booleans(), named=st.booleans())
actions = st.sampled_from([None, "CASCADE", "SET NULL"])
foreign_keys = name_lists.flatmap(
    lambda names: st.builds(
        op.foreign_key,
        st.just(names),
        texts,
        st.just(names),
        on_delete=actions,
        on_update=actions,
        name=st.none() | texts,
    )
)


def is_change(operation):
    return isinstance(operation, Change)


fills = st.one_of(
    st.none(),
    texts,
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.binary(max_size=10),
    st.sampled_from([op.now(), op.uuid4(), op.empty()]),
)
tables = st.builds(
    lambda name, columns, index, key: op.create_table(
        name, *columns, op.primary_key(columns[0].name), *index, *key
    ),
    texts,
    st.lists(columns, min_size=1, max_size=5, unique_by=lambda column: column.name),
    st.lists(indexes, max_size=2, unique_by=lambda index: index.name),
    st.lists(foreign_keys, max_size=2, unique_by=lambda key: key.columns),
)
operations = st.one_of(
    tables,
    st.builds(op.add_column, texts, columns, fill=fills),
    st.builds(op.drop_column, texts, columns),
    st.builds(
        lambda t, old, new, fill: op.alter_column(t, old=old, new=new, fill=fill),
        texts,
        columns,
        columns,
        fills,
    ),
    st.builds(op.rename_table, texts, texts),
    st.builds(op.rename_column, texts, texts, texts),
    st.builds(op.create_index, texts, indexes),
    st.builds(op.add_foreign_key, texts, foreign_keys),
    st.builds(op.run_sql, st.lists(texts, max_size=3), st.none() | st.lists(texts, max_size=2)),
)
statements = st.lists(texts, max_size=3)
by_engine = statements | st.dictionaries(
    st.sampled_from(["", "sqlite", "postgres", "mysql"]), statements, max_size=4
)
touches = st.none() | st.lists(texts, max_size=3)


def fill(models):
    """Stand in the text of a module, too."""


CODE = '\n\ndef fill(models):\n    """Fill."""\n'
functions = st.just(fill) | st.dictionaries(
    st.sampled_from(["", "sqlite", "postgres", "mysql"]), st.just(fill), min_size=1, max_size=4
)
own_operations = st.one_of(
    st.builds(op.run_sql, by_engine, st.none() | by_engine, touches=touches,
              elidable=st.booleans()),
    st.builds(op.run_sql, by_engine, effect=st.lists(operations.filter(is_change), max_size=2)),
    st.builds(op.run_python, functions, st.none() | st.just([]) | functions, touches=touches,
              elidable=st.booleans()),
    st.lists(operations.filter(is_change), max_size=2).map(lambda some: op.state_only(*some)),
    st.lists(operations, max_size=2).map(lambda some: op.database_only(*some)),
    st.builds(
        lambda schema, database: op.apart(schema=schema, database=database),
        st.lists(operations.filter(is_change), max_size=2),
        st.lists(operations, max_size=2),
    ),
)  # fmt: skip
parts = st.one_of(
    free_values.columns,
    free_values.indexes,
    free_values.foreign_keys,
    free_values.checks,
    free_values.uniques,
    free_values.exclusions,
)
#: Operations on all kinds, with all attributes.
wider_operations = st.one_of(
    free_values.free_tables.map(lambda table: Add(table.name, table)),
    free_values.free_tables.map(lambda table: Drop(table.name, table)),
    st.builds(Add, texts, parts),
    st.builds(Drop, texts, parts),
    st.builds(Alter, texts, free_values.columns, free_values.columns),
    st.builds(Alter, texts, free_values.options, free_values.options),
    free_values.objects.map(lambda thing: Add(thing.name, thing)),
    free_values.objects.map(lambda thing: Drop(thing.name, thing)),
    free_values.objects.filter(lambda thing: isinstance(thing, View | EnumType | RawObject)).map(
        lambda thing: Alter(thing.name, thing, thing)
    ),
)
modules = st.lists(operations | wider_operations | own_operations, max_size=5)


@given(modules, st.lists(texts, max_size=3), texts, st.dictionaries(st.integers(0, 4), name_lists))
def test_a_rendered_module_loads_and_the_formatter_keeps_it(operations, names, prose, notes):
    text = render_module(
        operations, depends_on=names, allow=names, summary=prose, review=prose, notes=notes,
        code=CODE,
    )  # fmt: skip
    migration = parse_module(Path("0001_x.py"), text.encode())
    assert migration.operations == tuple(operations)
    assert migration.depends_on == migration.allow == tuple(names)
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--stdin-filename", "m.py"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    assert done.stdout.decode() == text


@given(modules, st.booleans())
def test_a_proposed_name_is_short_and_taken_as_a_name(operations, first):
    name = propose_name(operations, first=first)
    assert slug(name) == name
    assert len(name) <= PROPOSED
    assert summarize(operations).endswith(".")


def table_of(name, columns):
    return Table(name, (op.column("id", "INT"), *(op.column(each, "TEXT") for each in columns)))


def schema_of(tables, views):
    return Schema.of(
        (table_of(name, sorted(tables[name])) for name in tables),
        (op.view(name, f'SELECT "{column}" FROM "a"') for name, column in views.items()),
    )


letters = st.sampled_from("pqrstuvw")
schemas = st.builds(
    schema_of,
    st.dictionaries(st.sampled_from("abcdefgh"), st.sets(letters), max_size=8),
    st.dictionaries(st.sampled_from(["one", "two", "a"]), letters, max_size=3),
)


@given(st.lists(schemas, min_size=1, max_size=30))
def test_reading_from_a_checkpoint_is_reading_all_and_costs_little(sequence):
    chain: list[Snapshot] = []
    state, before, full = EMPTY, State({}, {}), Schema()
    for number, schema in enumerate(sequence):
        parents = {f"{number:04d}_x": chain[-1].schema} if chain else {}
        snapshot = make_snapshot(before, schema, parents=parents, chain=chain)
        assert spell(snapshot) == spell(make_snapshot(before, schema, parents=parents, chain=chain))
        chain = [snapshot] if snapshot.complete else [*chain, snapshot]
        state, full = state.after(snapshot), schema
        from_checkpoint = EMPTY
        for each in chain:
            from_checkpoint = from_checkpoint.after(each)
        assert from_checkpoint.schema == state.schema == full
        assert snapshot.schema == state.hash == from_checkpoint.hash == schema_hash(schema)
        whole = make_snapshot(EMPTY, schema, parents={}, chain=[])
        assert sum(each.size for each in chain) <= 2 * whole.size
        assert sum(each.size for each in chain[1:]) <= whole.size
        before = state


@given(schemas, schemas)
def test_a_snapshot_file_reads_back(before, after):
    tables = {table.name: table for table in before}
    base = EMPTY.after(Snapshot("", {}, complete=True, tables=tables, objects=before.objects))
    chain = [make_snapshot(EMPTY, before, parents={}, chain=[])]
    snapshot = make_snapshot(base, after, parents={"0001_é": base.hash}, chain=chain)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "0002_x.json"
        path.write_text(spell(snapshot), encoding="utf-8")
        assert read_snapshot(path) == snapshot


@given(schemas, schemas)
def test_schemas_differ_in_words_exactly_if_they_differ(one, other):
    assert bool(difference(one, other)) == (one != other)


@given(st.lists(st.sampled_from("pqrstuvwxyz"), unique=True, max_size=10))
def test_a_history_that_was_written_is_intact(names):
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        previous = []
        for number, name in enumerate(["first", *names]):
            created = op.create_table("t", op.column("id", "AUTO"), op.primary_key("id"))
            change = op.add_column("t", op.column(name, "TEXT", null=True)) if number else created
            text = render_module([change], depends_on=previous)
            previous = [f"{number:04d}_{name}"]
            write_migration(read_history(directory), previous[0], text)
        history = read_history(directory)
        assert verify(history) == ()
        assert history.last_schema.table("t").column_names == ("id", *names)
