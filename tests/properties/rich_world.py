"""Databases that serve examples of rich schemas: built, filled, changed, looked at."""

from contextlib import contextmanager

from rich import BILLING
from server_world import MysqlWorld, PostgresWorld, ServerWorld

from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.sqlite.session import open_file
from peewee_mig.diff import diff
from peewee_mig.errors import MigError
from peewee_mig.history.records import OwnTables
from peewee_mig.operations.verbs import Constant
from peewee_mig.plan.drift import drift
from peewee_mig.runner.catalog import Speller, read_catalog
from peewee_mig.schema import Schema


class RichWorld(ServerWorld):
    """A database with rows that fit together, of which it is asked itself."""

    def drift(self, schema):
        found = read_catalog(self.dialect, self.session.query, OwnTables(), schemas={BILLING})
        found = Speller(self.dialect, self.session.query).respelled(found, schema)
        return drift(found, schema, self.dialect)

    def build(self, schema, rows):
        self.clear()
        self.run(diff(Schema(), schema), Schema())
        with self._keys_asleep():
            for name, found in rows.items():
                for row in found:
                    self._try(self._insert(schema.table(name), row))
            while sum(self._delete_orphans(t, key) for t in schema for key in t.foreign_keys):
                pass  # a row that went may have left others behind

    def close(self):
        self.session.close()

    def _try(self, sql):
        try:
            self.session.execute(sql)
        except MigError as error:
            if not error.original:  # it is not the server that refuses the row
                raise

    def _insert(self, table, row):
        given = [column for column in table.columns if not column.computed]
        values = ", ".join(self._literal(v, c) for c, v in zip(given, row, strict=True))
        if not given:
            return f"INSERT INTO {self.dialect.quote_table(table.name)} DEFAULT VALUES"
        place = self.dialect.quote_table(table.name)
        names = self.dialect.quote_all([column.name for column in given])
        return f"INSERT INTO {place} ({names}){self._words} VALUES ({values})"

    _words = ""

    def _literal(self, value, column):
        if value is None:
            return "NULL"
        if isinstance(value, Sql):
            return str(value)
        return self.dialect.literal(Constant(value), column.type.plain)


class Sql(str):
    """A value as SQL."""

    __slots__ = ()


class SqliteWorld(RichWorld):
    """SQLite, in memory."""

    def __init__(self):
        self.dialect = get_dialect("sqlite")
        self.session = self._opened(None)

    def clear(self):
        self.session.close()
        self.session = self._opened(None)

    def dump(self):
        schema = self.session.query("SELECT type, name, sql FROM sqlite_master")
        names = [self.dialect.quote(name) for kind, name, _ in schema if kind == "table"]
        return schema, [self.session.query(f"SELECT * FROM {name}") for name in names]

    def _opened(self, _url):
        return open_file(":memory:", create=True)

    @contextmanager
    def _keys_asleep(self):
        yield

    def _transaction(self):
        return self.session.transaction(wait=0)

    def _read(self, column):
        return column


class RichPostgresWorld(RichWorld, PostgresWorld):
    """PostgreSQL; a row that does not fit is undone alone."""

    _words = " OVERRIDING SYSTEM VALUE"

    def build(self, schema, rows):
        super().build(schema, rows)
        with self._keys_asleep():
            for table in schema:
                for unique in table.uniques:
                    if unique.deferrable:  # not looked at while keys are asleep
                        self.session.execute(self._without_twins(table, unique))
            while sum(self._delete_orphans(t, key) for t in schema for key in t.foreign_keys):
                pass

    def _without_twins(self, table, unique):
        place = self.dialect.quote_table(table.name)
        names = map(self.dialect.quote, unique.columns)
        equals = "=" if unique.nulls_distinct else "IS NOT DISTINCT FROM"
        same = " AND ".join(f"one.{name} {equals} other.{name}" for name in names)
        return f"DELETE FROM {place} one USING {place} other WHERE one.ctid > other.ctid AND {same}"

    def clear(self):
        super().clear()
        self.session.execute(f"DROP SCHEMA IF EXISTS {BILLING} CASCADE")
        self.session.execute(f"CREATE SCHEMA {BILLING}")


class RichMysqlWorld(RichWorld, MysqlWorld):
    """MySQL or MariaDB."""
