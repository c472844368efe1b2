"""Laws of schema values: codecs, hashes, spellings, and SQLite's reader of CREATE TABLE."""

from hypothesis import given
from hypothesis import strategies as st
from strategies import changes, free_schemas, schemas, types

from peewee_mig.dialects.sqlite.ddl import first_list, parse_create_table
from peewee_mig.dialects.sqlite.render import create_table_sql, foreign_key_sql
from peewee_mig.diff import diff
from peewee_mig.operations import operations_from_json, operations_to_json
from peewee_mig.schema import Schema, parse_type
from peewee_mig.schema.codec import schema_hash, table_from_json, table_to_json


@given(types)
def test_a_type_reads_back(type_):
    assert parse_type(str(type_)) == type_


@given(free_schemas)
def test_a_table_reads_back_with_each_of_its_fields(schema):
    for table in schema:
        assert table_from_json(table_to_json(table)) == table


@given(changes())
def test_operations_read_back_with_each_of_their_fields(change):
    operations = diff(change.before, change.after, change.renames, change.fills)
    assert operations_from_json(operations_to_json(operations)) == operations


@given(free_schemas, st.randoms())
def test_no_order_counts_in_a_hash(schema, random):
    def shuffled(items):
        return tuple(random.sample(items, len(items)))

    other = Schema.of(
        type(table)(
            table.name,
            shuffled(table.columns),
            table.primary_key,
            shuffled(table.indexes),
            shuffled(table.foreign_keys),
        )
        for table in shuffled(schema.tables)
    )
    assert other == schema
    assert schema_hash(other) == schema_hash(schema)


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
