"""Tables that a user's own SQL makes, in the count of what going back would lose."""

import pytest

from peewee_mig import op
from peewee_mig.dialects import get_dialect
from peewee_mig.operations.verbs import Drop
from peewee_mig.runner.losses import Loss, droppable, losses
from peewee_mig.schema.standalone import RawObject


def dropping(drop):
    create = (("", "CREATE TABLE audit (a INTEGER)"),)
    return [Drop("audit", RawObject("object", "audit", create, (("", drop),)))]


def rows_of(*names):
    """Answer as a database with these tables, of three rows each."""

    def query(sql):
        if "count(*)" in sql:
            return [(3,)]
        return [(True,)] if any(f"{name}'" in sql or f'{name}"' in sql for name in names) else []

    return query


@pytest.mark.parametrize(
    ("engine", "drop", "name"),
    [
        ("sqlite", "DROP TABLE audit", "audit"),
        ("sqlite", 'drop table if exists "Audit" ', "Audit"),
        ("postgres", "DROP TABLE IF EXISTS Audit CASCADE", "audit"),
        ("postgres", 'DROP TABLE log . "Audit"', "log.Audit"),
        ("mysql", "DROP TABLE `Audit`", "Audit"),
    ],
)
def test_the_rows_of_a_table_made_by_hand_are_counted(engine, drop, name):
    there = rows_of(name.rpartition(".")[2])
    query = there if engine != "mysql" else lambda sql: there(sql) or [(1,)]
    for operations in (dropping(drop), [op.run_sql(drop)], [op.run_sql({engine: [drop]})]):
        assert losses([operations], get_dialect(engine), query) == (Loss(name, 3),)
        assert name in droppable([operations])


def test_what_another_engine_runs_drops_nothing_here():
    by_engine = [op.run_sql({"postgres": ["DROP TABLE audit"]})]
    assert losses([by_engine], get_dialect("sqlite"), rows_of("audit")) == ()


@pytest.mark.parametrize("drop", ["DROP TYPE audit", "DROP SCHEMA audit", "", "DELETE FROM audit"])
def test_what_is_no_table_loses_no_rows(drop):
    assert losses([dropping(drop)], get_dialect("sqlite"), rows_of("audit")) == ()
    assert droppable([dropping(drop)]) == ()


def test_a_table_that_is_not_there_loses_nothing():
    assert losses([dropping("DROP TABLE audit")], get_dialect("sqlite"), rows_of()) == ()
