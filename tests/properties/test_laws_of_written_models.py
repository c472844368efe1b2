"""Laws of the models that are written for a schema: they declare it."""

import subprocess
import sys

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rich import rich_schemas
from written_world import tables_of, without_marks

from peewee_mig.diff import diff
from peewee_mig.sources.written.modules import write_models
from peewee_mig.sources.written.proof import declared_by

#: Each example starts the formatter.
formatted = settings(max_examples=settings().max_examples // 5)
of_each_engine = pytest.mark.parametrize("engine", ["sqlite", "postgres", "mysql"])


@of_each_engine
@given(data=st.data())
def test_the_models_of_a_schema_declare_it(engine, data):
    schema = tables_of(data.draw(rich_schemas(engine)))
    assume(not any("%%" in name for table in schema for name in table.column_names))
    found = tables_of(declared_by(write_models(schema, engine)))
    assert diff(without_marks(found), without_marks(schema)) == ()
    assert without_marks(found).tables == without_marks(schema).tables


@of_each_engine
@formatted
@given(data=st.data())
def test_models_are_laid_out_as_the_formatter_leaves_them(engine, data):
    schema = tables_of(data.draw(rich_schemas(engine)))
    (module,) = write_models(schema, engine)
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--stdin-filename", "m.py"]
    done = subprocess.run(command, input=module.text.encode(), capture_output=True, check=True)
    assert done.stdout.decode() == module.text
