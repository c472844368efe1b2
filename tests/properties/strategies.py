"""Random schemas, changed versions of them with the answers about renames, and rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from peewee_mig.diff import Renames
from peewee_mig.operations.replay import change
from peewee_mig.operations.verbs import Constant, Generated, Rename
from peewee_mig.schema.names import bare, qualified
from peewee_mig.schema.normal import ACTIONS
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ARITY, ColumnType, parse_type

NAMES = (
    "person", "pet", "name", "age", "parent", "note", "UPPER", "Mixed", "Person", "NAME",
    "order", "select", "group",
    "check", "primary", "constraint", "unique", "references", "rowid", "default", "not", "as",
    "two words", 'quo"ted', "it's", "back`tick", "[bracket]", "(paren", "a,b", "a.b", "--dash",
    "/*star*/", "naïve", "名前", "1st", "%s", "?", ":x", "semi;colon",
)  # fmt: skip
names = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6),
).filter(lambda name: not name.lower().startswith(("sqlite", "peewee_mig_", "_peewee_mig_")))

NO_SQLITE = {"IDENTITY", "IDENTITY_ALWAYS", "BIGIDENTITY", "BIGIDENTITY_ALWAYS"}
ONE_ENGINE = {"HSTORE", "INTERVAL", "JSONB", "TIMESTAMPTZ", "TSVECTOR"}
AUTOS = [ColumnType("AUTO"), ColumnType("BIGAUTO")]
lengths = st.integers(1, 12)
plain_types = st.one_of(
    st.sampled_from(
        [
            ColumnType(n)
            for n, arity in ARITY.items()
            if 0 in arity and n not in ONE_ENGINE and not ColumnType(n).auto
        ]
    ),
    st.sampled_from([parse_type(text) for text in ("INT", "BIGINT", "TEXT", "DATETIME", "JSON")]),
    st.builds(
        lambda name, length: ColumnType(name, (length,)),
        st.sampled_from(["VARCHAR", "CHAR"]),
        lengths,
    ),
    st.tuples(lengths, st.integers(0, 5)).map(
        lambda pair: ColumnType("DECIMAL", (pair[0] + pair[1], pair[1]))
    ),
)
#: Any type at all, as a snapshot may hold it.
types = plain_types | st.sampled_from([ColumnType(n) for n in ARITY if ColumnType(n).auto])
actions = st.sampled_from([None, None, *ACTIONS])


@st.composite
def fresh(draw, taken: Iterable[str]):
    """Draw a name that no other has, whatever the case; the same name is fine in other places."""
    used = {name.casefold() for name in taken}
    name = draw(names)
    while name.casefold() in used:
        name += "_"
    return name


# Schemas that a database can have.


@st.composite
def tables(draw, name: str, taken_indexes: set[str]):
    """Draw a table without foreign keys."""
    found: list[Column] = []
    for _ in range(draw(st.integers(1, 4))):
        column_name = draw(fresh(column.name for column in found))
        found.append(Column(column_name, draw(plain_types), draw(st.booleans())))
    kind = draw(st.sampled_from(["auto", "auto", "natural", "composite", "none"]))
    if kind == "auto":
        found[0] = Column(found[0].name, draw(st.sampled_from(AUTOS)))
    size = {"none": 0, "composite": 2}.get(kind, 1)
    key = PrimaryKey(tuple(c.name for c in found[:size])) if size and len(found) >= size else None
    table = Table(name, tuple(found), key)
    for _ in range(draw(st.integers(0, 2))):
        table = draw(with_index(table, taken_indexes))
    return mended(Schema.of([table])).table(name)


@st.composite
def with_index(draw, table: Table, taken: set[str]):
    """Draw an index of a table; those that differ in nothing but a made-up name are left out."""
    chosen = draw(
        st.lists(st.sampled_from(table.column_names), min_size=1, max_size=3, unique=True)
    )
    named = draw(st.booleans())
    name = draw(fresh(taken)) if named else "_".join((bare(table.name), *chosen))
    unique = draw(st.booleans())
    index = Index(name, tuple(chosen), unique, named)
    alike = any(index.equivalent(replace(each, named=False)) for each in table.indexes)
    if alike or name.casefold() in {each.casefold() for each in taken}:
        return table
    taken.add(name)
    return replace(table, indexes=(*table.indexes, index))


@st.composite
def with_foreign_key(draw, schema: Schema):
    """Draw a foreign key between tables, over new columns or over some that fit already."""
    parent = draw(st.sampled_from(schema.tables))
    child = draw(st.sampled_from(schema.tables))
    target = draw(st.sampled_from(sorted(unique_columns(parent)) or [()]))
    if not target:
        return schema
    own = []
    for name in target:
        type_ = parent.column(name).type.plain
        fitting = [c.name for c in child.columns if c.type.plain == type_ and c.name not in own]
        if fitting and draw(st.booleans()):
            own.append(draw(st.sampled_from(fitting)))
            continue
        column = Column(draw(fresh(child.column_names)), type_, draw(st.booleans()))
        child = replace(child, columns=(*child.columns, column))
        own.append(column.name)
    if child.find_foreign_key(tuple(own)):
        return schema
    constraint = draw(st.none() | names)
    key = ForeignKey(tuple(own), parent.name, target, draw(actions), draw(actions), constraint)
    child = replace(child, foreign_keys=(*child.foreign_keys, key))
    return schema.with_table(child)


def unique_columns(table: Table) -> set[tuple[str, ...]]:
    primary = {table.primary_key.columns} if table.primary_key else set()
    return primary | {index.columns for index in table.indexes if index.unique}


def index_names(schema: Schema) -> set[str]:
    return {index.name for table in schema for index in table.indexes}


@st.composite
def schemas(draw, min_tables=0, max_tables=4):
    """Draw a schema that a database can have."""
    schema = Schema()
    for _ in range(draw(st.integers(min_tables, max_tables))):
        schema = draw(with_new_table(schema))
    for _ in range(draw(st.integers(0, 3)) if schema.tables else 0):
        schema = draw(with_foreign_key(schema))
    return mended(schema)


@st.composite
def with_new_table(draw, schema: Schema):
    name = draw(fresh_tables(schema))
    taken = index_names(schema) | {*map(bare, schema.names)}
    return schema.with_table(draw(tables(name, taken | {bare(name)})))


@st.composite
def fresh_tables(draw, schema: Schema):
    """Draw a name for a table that no table or index has."""
    return qualified(None, draw(fresh(index_names(schema) | {*map(bare, schema.names)})))


def mended(schema: Schema) -> Schema:
    """Take away what does not fit together any more, as whoever edits models would."""
    while True:
        changed = Schema.of(_mended_table(table, schema) for table in schema)
        if changed == schema:
            return schema
        schema = changed


def _mended_table(table: Table, schema: Schema) -> Table:
    present = set(table.column_names)
    key = table.primary_key
    key = key if key and set(key.columns) <= present else None
    keys = [each for each in table.foreign_keys if _fits(table, each, schema)]
    in_key = key.columns if key else ()
    return replace(
        table,
        columns=tuple(_mended_column(column, in_key) for column in table.columns),
        primary_key=key,
        indexes=tuple(index for index in table.indexes if set(index.columns) <= present),
        foreign_keys=tuple(keys),
    )


def _mended_column(column: Column, key: tuple[str, ...]) -> Column:
    type_ = column.type if key == (column.name,) else column.type.plain
    return Column(column.name, type_, column.null and column.name not in key)


def _fits(table: Table, key: ForeignKey, schema: Schema) -> bool:
    parent = schema.find_table(key.referred_table)
    if parent is None or key.referred_columns not in unique_columns(parent):
        return False
    pairs = zip(key.columns, key.referred_columns, strict=True)
    return set(key.columns) <= set(table.column_names) and all(
        table.column(own).type.plain == parent.column(other).type.plain for own, other in pairs
    )


# Changed versions.


@dataclass
class Edited:
    """A schema under edits, and where the tables and columns that it has come from."""

    schema: Schema
    tables: dict[str, str] = field(default_factory=dict)
    columns: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def start(cls, schema: Schema):
        columns = {(table.name, name): name for table in schema for name in table.column_names}
        return cls(schema, {name: name for name in schema.names}, columns)

    def rename_table(self, old: str, new: str, *, answered: bool) -> None:
        self.schema = change(Rename("table", old, old, new), self.schema)
        origin = self.tables.pop(old, None)
        moved = {key: self.columns.pop(key) for key in list(self.columns) if key[0] == old}
        if origin is not None and answered:
            self.tables[new] = origin
            self.columns |= {(new, name): was for (_, name), was in moved.items()}

    def rename_column(self, table: str, old: str, new: str, *, answered: bool) -> None:
        self.schema = change(Rename("column", table, old, new), self.schema)
        origin = self.columns.pop((table, old), None)
        if origin is not None and answered:
            self.columns[table, new] = origin

    def put(self, table: Table) -> None:
        self.schema = self.schema.with_table(table)

    def renames(self) -> Renames:
        tables = {origin: name for name, origin in self.tables.items() if origin != name}
        columns = {
            (table, origin): name
            for (table, name), origin in self.columns.items()
            if origin != name and table in self.tables and self.schema.find_table(table)
        }
        return Renames(tables, columns)


def _add_table(draw, edited, _table):
    edited.schema = draw(with_new_table(edited.schema))


def _drop_table(_draw, edited, table):
    edited.schema = edited.schema.without_table(table.name)
    edited.tables.pop(table.name, None)
    for key in [key for key in edited.columns if key[0] == table.name]:
        edited.columns.pop(key)


def _rename_table(draw, edited, table):
    new = draw(fresh_tables(edited.schema))
    edited.rename_table(table.name, new, answered=draw(st.sampled_from([True, True, False])))


def _swap_tables(draw, edited, table):
    other = draw(st.sampled_from(edited.schema.tables))
    if other.name != table.name:
        _swap(lambda old, new: edited.rename_table(old, new, answered=True), table.name, other.name)


def _swap(rename, one, other):
    rename(one, "passing")
    rename(other, one)
    rename("passing", other)


def _add_column(draw, edited, table):
    column = Column(draw(fresh(table.column_names)), draw(plain_types), draw(st.booleans()))
    place = draw(st.integers(0, len(table.columns)))
    columns = (*table.columns[:place], column, *table.columns[place:])
    edited.put(replace(table, columns=columns))


def _drop_column(draw, edited, table):
    if len(table.columns) > 1:
        gone = draw(st.sampled_from(table.columns))
        edited.columns.pop((table.name, gone.name), None)
        key = table.primary_key
        edited.put(
            replace(
                table,
                columns=tuple(column for column in table.columns if column != gone),
                primary_key=key if key and gone.name not in key.columns else None,
                indexes=tuple(i for i in table.indexes if gone.name not in i.columns),
                foreign_keys=tuple(k for k in table.foreign_keys if gone.name not in k.columns),
            )
        )


def _rename_column(draw, edited, table):
    old = draw(st.sampled_from(table.column_names))
    new = draw(fresh(table.column_names))
    answered = draw(st.sampled_from([True, True, False]))
    edited.rename_column(table.name, old, new, answered=answered)


def _swap_columns(draw, edited, table):
    one, other = (draw(st.sampled_from(table.column_names)) for _ in range(2))
    if one != other and "passing" not in table.column_names:
        _swap(lambda o, n: edited.rename_column(table.name, o, n, answered=True), one, other)


def _alter_type(draw, edited, table):
    """Change a type, and with it that of all keys to the column."""
    name, type_ = draw(st.sampled_from(table.column_names)), draw(plain_types)
    edited.schema = retyped(edited.schema, table.name, name, type_)


def retyped(schema: Schema, table: str, name: str, type_: ColumnType) -> Schema:
    old = schema.table(table)
    if old.column(name).type.plain == type_.plain:
        return schema
    columns = tuple(replace(c, type=type_) if c.name == name else c for c in old.columns)
    schema = schema.with_table(replace(old, columns=columns))
    for child, key in schema.referring(table):
        for own, other in zip(key.columns, key.referred_columns, strict=True):
            if other == name:
                schema = retyped(schema, child.name, own, type_.plain)
    return schema


def _flip_null(draw, edited, table):
    name = draw(st.sampled_from(table.column_names))
    columns = (replace(c, null=not c.null) if c.name == name else c for c in table.columns)
    edited.put(replace(table, columns=tuple(columns)))


def _add_index(draw, edited, table):
    edited.put(
        draw(with_index(table, index_names(edited.schema) | {*map(bare, edited.schema.names)}))
    )


def _drop_index(draw, edited, table):
    if table.indexes:
        gone = draw(st.sampled_from(table.indexes))
        edited.put(replace(table, indexes=tuple(each for each in table.indexes if each != gone)))


def _change_key(draw, edited, table):
    size = draw(st.integers(0, 2))
    chosen = draw(st.permutations(table.column_names))[:size]
    edited.put(replace(table, primary_key=PrimaryKey(tuple(chosen)) if chosen else None))


def _add_foreign_key(draw, edited, _table):
    edited.schema = draw(with_foreign_key(edited.schema))


def _drop_foreign_key(draw, edited, table):
    if table.foreign_keys:
        gone = draw(st.sampled_from(table.foreign_keys))
        edited.put(replace(table, foreign_keys=tuple(k for k in table.foreign_keys if k != gone)))


def _change_actions(draw, edited, table):
    keys = (
        replace(k, on_delete=draw(actions), on_update=draw(actions)) for k in table.foreign_keys
    )
    edited.put(replace(table, foreign_keys=tuple(keys)))


EDITS = (
    _add_table, _drop_table, _rename_table, _swap_tables, _add_column, _drop_column,
    _rename_column, _swap_columns, _alter_type, _flip_null, _add_index, _drop_index, _change_key,
    _add_foreign_key, _drop_foreign_key, _change_actions,
)  # fmt: skip


#: Those that rows can be in the way of, or that touch their values.
EDITS_OF_VALUES = (
    _add_column, _rename_column, _alter_type, _alter_type, _alter_type, _flip_null, _add_index,
    _change_key, _add_foreign_key,
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """Two versions of a schema, the answers about renames, and values for existing rows."""

    before: Schema
    after: Schema
    renames: Renames
    fills: dict


@st.composite
def changes(draw, min_tables=0):
    """Draw a schema and a changed version of it."""
    return draw(changes_of(draw(schemas(min_tables))))


@st.composite
def changes_of(draw, before: Schema, edits=EDITS, least=0):
    """Draw a changed version of a schema."""
    edited = Edited.start(before)
    for _ in range(draw(st.integers(least, 5))):
        edit = draw(st.sampled_from(edits)) if edited.schema.tables else _add_table
        table = draw(st.sampled_from(edited.schema.tables)) if edited.schema.tables else None
        edit(draw, edited, table)
        edited.schema = mended(edited.schema)
    fills = {}
    for table in edited.schema:
        for column in table.columns:
            if not column.null and not column.type.auto and draw(st.booleans()):
                fills[table.name, column.name] = draw(fills_of(column.type))
    return Change(before, edited.schema, edited.renames(), fills)


# Rows: from small pools, so that keys meet; a database keeps those that fit.

_TEXTS = ["", "a", "b", "A", "1", "007", "1e3", " 2", "it's", "名", "2024-02-29", "12:30:00"]
_POOLS = {
    "INT": [0, 1, 2, 3, 2**31],
    "BOOL": [0, 1],
    "REAL": [0.0, 1.0, 2.0, 1.5, -3.25],
    "BLOB": [b"", b"a", b"\x00\xff", b"0123456789abcdef"],
    "DATE": ["1970-01-01", "2024-02-29"],
    "DATETIME": ["1970-01-01 00:00:00", "2024-02-29 12:30:00", "2024-02-29 12:30:00.123456"],
    "TIME": ["00:00:00", "12:30:00"],
    "JSON": ["null", "1", '{"a": "b"}', '"text"'],
    "UUID": ["0" * 32, "0f" * 16, "1234567890abcdef1234567890abcdef"],
}
_POOL_OF = {
    **dict.fromkeys(["INT", "BIGINT", "SMALLINT", "AUTO", "BIGAUTO", "ANY", "BARE"], "INT"),
    **dict.fromkeys(["FLOAT", "DOUBLE", "DECIMAL"], "REAL"),
    **dict.fromkeys(["BLOB", "UUIDB"], "BLOB"),
}


def pool(type_: ColumnType) -> list:
    """Return values of a type as Peewee stores them."""
    limit = type_.args[0] if type_.name in ("VARCHAR", "CHAR") and type_.args else 99
    texts = [text for text in _TEXTS if len(text) <= limit]
    return _POOLS.get(_POOL_OF.get(type_.name, type_.name), texts)


def fills_of(type_: ColumnType):
    """Draw a value for existing rows."""
    constants = st.sampled_from(pool(type_)).map(Constant)
    return constants | st.just(Generated("empty"))


@st.composite
def rows(draw, schema: Schema, max_rows=5):
    """Draw rows by table. A database must still be asked which of them fit together."""
    found = {}
    for table in schema:
        values = [
            st.sampled_from([*pool(column.type), *([None] if column.null else [])])
            for column in table.columns
        ]
        found[table.name] = draw(st.lists(st.tuples(*values), max_size=max_rows))
    return found
