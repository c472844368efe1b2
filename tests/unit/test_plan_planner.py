"""What a plan refuses before anything runs."""

import pytest

from peewee_mig import op
from peewee_mig.dialects.postgres.dialect import DIALECT as POSTGRES
from peewee_mig.dialects.sqlite.dialect import DIALECT
from peewee_mig.errors import RefusedError
from peewee_mig.operations import RunSQL
from peewee_mig.plan.planner import plan
from peewee_mig.schema import Schema

ID, KEY = op.column("id", "AUTO"), op.primary_key("id")


@pytest.mark.parametrize("word", ["COMMIT", "ROLLBACK", "BEGIN"])
def test_sql_that_would_end_the_transaction_is_refused(word):
    with pytest.raises(RefusedError, match=word):
        plan([RunSQL((f"{word};",))], Schema(), DIALECT)


def test_an_index_cannot_have_the_name_of_a_table_whatever_its_case():
    table = op.create_table("pet", ID, KEY, op.index("PET", "id", named=True))
    with pytest.raises(RefusedError, match="used twice: pet"):
        plan([table], Schema(), DIALECT)


def test_sql_that_only_changes_rows_is_run_among_other_operations():
    operations = [op.create_table("pet", ID, KEY), RunSQL(("DELETE FROM pet", "DELETE FROM pet"))]
    steps = plan(operations, Schema(), DIALECT).steps
    assert [step.sql for step in steps[-2:]] == ["DELETE FROM pet", "DELETE FROM pet"]


LONG = "n" * 63


@pytest.mark.parametrize(
    "tables",
    [
        [op.create_table(f"{LONG}a", ID, KEY), op.create_table(f"{LONG}b", ID, KEY)],
        [op.create_table("pet", ID, op.column(f"{LONG}a", "INT"), op.column(f"{LONG}b", "INT"))],
        [
            op.create_table(
                "pet", ID, KEY, op.index(f"{LONG}a", "id"), op.index(f"{LONG}b", "id", unique=True)
            )
        ],
        [op.create_table(f"{LONG}a", ID, KEY, op.index(f"{LONG}b", "id"))],
        [
            op.create_table(
                "pet",
                ID,
                KEY,
                op.column("one", "INT"),
                op.foreign_key("id", "pet", "id", name=f"{LONG}a"),
                op.foreign_key("one", "pet", "id", name=f"{LONG}b"),
            )
        ],
    ],
    ids=["tables", "columns", "indexes", "a table and its index", "foreign keys"],
)
def test_names_that_postgresql_would_cut_to_one_are_refused(tables):
    with pytest.raises(RefusedError, match=f"become one: {LONG}a and {LONG}b"):
        plan(tables, Schema(), POSTGRES)
    assert plan(tables, Schema(), DIALECT).steps


def test_a_long_name_alone_is_fine():
    plan([op.create_table(f"{LONG}a", ID, KEY, op.index(LONG[1:], "id"))], Schema(), POSTGRES)
