"""What was planned for one database is not planned again for the next."""

import pytest

from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Capabilities
from peewee_mig.operations.verbs import Add
from peewee_mig.runner import tasks
from peewee_mig.runner.tasks import Planned, Plans
from peewee_mig.schema.objects import Column, PrimaryKey, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import parse_type

ID = Column("id", parse_type("AUTO"))
PEOPLE = Table("people", (ID,), PrimaryKey(("id",)))
TOWN = (Add("people", Column("town", parse_type("TEXT"), null=True)),)
AGE = (Add("people", Column("age", parse_type("INT"), null=True)),)


def planned(operations=TOWN, before=None, engine="sqlite", version=(3, 45), *, skips=False):
    before = before or Schema.of([PEOPLE])
    return Planned(operations, before, get_dialect(engine, skips=skips), Capabilities(version))


@pytest.fixture
def counted(monkeypatch):
    calls = []

    def plan(*arguments):
        calls.append(arguments)
        return original(*arguments)

    original = tasks.plan
    monkeypatch.setattr(tasks, "plan", plan)
    return calls


def test_the_same_is_planned_once(counted):
    plans = Plans()
    first = plans.plan("0001 forward", planned())
    assert plans.plan("0001 forward", planned()) is first
    assert len(counted) == 1


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("0002 forward", {}),
        ("0001 forward", {"operations": AGE}),
        (
            "0001 forward",
            {"before": Schema.of([PEOPLE, Table("pets", (ID,), PrimaryKey(("id",)))])},
        ),
        ("0001 forward", {"engine": "postgres", "version": (15, 1)}),
        ("0001 forward", {"version": (3, 35)}),
        ("0001 forward", {"skips": True}),
    ],
)
def test_what_differs_is_planned_anew(counted, name, other):
    plans = Plans()
    plans.plan("0001 forward", planned())
    found = plans.plan(name, planned(**other))
    assert len(counted) == 2
    columns = {column.name for column in found.after.table("people").columns}
    assert columns == {"id", "age" if "operations" in other else "town"}
