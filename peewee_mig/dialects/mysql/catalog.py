"""What information_schema of MySQL and MariaDB says of one database, in few queries.

Names of tables and databases are compared exactly; a driver may give texts as bytes. Tables
have their bare names here; ``Catalog.named`` gives those of a schema.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from peewee_mig.dialects.base import Query, Row
from peewee_mig.dialects.mysql.rows import (
    CheckRow,
    ColumnRow,
    Facts,
    IndexPart,
    KeyPart,
    TableRow,
)
from peewee_mig.dialects.mysql.types import catalog_type, text_literal
from peewee_mig.errors import FailedError
from peewee_mig.lazy import lazy
from peewee_mig.schema.names import qualified

#: The longest key part that InnoDB takes, in bytes. Source: MySQL 8.0 manual, 17.22.
_LONGEST_PART = 3072
#: A unique index over long texts is one of hashes on MariaDB.
_PLAIN_KINDS = frozenset({"BTREE", "HASH"})
#: Methods of indexes over more than keys, in the words of our kind.
_METHODS = {"FULLTEXT": "fulltext", "SPATIAL": "spatial"}
_BYTES_OF_CHARACTER = {"utf8mb4": 4, "utf8mb3": 3, "utf8": 3}
#: A foreign key in the text of a table: a line of its own, with the actions that it names.
_ACTION = "(CASCADE|SET NULL|SET DEFAULT|NO ACTION|RESTRICT)"
_KEY_LINE = re.compile(
    rf"^ *CONSTRAINT `((?:[^`]|``)+)` FOREIGN KEY .*\)(?: ON DELETE {_ACTION})?"
    rf"(?: ON UPDATE {_ACTION})?,?$",
    re.MULTILINE,
)


_Part = TypeVar("_Part", IndexPart, KeyPart)


@dataclass
class Catalog:
    """The answers of information_schema, asked once each.

    ``schema``: the database, ``None`` for that of the connection; ``schemas``: what the
    databases that are read are called in names of tables.
    """

    query: Query
    schema: str | None = None
    schemas: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])

    @lazy
    def facts(self) -> Facts:
        """The database at hand; :exc:`FailedError` if there is none."""
        name = "database()" if self.schema is None else text_literal(self.schema)
        rows = self.rows(
            "SELECT version(), schema_name, default_collation_name, @@default_storage_engine"
            f" FROM information_schema.schemata WHERE schema_name = {name}"
        )
        if not rows and self.schema is not None:
            raise FailedError(
                f"there is no database {self.schema}",
                hint=f"create it: CREATE DATABASE {quoted(self.schema)}",
            )
        if not rows:
            raise FailedError(
                "the connection has no database",
                hint="name one at the end of the URL, as in mysql://user@host/name",
            )
        version, database, collation, engine = rows[0]
        numbers = version.partition("-")[0].split(".")
        parts = tuple(int(each) for each in numbers if each.isdigit())
        return Facts("MariaDB" in version, parts, database, collation, engine)

    @lazy
    def tables(self) -> list[TableRow]:
        """Everything that has a name of the space of tables; without temporary tables."""
        rows = self.rows(
            "SELECT table_name, table_type, engine, table_collation, create_options, table_comment"
            f" FROM information_schema.tables WHERE table_schema = {self.here} ORDER BY table_name"
        )
        return [TableRow(*row) for row in rows if not row[1].startswith("TEMPORARY")]

    @lazy
    def columns(self) -> dict[str, list[ColumnRow]]:
        """The columns in their order."""
        rows = self.rows(
            "SELECT table_name, column_name, column_default, is_nullable, data_type, column_type,"
            " extra, character_set_name, collation_name, generation_expression, column_comment"
            f" FROM information_schema.columns WHERE table_schema = {self.here}"
            " ORDER BY table_name, ordinal_position"
        )
        return {table: [ColumnRow(*row) for row in found] for table, found in grouped(rows).items()}

    @lazy
    def indexes(self) -> dict[str, dict[str, list[IndexPart]]]:
        """The indexes by name, ``PRIMARY`` among them."""
        rows = self.rows(
            "SELECT table_name, index_name, non_unique, column_name, collation, sub_part,"
            f" index_type, index_comment, {self._index_facts}"
            f" FROM information_schema.statistics WHERE table_schema = {self.here}"
            " ORDER BY table_name, index_name, seq_in_index"
        )
        return {
            table: _by_name(IndexPart(*row) for row in found)
            for table, found in grouped(rows).items()
        }

    @property
    def _index_facts(self) -> str:
        """Spell whether the optimizer leaves an index out, and the expression that it is over."""
        if not self.facts.mariadb:
            return "CASE is_visible WHEN 'NO' THEN 'INVISIBLE' ELSE '' END, expression"
        if self.facts.version < (10, 6):  # no index can be ignored yet
            return "'', NULL"
        return "CASE ignored WHEN 'YES' THEN 'IGNORED' ELSE '' END, NULL"

    @lazy
    def keys(self) -> dict[str, dict[str, list[KeyPart]]]:
        """The foreign keys by name."""
        rows = self.rows(
            "SELECT table_name, constraint_name, column_name, referenced_table_schema,"
            " referenced_table_name, referenced_column_name"
            f" FROM information_schema.key_column_usage WHERE table_schema = {self.here}"
            " AND referenced_table_name IS NOT NULL"
            " ORDER BY table_name, constraint_name, ordinal_position"
        )
        return {
            table: _by_name(KeyPart(*row) for row in found)
            for table, found in grouped(rows).items()
        }

    @lazy
    def rules(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Map (table, foreign key) to what happens on delete and on update.

        A role without the right REFERENCES does not see the view that says so (measured on
        MariaDB 10.11), but the texts of the tables.
        """
        seen = self._seen_rules
        hidden = [
            name for name, keys in self.keys.items() if any((name, k) not in seen for k in keys)
        ]
        return seen | {rule: each for name in hidden for rule, each in self._written_rules(name)}

    @property
    def _seen_rules(self) -> dict[tuple[str, str], tuple[str, str]]:
        rows = self.rows(
            "SELECT table_name, constraint_name, delete_rule, update_rule"
            " FROM information_schema.referential_constraints"
            f" WHERE constraint_schema = {self.here}"
        )
        return {(table, key): (delete, update) for table, key, delete, update in rows}

    def _written_rules(self, table: str) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
        """Read the rules of a table from its text; :exc:`FailedError` if it hides one."""
        ((_, text, *_),) = self.rows(f"SHOW CREATE TABLE {self.place(table)}")
        found = {name.replace("``", "`"): rules for name, *rules in _KEY_LINE.findall(text)}
        if not found.keys() >= self.keys[table].keys():
            here = quoted(self.facts.database)
            raise FailedError(
                f"this user does not see the foreign keys of {table}",
                hint=f"as root: GRANT REFERENCES ON {here}.* TO {self.grantee}",
            )
        for name, (delete, update) in found.items():
            yield (table, name), (delete or "RESTRICT", update or "RESTRICT")

    @lazy
    def user(self) -> str:
        """The account that the server checks the rights of, as GRANT names it."""
        name, _, host = self.rows("SELECT current_user()")[0][0].rpartition("@")
        return f"{quoted(name)}@{quoted(host)}"

    @lazy
    def grants(self) -> str:
        """The grants, also those of active roles, which MySQL shows only if they are named."""
        using = ""
        if not self.facts.mariadb:
            roles = self.rows("SELECT current_role()")[0][0]
            using = "" if roles == "NONE" else f" FOR CURRENT_USER() USING {roles}"
        return "\n".join(text for (text,) in self.rows(f"SHOW GRANTS{using}"))

    @lazy
    def grantee(self) -> str:
        """Whom to grant a right: the role that the session took, else the account."""
        role = self.rows("SELECT current_role()")[0][0] if self.facts.mariadb else None
        return self.user if role is None else quoted(role)

    @lazy
    def checks(self) -> dict[str, list[CheckRow]]:
        """The checks; on MariaDB also those that make a JSON column."""
        if self.facts.mariadb:
            rows = self.rows(
                "SELECT table_name, constraint_name, check_clause, level"
                f" FROM information_schema.check_constraints WHERE constraint_schema = {self.here}"
                " ORDER BY table_name, constraint_name"
            )
        else:
            rows = self.rows(
                "SELECT t.table_name, c.constraint_name, concat(c.check_clause,"
                " CASE t.enforced WHEN 'NO' THEN ' NOT ENFORCED' ELSE '' END), 'Table'"
                " FROM information_schema.check_constraints AS c"
                " JOIN information_schema.table_constraints AS t"
                " ON t.constraint_schema = c.constraint_schema"
                " AND t.constraint_name = c.constraint_name AND t.constraint_type = 'CHECK'"
                f" WHERE c.constraint_schema = {self.here} ORDER BY 1, 2"
            )
        return {table: [CheckRow(*row) for row in found] for table, found in grouped(rows).items()}

    def rows(self, sql: str) -> list[Row]:
        """Read rows, texts as ``str``."""
        return [tuple(map(_plain, row)) for row in self.query(sql)]

    @property
    def here(self) -> str:
        """The name of the database as a literal: a server looks into no other one then."""
        return text_literal(self.facts.database)

    def named(self, table: str) -> str:
        """Return what a table of this database is called in a schema."""
        return qualified(self.schema, table)

    def place(self, table: str) -> str:
        """Spell a table of this database in a statement."""
        return quoted(table) if self.schema is None else f"{quoted(self.schema)}.{quoted(table)}"

    def referred(self, part: KeyPart) -> str | None:
        """Return what the table that a key refers to is called; ``None``: it is not read."""
        if part.referred_database == self.facts.database:
            return self.named(part.referred_table)
        if part.referred_database not in self.schemas:
            return None
        return qualified(self.schemas[part.referred_database], part.referred_table)

    @lazy
    def base_tables(self) -> list[TableRow]:
        """The tables that hold rows."""
        return [row for row in self.tables if row.kind in {"BASE TABLE", "SYSTEM VERSIONED"}]

    @lazy
    def by_name(self) -> dict[str, TableRow]:
        """Everything of the space of tables, by name."""
        return {row.name: row for row in self.tables}

    def primary_key(self, table: str) -> tuple[str, ...]:
        """Return the columns of the primary key; none if there is none."""
        parts = self.indexes.get(table, {}).get("PRIMARY", [])
        return tuple(part.column for part in parts if part.column)

    def is_json(self, table: str, column: ColumnRow) -> bool:
        """Whether the column is what MariaDB makes of the word JSON: a text with a check."""
        checks = self.checks.get(table, [])
        return column.data_type == "longtext" and any(makes_json(each, column) for each in checks)

    def is_numbered(self, table: str, column: ColumnRow) -> bool:
        """Whether the column is a primary key, or a part of one, that numbers itself."""
        return (
            "auto_increment" in column.extra
            and column.name in self.primary_key(table)
            and catalog_type(column.words)[0].name in {"INT", "BIGINT"}
        )

    def is_managed(self, parts: list[IndexPart]) -> bool:
        """Whether our kind says all of an index."""
        return all(
            not (part.comment or part.hidden) and part.kind in {*_PLAIN_KINDS, *_METHODS}
            for part in parts
        )

    def is_whole(self, table: str, parts: list[IndexPart]) -> bool:
        """Whether an index is over whole columns, upwards."""
        columns = {column.name: column for column in self.columns[table]}
        alone = len(parts) == 1 and parts[0].non_unique
        return all(
            part.order != "D"
            and part.column is not None
            and (
                part.prefix is None
                or part.kind in _METHODS
                or (alone and _fills_key(part, columns[part.column]))
            )
            for part in parts
        )

    def managed_keys(self, table: str) -> dict[tuple[str, ...], str]:
        """Map columns to the name of their foreign key within the databases that are read.

        Of several it is the one that InnoDB named first: another one was added by hand.
        """
        found: dict[tuple[str, ...], str] = {}
        names = self.keys.get(table, {})
        for name in sorted(names, key=lambda name: _age(table, name)):
            parts = names[name]
            if self.referred(parts[0]) is not None:
                found.setdefault(tuple(part.column for part in parts), name)
        return found


def makes_json(check: CheckRow, column: ColumnRow) -> bool:
    """Whether a check is the one that MariaDB adds to a JSON column by itself.

    Its name is no proof: RENAME COLUMN leaves it as it was (measured on 10.11).
    """
    wanted = (f"json_valid({quoted(column.name)})", "Column")
    return column.data_type == "longtext" and (check.clause, check.level) == wanted


def method(parts: list[IndexPart]) -> str | None:
    """Return the method of an index in the words of our kind; ``None`` for the usual."""
    return _METHODS.get(parts[0].kind)


def quoted(name: str) -> str:
    """Quote an identifier."""
    return f"`{name.replace('`', '``')}`"


def folded(name: str) -> str:
    """Return what names of columns, indexes and constraints have in common that are one.

    Case does not count, accents do, and ``ß`` is not ``ss``.
    """
    return name.lower()


def one_line(text: str | None) -> str:
    """Return a text without its line breaks and indentation."""
    return " ".join((text or "").split())


def _fills_key(part: IndexPart, column: ColumnRow) -> bool:
    """Whether a prefix is what MariaDB made of a whole text, which is too long for a key."""
    size = _BYTES_OF_CHARACTER.get(column.charset or "", 1)
    return part.prefix == _LONGEST_PART // size


def _age(table: str, key: str) -> tuple[int, str]:
    """Order foreign keys by the numbers that InnoDB gave them, before those with a name."""
    number = key.removeprefix(f"{table}_ibfk_")
    return (int(number) if number.isdecimal() else sys.maxsize, key)


def grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Group rows by their first value, which the groups leave out."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for first, *rest in rows:
        groups[first].append(tuple(rest))
    return dict(groups)


def _by_name(parts: Iterable[_Part]) -> dict[str, list[_Part]]:
    groups: dict[str, list[_Part]] = defaultdict(list)
    for part in parts:
        groups[part.name].append(part)
    return dict(groups)


def _plain(value: Any) -> Any:  # noqa: ANN401 (whatever a driver returns)
    return value.decode() if isinstance(value, bytes) else value
