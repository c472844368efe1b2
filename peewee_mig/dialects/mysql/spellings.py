"""How the server spells what is declared: asked with temporary tables, which are gone at once.

information_schema does not list them; their own text does, in the words of the catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect, Query, Spellings
from peewee_mig.dialects.mysql.catalog import Catalog, quoted
from peewee_mig.dialects.mysql.definitions import Definition, read_definition
from peewee_mig.dialects.mysql.native import normal_words
from peewee_mig.dialects.mysql.render import definition, plain
from peewee_mig.errors import MigError
from peewee_mig.lazy import lazy
from peewee_mig.schema.names import split
from peewee_mig.schema.objects import Check, Column, Index, Table

_NAME = "_peewee_mig_spelling"
_CHARSET = "CHARACTER SET "


def spellings(dialect: Dialect, query: Query, tables: Iterable[Table]) -> Spellings:
    """Map what tables declare to the words of the catalog, where these are others.

    Expressions, native types, and the words of collations and settings; one that is the usual
    of the table, the database or the server, so that the catalog does not tell it, is empty.
    """
    server = _Server(dialect, query)
    return {
        (table, text): spelled
        for table in tables
        for text, spelled in (*server.expressions(table), *server.settings(table))
        if text != spelled
    }


def can_ask(query: Query) -> bool:
    """Whether this role can make a temporary table here."""
    try:
        query(f"CREATE TEMPORARY TABLE {quoted(_NAME)} (x INT)")
    except MigError:
        return False
    query(f"DROP TEMPORARY TABLE {quoted(_NAME)}")
    return True


@dataclass
class _Server:
    dialect: Dialect
    query: Query
    catalog: Catalog = field(init=False)

    def __post_init__(self) -> None:
        self.catalog = Catalog(self.query)

    def expressions(self, table: Table) -> Iterator[tuple[str, str]]:
        """Yield expressions and native types of a table with their spelling."""
        asked = _Asked.of(table)
        if not asked:
            return
        found = self._read(table, asked)
        if found is None:  # something is refused: one by one
            for each in asked.single():
                single = self._read(table, each)
                yield from () if single is None else each.answers(single)
        else:
            yield from asked.answers(found)

    def _read(self, table: Table, asked: _Asked) -> Definition | None:
        """Make a temporary table and read its text; ``None`` if the server refuses it."""
        try:
            self.query(self._create(table, asked))
        except MigError:
            return None
        try:
            return read_definition(self.query(f"SHOW CREATE TABLE {self._place}")[0][1])
        finally:
            self.query(f"DROP TEMPORARY TABLE {self._place}")

    @property
    def _place(self) -> str:
        return self.dialect.quote(_NAME)

    def _create(self, table: Table, asked: _Asked) -> str:
        columns = (_bare(each, asked) for each in table.columns)
        lines = [
            *(definition(self.dialect, each) for each in columns),
            *(_index_line(self.dialect, n, each) for n, each in enumerate(asked.indexes)),
            *(ddl.constraint(self.dialect, replace(check, name=f"c{n}"))
              for n, check in enumerate(asked.checks)),
        ]  # fmt: skip
        return f"CREATE TEMPORARY TABLE {self._place} ({', '.join(lines)})"

    def settings(self, table: Table) -> Iterator[tuple[str, str]]:
        """Yield the words of collations and settings of a table."""
        words = table.options.words
        collates = any(word.startswith("COLLATE=") for word in words)
        for word in words:
            name, _, value = word.partition("=")
            if name == "CHARSET" and collates:
                yield word, ""
            else:
                yield word, self._setting(name, value)
        for column in table.columns:
            said = _collation_words(column)
            if said:
                yield said, self._collation(table, said)

    def _setting(self, name: str, value: str) -> str:
        match name:
            case "ENGINE":
                usual = self.catalog.facts.engine.casefold() == value.casefold()
                return "" if usual else f"ENGINE={self._engines.get(value.casefold(), value)}"
            case "CHARSET" | "COLLATE":
                found = value if name == "COLLATE" else self._of_charset(value)
                usual = found.casefold() == self.catalog.facts.collation.casefold()
                return "" if usual else f"COLLATE={found.lower()}"
            case "AUTO_INCREMENT":  # rows change it
                return ""
            case _:
                plain_value = value.strip("'")
                return "" if plain_value == "DEFAULT" else f"{name}={plain_value}"

    def _collation(self, table: Table, words: str) -> str:
        """Return the collation that a column has, empty if it is that of its table."""
        said = words.removeprefix(_CHARSET)
        found = (self._of_charset(said) if said != words else said).lower()
        schema, name = split(table.name)
        usual = self._collations.get((schema or self.catalog.facts.database, name))
        return "" if found == usual else found

    def _of_charset(self, charset: str) -> str:
        return self._charsets.get(charset.lower(), charset)

    @lazy
    def _charsets(self) -> dict[str, str]:
        rows = self.catalog.rows(
            "SELECT character_set_name, default_collate_name FROM information_schema.character_sets"
        )
        known: dict[str, str] = dict(rows)
        return known | {"utf8": known["utf8mb3"]} if "utf8mb3" in known else known

    @lazy
    def _engines(self) -> dict[str, str]:
        rows = self.catalog.rows("SELECT engine FROM information_schema.engines")
        return {name.casefold(): name for (name,) in rows}

    @lazy
    def _collations(self) -> dict[tuple[str, str], str]:
        rows = self.catalog.rows(
            "SELECT table_schema, table_name, table_collation FROM information_schema.tables"
            " WHERE table_collation IS NOT NULL"
        )
        return {(schema, name): collation for schema, name, collation in rows}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of a table the server is asked about."""

    types: tuple[Column, ...] = ()
    defaults: tuple[Column, ...] = ()
    computed: tuple[Column, ...] = ()
    indexes: tuple[Index, ...] = ()
    checks: tuple[Check, ...] = ()

    @classmethod
    def of(cls, table: Table) -> _Asked:
        """Collect all of it."""
        return cls(
            tuple(each for each in table.columns if each.type.native),
            tuple(each for each in table.columns if each.default),
            tuple(each for each in table.columns if each.computed),
            tuple(each for each in table.indexes if each.parts),
            table.checks,
        )

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return any((self.types, self.defaults, self.computed, self.indexes, self.checks))

    def single(self) -> Iterator[_Asked]:
        """Yield each alone; all types at once, as every table needs them."""
        yield _Asked(types=self.types)
        yield from (_Asked(defaults=(each,)) for each in self.defaults)
        yield from (_Asked(computed=(each,)) for each in self.computed)
        yield from (_Asked(indexes=(each,)) for each in self.indexes)
        yield from (_Asked(checks=(each,)) for each in self.checks)

    def answers(self, found: Definition) -> Iterator[tuple[str, str]]:
        """Yield what was asked with its spelling."""
        for column in self.types:
            yield str(column.type), normal_words(found.types[column.name])[0]
        for column in self.defaults:
            if column.default and column.name in found.defaults:
                yield column.default.text, found.defaults[column.name]
        for column in self.computed:
            if column.computed and column.name in found.computed:
                yield column.computed.expression.text, found.computed[column.name]
        for number, index in enumerate(self.indexes):
            spelled = found.indexes.get(f"i{number}", ())
            yield from zip((part.text for part in index.parts), spelled, strict=False)
        for number, check in enumerate(self.checks):
            if f"c{number}" in found.checks:
                yield check.expression.text, found.checks[f"c{number}"]


def _bare(column: Column, asked: _Asked) -> Column:
    """Return a column with what is asked about it, and else only what its type needs."""
    computed = column.computed if column in asked.computed or not column.computed else None
    return replace(
        plain(column),
        null=True,
        default=column.default if column in asked.defaults else None,
        computed=computed,
        comment=None,
        options=tuple(word for word in column.options if not word.startswith("ON UPDATE")),
    )


def _index_line(dialect: Dialect, number: int, index: Index) -> str:
    create: Callable[[str, Index], str] = dialect.create_index
    words = create(_NAME, replace(index, name=f"i{number}", unique=False))
    kind, _, rest = words.removeprefix("CREATE ").partition(f" ON {dialect.quote(_NAME)} ")
    return f"{kind} {rest}"


def _collation_words(column: Column) -> str:
    """Return the words that say the collation of a column, as the recognizer asks for them."""
    if column.collation:
        return column.collation
    return next((word for word in column.options if word.startswith(_CHARSET)), "")
