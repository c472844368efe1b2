"""What must be so in the database before a migration starts: else it is refused, with the reason.

PostgreSQL would refuse too, half-way through, and undo the migration; this is before anything
waits for a lock, and says the way out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from peewee_mig.dialects import preflight
from peewee_mig.dialects.base import Dialect, Query
from peewee_mig.dialects.postgres.render import index_name, stored_name
from peewee_mig.dialects.postgres.types import text_literal
from peewee_mig.dialects.preflight import Need
from peewee_mig.errors import RefusedError, same_command
from peewee_mig.schema.names import split

#: Types that PostgreSQL's own extensions of the same name bring.
_EXTENSIONS = frozenset({"citext", "cube", "hstore", "ltree"})


@dataclass(frozen=True, slots=True)
class SchemaExists(Need):
    """A schema, into which a table comes."""

    schema: str

    def check(self, query: Query, dialect: Dialect) -> None:
        """Refuse to go on without it."""
        name = text_literal(stored_name(self.schema))
        if not query(f"SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = {name}"):
            raise RefusedError(
                f"the database has no schema {self.schema}",
                hint=f"create it: CREATE SCHEMA {dialect.quote(self.schema)},"
                f" then: {same_command()}",
            )


@dataclass(frozen=True, slots=True)
class TypeExists(Need):
    """A type, of which a column is; ``words``: as it is spelled."""

    words: str
    place: str

    def check(self, query: Query, dialect: Dialect) -> None:  # noqa: ARG002 (the contract)
        """Refuse to go on without it; an extension brings many a type."""
        name = text_literal(self.words)
        if query(f"SELECT to_regtype({name}) IS NOT NULL") == [(True,)]:
            return
        extension = split(self.words.lower())[1].partition("(")[0]
        known = "SELECT 1 FROM pg_catalog.pg_available_extensions WHERE name = "
        hint = "create the type, or install the extension that has it"
        if extension in _EXTENSIONS or query(known + text_literal(extension)):
            hint = (
                f"create the extension: CREATE EXTENSION {extension}, then: {same_command()};"
                f' or declare it beside the models: Extension("{extension}")'
            )
        raise RefusedError(
            f"the database has no type {self.words}, which {self.place} has", hint=hint
        )


@dataclass(frozen=True, slots=True)
class Unread(preflight.Unread):
    """A table or column that no view, rule, trigger or policy may need.

    ``gone``: the views that the migration has dropped by then.
    """

    gone: tuple[str, ...] = ()

    def readers(self, query: Query, dialect: Dialect) -> Iterable[str]:
        """Yield what PostgreSQL knows to depend on it."""
        table = text_literal(dialect.quote_table(self.table))
        column = text_literal(stored_name(self.column))
        rows = query((_OF_COLUMN if self.column else _OF_TABLE).format(table=table, column=column))
        gone = {dialect.quote_table(name) for name in self.gone}
        yield from (f"{kind} {name}" for kind, name, quoted in rows if quoted not in gone)


@dataclass(frozen=True, slots=True)
class HasIndex(preflight.HasIndex):
    """An index by the name that it has in the snapshot."""

    def is_there(self, query: Query, dialect: Dialect) -> bool:
        """Whether the table has an index of the name."""
        table = text_literal(dialect.quote_table(self.table))
        name = text_literal(stored_name(self.index.name))
        return bool(
            query(
                "SELECT 1 FROM pg_catalog.pg_index AS i"
                " JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid"
                f" WHERE i.indrelid = to_regclass({table}) AND x.relname = {name}"
            )
        )

    def renaming(self, dialect: Dialect, old: str) -> str:
        """Spell what gives an index its name."""
        place = dialect.quote_table(index_name(self.table, old))
        return f"ALTER INDEX {place} RENAME TO {dialect.quote(self.index.name)}"


_QUOTED = """'"' || replace({0}::text, '"', '""') || '"'"""
_ON_COLUMN = (
    "d.refobjid = to_regclass({table}) AND d.refobjsubid = (SELECT a.attnum"
    " FROM pg_catalog.pg_attribute AS a"
    " WHERE a.attrelid = d.refobjid AND a.attname = {column} AND NOT a.attisdropped)"
)
#: kind, name for people, quoted name (with its schema, if that is not the current one) of
#: views, and of rules.
_VIEWS = (
    "SELECT DISTINCT CASE v.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'"
    " ELSE 'rule' END, CASE WHEN v.relkind IN ('v', 'm') THEN v.relname ELSE r.rulename END::text,"
    " CASE WHEN n.nspname = current_schema() THEN ''"
    f" ELSE {_QUOTED.format('n.nspname')} || '.' END || {_QUOTED.format('v.relname')}"
    " FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_rewrite AS r ON r.oid = d.objid"
    " JOIN pg_catalog.pg_class AS v ON v.oid = r.ev_class"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = v.relnamespace"
    " WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass"
    " AND d.refclassid = 'pg_catalog.pg_class'::regclass"
)
#: kind, name of functions whose bodies the server knows (BEGIN ATOMIC), or that take rows.
_FUNCTIONS = (
    "SELECT CASE f.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, f.proname::text, ''"
    " FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_proc AS f ON f.oid = d.objid"
    " WHERE d.classid = 'pg_catalog.pg_proc'::regclass"
)
_ROWS_OF = (
    "SELECT t.oid FROM pg_catalog.pg_type AS t"
    " LEFT JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem"
    " WHERE to_regclass({table}) IN (t.typrelid, e.typrelid)"
)
_OF_TABLE = (
    f"{_VIEWS} AND d.refobjid = to_regclass({{table}}) AND v.oid <> d.refobjid"
    f" UNION {_FUNCTIONS} AND (d.refobjid = to_regclass({{table}})"
    " AND d.refclassid = 'pg_catalog.pg_class'::regclass"
    f" OR d.refobjid IN ({_ROWS_OF}) AND d.refclassid = 'pg_catalog.pg_type'::regclass)"
)
_OF_COLUMN = (
    f"{_VIEWS} AND {_ON_COLUMN} UNION {_FUNCTIONS}"
    f" AND d.refclassid = 'pg_catalog.pg_class'::regclass AND {_ON_COLUMN}"
    " UNION SELECT 'trigger', t.tgname::text, '' FROM pg_catalog.pg_depend AS d"
    " JOIN pg_catalog.pg_trigger AS t ON t.oid = d.objid AND NOT t.tgisinternal"
    " WHERE d.classid = 'pg_catalog.pg_trigger'::regclass"
    f" AND d.refclassid = 'pg_catalog.pg_class'::regclass AND {_ON_COLUMN}"
    " UNION SELECT 'policy', p.polname::text, '' FROM pg_catalog.pg_depend AS d"
    " JOIN pg_catalog.pg_policy AS p ON p.oid = d.objid"
    " WHERE d.classid = 'pg_catalog.pg_policy'::regclass"
    f" AND d.refclassid = 'pg_catalog.pg_class'::regclass AND {_ON_COLUMN}"
)
