"""A server's database that serves many examples: built, filled, changed, looked at."""

import datetime as dt
import itertools
import json
import re
from abc import ABC, abstractmethod
from contextlib import nullcontext

from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Statement
from peewee_mig.dialects.mysql import session as mysql_session
from peewee_mig.dialects.postgres import session as postgres_session
from peewee_mig.dialects.url import parse_url
from peewee_mig.diff import diff
from peewee_mig.history.records import OwnTables
from peewee_mig.operations.verbs import Constant
from peewee_mig.plan.drift import drift
from peewee_mig.plan.planner import plan
from peewee_mig.runner.catalog import read_catalog
from peewee_mig.runner.execution import Execution
from peewee_mig.runner.tasks import Work
from peewee_mig.schema import Schema

OWN = OwnTables()


class ServerWorld(ABC):
    """One session on the database of a test."""

    def __init__(self, database):
        self.dialect = get_dialect(database.engine)
        self.session = self._opened(parse_url(database.url))

    def build(self, schema, rows):
        """Make an empty database the schema, with those of the rows that fit together."""
        self.clear()
        for step in plan(diff(Schema(), schema), Schema(), self.dialect).steps:
            assert isinstance(step, Statement)
            self.session.execute(step.sql)
        with self._keys_asleep():
            for name, found in rows.items():
                for row in found:
                    self.session.execute(self._insert(schema.table(name), row))
            while sum(self._delete_orphans(t, key) for t in schema for key in t.foreign_keys):
                pass  # a row that went may have left others behind

    def run(self, operations, before):
        """Do what the runner does, without a history; return the schema that was planned."""
        planned = plan(operations, before, self.dialect, self.session.capabilities())
        work = Work(title="example", command="migrate", operations=operations, plan=planned)
        with self._transaction():
            Execution(self.session, self.dialect).run(work)
        return planned.after

    def drift(self, schema):
        """Compare what the catalog has, besides our own tables, with a schema."""
        return drift(read_catalog(self.dialect, self.session.query, OWN), schema, self.dialect)

    def contents(self, schema):
        """Return the rows of each table by the names of the columns."""
        return {table.name: self._rows(table) for table in schema}

    @abstractmethod
    def clear(self):
        """Make the database empty."""

    @abstractmethod
    def dump(self):
        """Return all there is."""

    @abstractmethod
    def _opened(self, url): ...

    @abstractmethod
    def _keys_asleep(self): ...

    @abstractmethod
    def _transaction(self): ...

    @abstractmethod
    def _insert(self, table, row): ...

    @abstractmethod
    def _read(self, column):
        """Spell a column such that its value can be compared."""

    def _values(self, table, row):
        return ", ".join(
            "NULL" if value is None else self.dialect.literal(Constant(value), column.type.plain)
            for column, value in zip(table.columns, row, strict=True)
        )

    def _delete_orphans(self, table, key):
        """Delete rows that refer to nothing; MariaDB takes no alias for the table."""
        child = self.dialect.quote_table(table.name)
        own = [f"{child}.{self.dialect.quote(name)}" for name in key.columns]
        others = [f"_parent.{self.dialect.quote(name)}" for name in key.referred_columns]
        present = " AND ".join(f"{name} IS NOT NULL" for name in own)
        kinds = [table.column(name).type for name in key.columns]
        matched = map(self.dialect.matched, others, kinds)
        equal = " AND ".join(f"{a} = {b}" for a, b in zip(own, matched, strict=True))
        parents = (
            f"SELECT 1 FROM {self.dialect.quote_table(key.referred_table)} AS _parent WHERE {equal}"
        )
        return self.session.execute(
            f"DELETE FROM {child} WHERE {present} AND NOT EXISTS ({parents})"
        )

    def _rows(self, table):
        columns = ", ".join(self._read(self.dialect.quote(name)) for name in table.column_names)
        found = self.session.query(f"SELECT {columns} FROM {self.dialect.quote_table(table.name)}")
        return [dict(zip(table.column_names, row, strict=True)) for row in found]


def _shown(rows):
    """Return rows in one order; psycopg2 gives bytes without a value to show."""
    return sorted(repr([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in rows)


class _Asleep:
    """Statements before and after."""

    def __init__(self, session, before, after):
        self._session, self._before, self._after = session, before, after

    def __enter__(self):
        self._session.execute(self._before)

    def __exit__(self, *_):
        self._session.execute(self._after)


class PostgresWorld(ServerWorld):
    """PostgreSQL; values are read as the server spells them."""

    _cleared = itertools.count(1)

    def clear(self):
        self.session.execute("DROP SCHEMA public CASCADE")
        self.session.execute("CREATE SCHEMA public")
        if next(self._cleared) % 25 == 0:  # the catalog fills with what is gone: no autovacuum
            self.session.execute("VACUUM")

    def dump(self):
        catalog = [sorted(self.session.query(sql)) for sql in _POSTGRES_CATALOG]
        tables = [name for (name,) in self.session.query(_POSTGRES_TABLES)]
        rows = [_shown(self.session.query(f"SELECT * FROM {name}")) for name in tables]
        return catalog, tables, rows

    def _opened(self, url):
        return postgres_session.open_url(url)

    def _keys_asleep(self):
        role = "SET session_replication_role"
        return _Asleep(self.session, f"{role} = replica", f"{role} = origin")

    def _transaction(self):
        return self.session.transaction(wait=0)

    def _insert(self, table, row):
        values = self._values(table, row)
        place = self.dialect.quote_table(table.name)
        return f"INSERT INTO {place} VALUES ({values}) ON CONFLICT DO NOTHING"

    def _read(self, column):
        return f"CAST({column} AS TEXT)"


_HERE = "'public'::regnamespace"
_POSTGRES_TABLES = (
    "SELECT oid::regclass::TEXT FROM pg_class WHERE relkind IN ('r', 'S')"
    f" AND relnamespace = {_HERE} ORDER BY oid"
)
_CATALOG_OF_COLUMNS = f"""
SELECT a.attrelid::regclass::TEXT, a.attnum, a.attname::TEXT, a.attnotnull, a.attidentity::TEXT,
format_type(a.atttypid, a.atttypmod), coalesce(pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace = {_HERE}
"""
_CATALOG_OF_CONSTRAINTS = f"""
SELECT conname::TEXT, conrelid::regclass::TEXT, pg_get_constraintdef(oid), convalidated
FROM pg_constraint WHERE connamespace = {_HERE}
"""
_POSTGRES_CATALOG = (
    f"SELECT relname::TEXT, relkind::TEXT, oid FROM pg_class WHERE relnamespace = {_HERE}",
    "SELECT indexname::TEXT, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    _CATALOG_OF_COLUMNS,
    _CATALOG_OF_CONSTRAINTS,
)


class MysqlWorld(ServerWorld):
    """MySQL or MariaDB."""

    def clear(self):
        self._name = self.session.query("SELECT database()")[0][0]
        for action in ("DROP DATABASE", "CREATE DATABASE", "USE"):
            self.session.execute(f"{action} {self._name}")

    def dump(self):
        tables = sorted(name for (name,) in self.session.query("SHOW TABLES"))
        quoted = [self.dialect.quote(name) for name in tables]
        return [
            (
                self.session.query(f"SHOW CREATE TABLE {name}"),
                _shown(self.session.query(f"SELECT * FROM {name}")),
            )
            for name in quoted
        ]

    def _opened(self, url):
        return mysql_session.open_url(url)

    def _keys_asleep(self):
        checks = "SET foreign_key_checks"
        return _Asleep(self.session, f"{checks} = 0", f"{checks} = 1")

    def _transaction(self):
        return nullcontext()

    def _insert(self, table, row):
        values = self._values(table, row)
        return f"INSERT IGNORE INTO {self.dialect.quote_table(table.name)} VALUES ({values})"

    def _read(self, column):
        return column


def meaning(value):
    """Return a value without what a documented cast changes: the form, never the meaning."""
    text = _text(value).rstrip().removesuffix(" 00:00:00")
    text = re.sub(r"(:\d\d(\.\d+)?[+-]\d\d)$", r"\1:00", text)  # a zone, as PostgreSQL has it
    text = re.sub(r"^([\d.]+)/32$|^([\da-f:]+)/128$", r"\1\2", text)  # an inet is shown without
    text = text.removesuffix("+00:00")  # a moment without a zone is taken for one of UTC
    if text in ("true", "false"):
        return float(text == "true")
    for spelling in (text, text.replace("-", "")):
        try:
            return float(spelling)
        except ValueError:
            continue
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        return text.replace("-", "").lower() if len(text) == len("-" * 4) + 32 else text


def _text(value):
    if isinstance(value, dt.timedelta):
        return str((dt.datetime.min + value).time())  # noqa: DTZ901 (a time of day)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.startswith("\\x"):
        value = bytes.fromhex(value[2:])
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace") if b"\x00" not in value else value.hex()
    return str(value)
