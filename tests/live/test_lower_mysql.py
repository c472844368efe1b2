"""Any change of a schema runs on MariaDB, and leads to what is declared."""

from contextlib import closing

from hypothesis import HealthCheck, given, settings
from mysql_schemas import mysql_changes

from peewee_mig.dialects.base import Statement
from peewee_mig.dialects.mysql.dialect import DIALECT
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.diff import diff
from peewee_mig.operations import invert_all, replay
from peewee_mig.schema import Schema


@settings(suppress_health_check=[*HealthCheck])  # the fixture empties its database itself
@given(change=mysql_changes())
def test_any_change_leads_there_and_back(mysql, change):
    mysql.empty()
    operations = diff(change.before, change.after, change.renames, change.fills)
    with closing(mysql.connect()) as connection, connection.cursor() as cursor:
        run(cursor, diff(Schema(), change.before), Schema())
        run(cursor, operations, change.before)
        assert_declared(cursor, change.after)
        run(cursor, invert_all(operations), replay(operations, change.before))
        assert_declared(cursor, change.before)


def assert_declared(cursor, declared):
    found = DIALECT.inspect(reader(cursor))
    assert settle(recognize(found, declared, DIALECT), declared) == declared
    assert found.unmanaged == ()


def run(cursor, operations, before):
    for step in DIALECT.lower(operations, before, DIALECT.assumed):
        for sql in (step.sql,) if isinstance(step, Statement) else step.resolve(reader(cursor)):
            cursor.execute(sql)


def reader(cursor):
    def read(sql):
        cursor.execute(sql)
        return list(cursor.fetchall())

    return read
