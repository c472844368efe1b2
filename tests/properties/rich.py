"""Random changes of schemas with all that an engine can have, on top of those of ``strategies``.

Both versions of a plain schema are drawn first. The older one is enriched; each thing that it
has more is kept, dropped or changed in the newer one, which gets others besides.
"""

from dataclasses import dataclass, replace

from hypothesis import strategies as st
from rich_steps import STEPS, views
from rich_words import (
    COLLATIONS,
    computed_columns,
    conditions,
    defaults,
    has_gin,
    index_parts,
    is_text,
    keyable,
    takes_words,
)
from server_stories import FIT
from strategies import EDITS, EDITS_OF_VALUES, Change, changes_of, fills_of, schemas

from peewee_mig.diff import Renames
from peewee_mig.diff.renames import pairs
from peewee_mig.operations import parts
from peewee_mig.schema import Schema
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.names import bare, qualified, schema_of, split
from peewee_mig.schema.objects import Options, Table
from peewee_mig.schema.standalone import RawObject, View
from peewee_mig.schema.types import ColumnType

#: The second schema of a database of PostgreSQL.
BILLING = "billing"

HSTORE = RawObject(
    "extension",
    "hstore",
    (("postgres", 'CREATE EXTENSION IF NOT EXISTS "hstore"'),),
    (("postgres", 'DROP EXTENSION IF EXISTS "hstore"'),),
)


@dataclass(frozen=True)
class Names:
    """What of an older table is called in a newer one."""

    table: str
    columns: dict[str, str]


@st.composite
def rich_schemas(draw, engine):
    """Draw a schema with all that an engine can have."""
    return draw(rich_changes(engine)).before


@st.composite
def rich_changes(draw, engine):
    """Draw a schema with all that an engine can have, and a changed version of it."""
    edits = draw(st.sampled_from([EDITS, EDITS_OF_VALUES]))
    plain = draw(changes_of(draw(schemas(min_tables=1, max_tables=3)), edits))
    plain = FIT[engine](plain) if engine in FIT else plain
    if engine == "postgres" and draw(st.booleans()):
        plain = draw(_in_schemas(plain))
    before = draw(_enriched(plain.before, engine, least=1))
    after = draw(_enriched(draw(_carried(before, plain)), engine, least=0))
    return Change(before, after, plain.renames, draw(_fills(after)))


@st.composite
def _in_schemas(draw, change):
    """Put some tables into another schema of the database; one that is told to stay moves."""
    found = pairs(change.before, change.after, change.renames)
    places = st.sampled_from([None, None, BILLING])
    old = {name: _placed(name, draw(places)) for name in sorted(change.before.names)}
    new = {name: _placed(name, draw(places)) for name in sorted(change.after.names)}
    told = {old[was.name]: new[now.name] for was, now in found if draw(st.booleans())}
    told |= {old[was]: new[now] for was, now in change.renames.tables.items()}
    tables = {was: now for was, now in told.items() if was != now}
    reached = {now: was for was, now in told.items()}
    columns = {
        (new[table], was): now
        for (table, was), now in change.renames.columns.items()
        if new[table] in reached or new[table] in old.values()
    }
    before, after = _moved(change.before, old), _moved(change.after, new)
    return Change(before, after, Renames(tables, _known(columns, before, after, tables)), {})


def _known(columns, before, after, tables):
    """Return the answers about columns of tables that stay."""
    staying = {new.name for _, new in pairs(before, after, Renames(tables, {}))}
    return {key: name for key, name in columns.items() if key[0] in staying}


def _placed(name, schema):
    return qualified(schema, split(name)[1])


def _moved(schema, places):
    return Schema.of(
        replace(
            table,
            name=places[table.name],
            foreign_keys=tuple(
                replace(key, referred_table=places[key.referred_table])
                for key in table.foreign_keys
            ),
        )
        for table in schema
    )


@st.composite
def _carried(draw, before, plain):
    """Return the newer schema with most of what the older one has besides plain things."""
    after = plain.after
    for old, new in pairs(before, after, plain.renames):
        was = plain.before.table(old.name)
        answers = plain.renames.columns_of(new.name)
        moved = parts.renamed_columns(old, _new_names(old, answers))
        after = after.with_table(draw(_kept(moved, was, new)))
    kept = [each for each in before.objects if draw(st.sampled_from([True, True, False]))]
    return after.with_objects(kept)


def _new_names(old, answers):
    """Return the new names of columns; one that is not renamed makes way for one that is."""
    found = dict(answers)
    taken = {name.casefold() for name in answers.values()}
    for name in old.column_names:
        if name not in found:
            found[name] = name
            while found[name].casefold() in taken:
                found[name] += "+"
            taken.add(found[name].casefold())
    return found


@st.composite
def _kept(draw, moved: Table, plain: Table, new: Table):
    """Return a newer table with most of what the older one, under its new names, has more."""

    def some(found):
        return tuple(each for each in found if draw(st.sampled_from([True, True, True, False])))

    plain_indexes = {index.name for index in plain.indexes}
    extra = moved.columns[len(plain.columns) :]
    columns = tuple(
        _dressed(draw, column, moved.find_column(column.name)) for column in new.columns
    )
    taken = {column.name.casefold() for column in columns}
    more = [each for each in some(extra) if each.name.casefold() not in taken]
    indexes = some(index for index in moved.indexes if index.name not in plain_indexes)
    names = {index.name.casefold() for index in new.indexes}
    deferrals = {key.columns: key.deferrable for key in moved.foreign_keys}
    return replace(
        new,
        columns=(*columns, *more),
        indexes=(*new.indexes, *(i for i in indexes if i.name.casefold() not in names)),
        checks=some(moved.checks),
        uniques=some(moved.uniques),
        options=moved.options if draw(st.sampled_from([True, True, False])) else Options(),
        foreign_keys=tuple(
            replace(key, deferrable=deferrals.get(key.columns)) for key in new.foreign_keys
        ),
    )


def _dressed(draw, column, old):
    if old is None or not draw(st.sampled_from([True, True, False])):
        return column
    return replace(
        column,
        default=old.default,
        collation=old.collation,
        comment=old.comment,
        options=old.options,
    )


@st.composite
def _enriched(draw, schema, engine, *, least):
    """Give the tables of a schema more, then take away what does not fit."""
    schema = fitted(schema, engine)
    for table in schema.tables:
        for _ in range(draw(st.integers(least, 5))):
            step = draw(st.sampled_from(STEPS[engine]))
            changed = step(draw, schema.table(table.name), engine, taken_names(schema))
            schema = fitted(schema.with_table(changed), engine)
    found = [each for each in schema.objects if isinstance(each, View)]
    if draw(st.integers(0, 2)) == 0:
        found += draw(views(schema, taken_names(schema)))
    return fitted(schema.with_objects(found), engine)


def taken_names(schema):
    """Return the names that no other object should have, of whatever kind it is."""
    found = {bare(name) for name in schema.names} | {bare(each.name) for each in schema.objects}
    for table in schema:
        for kind in (table.indexes, table.checks, table.uniques, table.foreign_keys):
            found |= {each.name for each in kind if each.name}
    return found


@st.composite
def _fills(draw, schema):
    fills = {}
    for table in schema:
        for column in table.columns:
            free = column.type.auto or column.null or column.computed or column.default
            known = not column.type.native and not column.type.dimensions
            known = known and column.type != ColumnType("CHAR")  # of one character
            if not free and known and column.name in _filled(table) and draw(st.booleans()):
                fills[table.name, column.name] = draw(fills_of(column.type))
    return fills


def _filled(table):
    """Return the columns whose values are plain: what says more may not take each of them."""
    return {c.name for c in table.columns if not c.options and c.type.name not in OWN}


OWN = {"JSONB", "HSTORE", "TIMESTAMPTZ", "INTERVAL", "TSVECTOR"}


# What does not fit any more is taken away.


def fitted(schema: Schema, engine) -> Schema:
    """Return a schema without what does not fit its columns."""
    tables = Schema.of(_fitted(table, schema, engine) for table in schema)
    tables = Schema.of(_with_own_names(tables))
    tables = Schema.of(_with_whole_keys(table, tables) for table in tables)
    found = [
        each for each in schema.objects if isinstance(each, View) and _reads(each, tables, engine)
    ]
    if any(column.type == ColumnType("HSTORE") for table in tables for column in table.columns):
        found.append(HSTORE)
    return tables.with_objects(found)


def _with_whole_keys(table, schema):
    """Return a table without the keys to what was unique, and is not any more."""
    keys = (
        k for k in table.foreign_keys if k.referred_columns in schema.table(k.referred_table).keys
    )
    return replace(table, foreign_keys=tuple(keys))


def _reads(view, schema, engine):
    """Whether a view finds its table and columns, and no table has its name."""
    tables = [schema.find_table(name) for name in view.needs]
    taken = {bare(name).casefold() for name in schema.names}
    if engine != "mysql":  # an index is a relation, too
        taken |= {index.name.casefold() for table in schema for index in table.indexes}
    columns = Expression(view.select.text.rpartition(" FROM ")[0]).names
    return bare(view.name).casefold() not in taken and all(
        table and columns <= {*table.column_names} for table in tables
    )


def _fitted(table: Table, schema: Schema, engine) -> Table:
    table = replace(table, columns=tuple(_columns(table, schema, engine)))
    known = set(conditions(table))
    table = replace(
        table,
        foreign_keys=tuple(
            key for key in table.foreign_keys if not _is_computed(table, key.columns)
        ),
        checks=tuple(
            each for each in table.checks if each.expression in known - _unsure(table, engine)
        ),
        uniques=tuple(_uniques(table, engine)),
        indexes=tuple(i for i in table.indexes if _fits_index(i, table, known, engine)),
    )
    words = tuple(w for w in table.options.words if engine != "sqlite" or takes_words(table, w))
    return replace(table, options=replace(table.options, words=words))


def _unsure(table, engine):
    """Return the conditions that MySQL takes in no check: a key changes their columns."""
    changing = {"CASCADE", "SET NULL"} if engine == "mysql" else set()
    names = {
        name
        for key in table.foreign_keys
        if key.on_update in changing or key.on_delete in changing - {"CASCADE"}
        for name in key.columns
    }
    return {each for each in conditions(table) if each.names & names} if names else set()


def _columns(table, schema, engine):
    """Yield the columns with those attributes that their types and places take."""
    in_keys = keys_of(table, schema)
    primary = table.primary_key.columns if table.primary_key else ()
    plain = replace(table, columns=tuple(c for c in table.columns if not c.computed))
    possible = computed_columns(plain, engine)
    for column in table.columns:
        if column.computed:
            if (column.type, column.computed) in possible and column.name not in primary:
                yield column
            elif column.name in (*primary, *in_keys):
                yield replace(column, computed=None, null=column.name not in primary)
            continue
        free = column.name not in in_keys or engine != "mysql"
        yield replace(
            column,
            default=column.default if column.default in defaults(column.type, engine) else None,
            collation=column.collation
            if is_text(column) and free and column.collation in COLLATIONS[engine]
            else None,
            options=tuple(w for w in column.options if free and _takes(column, w)),
        )


def _takes(column, words):
    """Whether a column of MySQL can have an option."""
    if words == "UNSIGNED":
        return column.type.name in ("INT", "BIGINT") and str(column.default) != "-7"
    return column.type.name == "DATETIME"


def keys_of(table, schema):
    """Return the columns that take part in foreign keys."""
    own = {name for key in table.foreign_keys for name in key.columns}
    return own | {n for _, key in schema.referring(table.name) for n in key.referred_columns}


def _is_computed(table, columns):
    return any(column.computed for column in map(table.column, columns))


def _uniques(table, engine):
    for unique in table.uniques:
        found = [table.find_column(name) for name in unique.columns]
        if all(column and keyable(column, engine) for column in found):
            yield unique


def _fits_index(index, table, known, engine):
    if not index.used <= {*table.column_names, "C"}:
        return False
    plain = {f'"{name}"' for name in table.column_names}
    over = {*map(str, index_parts(table, engine)), *plain}
    return (
        all(keyable(column, engine) for column in map(table.column, index.columns))
        and all(str(part) in over for part in index.parts)
        and (index.where is None or index.where in known)
        and _fits_method(index, table)
    )


def _fits_method(index, table):
    columns = [table.column(name) for name in index.columns]
    if index.using == "fulltext":
        return all(map(is_text, columns)) and len({column.collation for column in columns}) == 1
    return index.using != "gin" or all(map(has_gin, columns))


def _with_own_names(tables):
    """Yield tables without a part whose name another one has already."""
    taken = {(schema_of(t.name), bare(t.name).casefold()) for t in tables}
    for table in tables:
        place = schema_of(table.name)

        def free(name, place=place):
            key = (place, name.casefold()) if name else None
            if key in taken:
                return False
            if key:
                taken.add(key)
            return True

        keys = {key.name for key in table.foreign_keys if key.name}
        yield replace(
            table,
            indexes=tuple(index for index in table.indexes if free(index.name)),
            uniques=tuple(e for e in table.uniques if e.name not in keys and free(e.name)),
            checks=tuple(e for e in table.checks if e.name not in keys and free(e.name)),
        )
