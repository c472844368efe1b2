"""Laws of schema values: codecs, hashes, spellings, and SQLite's reader of CREATE TABLE."""

import json
from dataclasses import replace

from free_values import expressions, free_schemas, objects, wider_types
from hypothesis import given
from hypothesis import strategies as st
from strategies import changes, schemas

from peewee_mig.dialects.sqlite.ddl import first_list, parse_create_table
from peewee_mig.dialects.sqlite.render import create_table_sql, foreign_key_sql
from peewee_mig.diff import diff
from peewee_mig.operations import operations_from_json, operations_to_json
from peewee_mig.schema import Expression, Schema, parse_type
from peewee_mig.schema.codec import (
    object_from_json,
    object_to_json,
    schema_hash,
    table_from_json,
    table_to_json,
)
from peewee_mig.schema.compare import difference


@given(wider_types)
def test_a_type_reads_back(type_):
    assert parse_type(str(type_)) == type_


@given(free_schemas)
def test_a_table_reads_back_with_each_of_its_fields(schema):
    for table in schema:
        data = json.loads(json.dumps(table_to_json(table)))
        assert table_from_json(data) == table


@given(objects)
def test_what_stands_beside_the_tables_reads_back(thing):
    assert object_from_json(json.loads(json.dumps(object_to_json(thing)))) == thing


@given(expressions)
def test_an_expression_reads_back(expression):
    assert Expression(str(expression)) == expression
    assert expression.unwrapped.unwrapped == expression.unwrapped


@given(changes())
def test_operations_read_back_with_each_of_their_fields(change):
    operations = diff(change.before, change.after, change.renames, change.fills)
    assert operations_from_json(operations_to_json(operations)) == operations


@given(free_schemas, st.randoms())
def test_no_order_counts_in_a_hash(schema, random):
    def shuffled(items):
        return tuple(random.sample(items, len(items)))

    def turned(table):
        parts = ("columns", "indexes", "foreign_keys", "checks", "uniques", "exclusions")
        return replace(table, **{name: shuffled(getattr(table, name)) for name in parts})

    other = Schema.of(map(turned, shuffled(schema.tables)), shuffled(schema.objects))
    assert other == schema
    assert schema_hash(other) == schema_hash(schema)


@given(free_schemas, free_schemas)
def test_hashes_and_words_tell_schemas_apart(one, other):
    equal = one == other
    assert (schema_hash(one) == schema_hash(other)) == equal
    assert (difference(one, other) == []) == equal


@given(changes())
def test_hashes_are_equal_exactly_if_schemas_are(change):
    equal = change.before == change.after
    assert (schema_hash(change.before) == schema_hash(change.after)) == equal


@given(schemas())
def test_the_text_of_a_table_reads_back(schema):
    for table in schema:
        text = parse_create_table(create_table_sql(table))
        assert tuple(column.name for column in text.columns) == table.column_names
        keys = [clause for clause in text.constraints if clause.kind == "foreign key"]
        found = [tuple(first_list(clause.text)) for clause in keys]
        assert found == [key.columns for key in table.foreign_keys]


@given(schemas())
def test_the_columns_of_a_key_are_found_whatever_its_name(schema):
    """A constraint called ``(paren`` was once taken for the start of the columns."""
    for table in schema:
        for key in table.foreign_keys:
            assert tuple(first_list(foreign_key_sql(key))) == key.columns
