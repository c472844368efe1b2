"""Numbers that become binary fractions: none loses digits without a word."""

from contextlib import closing

import pytest

from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Guard
from peewee_mig.schema import parse_type

#: The type so far, the new one, values that stay as they are, and values that do not.
NARROWED = [
    ("DOUBLE", "FLOAT", ["0.1", "0", "-2.5"], ["0.123456789012", "0.30000000000000004", "1e-50"]),
    ("DECIMAL(15, 9)", "FLOAT", ["19.99", "0"], ["12345.123456789"]),
    ("DECIMAL(30, 20)", "DOUBLE", ["19.99"], ["0.12345678901234567891"]),
    ("VARCHAR(40)", "FLOAT", ["'0.5'", "'12'"], ["'0.123456789012'", "'x'"]),
    ("BIGINT", "FLOAT", ["1234"], ["16777217"]),
]


@pytest.fixture(params=["postgres", "mysql"])
def session(request):
    database = request.getfixturevalue(request.param)
    module = __import__(f"peewee_mig.dialects.{request.param}.session", fromlist=["open_database"])
    with closing(module.open_database(database.connect, "a database of a test")) as found:
        yield request.param, found


@pytest.mark.parametrize(("old", "new", "kept", "changed"), NARROWED)
def test_only_what_is_read_back_as_before_passes(session, old, new, kept, changed):
    engine, found = session
    dialect = get_dialect(engine)
    old, new = parse_type(old), parse_type(new)
    values = ", ".join(f"({value})" for value in (*kept, *changed))
    found.execute(f"CREATE TABLE t (c {dialect.type_sql(old)})")
    found.execute(f"INSERT INTO t VALUES {values}")
    guard = Guard("cast", 0, "t", ("c",), old=old, new=new)
    assert found.query(dialect.guard_sql(guard)[0])[0][0] == len(changed)
