"""Steps that give a table more than plain columns, keys and indexes, each of one kind."""

from dataclasses import replace

from hypothesis import strategies as st
from rich_words import (
    COLLATIONS,
    COMMENTS,
    OWN_TYPES,
    WORDS,
    computed_columns,
    conditions,
    defaults,
    has_gin,
    index_parts,
    is_text,
    keyable,
    own_type,
    takes_words,
)
from strategies import NAMES, plain_types

from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.names import bare, qualified, schema_of, split
from peewee_mig.schema.normal import DEFERRALS
from peewee_mig.schema.objects import Check, Column, Index, Options, Unique
from peewee_mig.schema.standalone import View
from peewee_mig.schema.types import ColumnType


def new_name(draw, taken):
    """Draw a name that each engine can have, and no other object has."""
    used = {name.casefold() for name in taken}
    name = draw(st.sampled_from(NAMES))
    while name.casefold() in used:
        name += "_"
    return name


def _default(draw, table, engine, _taken):
    return _changed(draw, table, default=lambda c: [None, *defaults(c.type, engine)])


def _collation(draw, table, engine, _taken):
    found = [None, *COLLATIONS[engine]]
    return _changed(draw, table, collation=lambda c: found if is_text(c) else [None])


def _comment(draw, table, engine, _taken):
    return _changed(draw, table, comment=lambda _: [None, *COMMENTS[engine]])


def _column_options(draw, table, _engine, _taken):
    options = {
        "INT": [(), ("UNSIGNED",)],
        "BIGINT": [(), ("UNSIGNED",)],
        "DATETIME": [(), ("ON UPDATE CURRENT_TIMESTAMP",)],
    }
    return _changed(draw, table, options=lambda c: options.get(c.type.name, [()]))


def _changed(draw, table, **attributes):
    """Give a column another value of an attribute; those that are computed stay as they are."""
    ((name, values),) = attributes.items()
    column = draw(st.sampled_from(table.columns))
    if column.computed:
        return table
    changed = replace(column, **{name: draw(st.sampled_from(values(column)))})
    return _with_column(table, changed)


def _with_column(table, column):
    if table.find_column(column.name) is None:
        return replace(table, columns=(*table.columns, column))
    columns = (column if each.name == column.name else each for each in table.columns)
    return replace(table, columns=tuple(columns))


def _own_column(draw, table, engine, _taken):
    """Add a column of a type of the engine, or give one that has such a type another."""
    types = list(map(own_type, OWN_TYPES[engine]))
    present = [column for column in table.columns if column.type in types]
    type_ = draw(st.sampled_from(types) | plain_types if present else st.sampled_from(types))
    if engine != "sqlite" and type_.name in ("ANY", "BARE"):
        type_ = ColumnType("TEXT")
    if engine == "mysql" and type_ == ColumnType("VARCHAR"):
        type_ = ColumnType("VARCHAR", (30,))
    if present and draw(st.booleans()):
        return _with_column(table, replace(draw(st.sampled_from(present)), type=type_))
    name = new_name(draw, table.column_names)
    return _with_column(table, Column(name, type_, draw(st.booleans())))


def _computed(draw, table, engine, _taken):
    """Add a generated column, or change one."""
    plain = replace(table, columns=tuple(c for c in table.columns if not c.computed))
    found = computed_columns(plain, engine)
    if not found:
        return table
    type_, computed = draw(st.sampled_from(found))
    present = [column.name for column in table.columns if column.computed]
    if present and draw(st.booleans()):
        name = draw(st.sampled_from(present))
    else:
        name = new_name(draw, table.column_names)
    return _with_column(table, Column(name, type_, null=True, computed=computed))


def _check(draw, table, _engine, taken):
    """Add a check, or change one that has a name."""
    found = conditions(table)
    if not found:
        return table
    condition = draw(st.sampled_from(found))
    named = [each for each in table.checks if each.name]
    if named and draw(st.booleans()):
        old = draw(st.sampled_from(named))
        check = Check(condition, old.name)
        return replace(table, checks=tuple(check if e == old else e for e in table.checks))
    name = new_name(draw, taken) if draw(st.booleans()) else None
    check = Check(condition, name)
    return table if table.find_check(check) else replace(table, checks=(*table.checks, check))


def _unique(draw, table, engine, taken):
    names = [column.name for column in table.columns if keyable(column, engine)]
    if not names:
        return table
    columns = tuple(draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)))
    name = new_name(draw, taken) if draw(st.booleans()) else None
    unique = Unique(columns, name)
    if engine == "postgres":
        deferrable = draw(st.sampled_from([None, None, *DEFERRALS]))
        unique = replace(
            unique, deferrable=deferrable, nulls_distinct=draw(st.sampled_from([True, True, False]))
        )
    others = tuple(each for each in table.uniques if each.columns != columns)
    return replace(table, uniques=(*others, unique))


def _index(draw, table, engine, taken):
    """Add an index with something special, or change one under its name."""
    names = [column.name for column in table.columns if keyable(column, engine)]
    if not names:
        return table
    own = [index for index in table.indexes if not index.plain]
    changes = own and draw(st.booleans())
    name = draw(st.sampled_from(own)).name if changes else new_name(draw, taken)
    chosen = tuple(draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)))
    index = draw(st.sampled_from(SPECIAL[engine]))(draw, table, Index(name, chosen, named=True))
    if index is None:
        return table
    others = tuple(each for each in table.indexes if each.name != name)
    return replace(table, indexes=(*others, index))


def _partial(draw, table, index):
    found = conditions(table)
    unique = draw(st.booleans())
    return replace(index, where=draw(st.sampled_from(found)), unique=unique) if found else None


def _over_parts(engine):
    def over_parts(draw, table, index):
        found = index_parts(table, engine)
        if not found:
            return None
        part = draw(st.sampled_from(found))
        more = [Expression(_quoted(index.columns[0]))] if draw(st.booleans()) else []
        if more and more[0].names & part.names:
            more = []
        return replace(index, columns=(), parts=(part, *more), unique=draw(st.booleans()))

    return over_parts


def _carrying(draw, table, index):
    others = [name for name in table.column_names if name not in index.columns]
    if not others:
        return None
    return replace(index, include=(draw(st.sampled_from(others)),), unique=draw(st.booleans()))


def _nulls_equal(_draw, _table, index):
    return replace(index, unique=True, nulls_distinct=False)


def _filled(draw, _table, index):
    return replace(index, options=(draw(st.sampled_from(["fillfactor=70", "fillfactor=90"])),))


def _hash(_draw, table, index):
    if table.column(index.columns[0]).type.name == "TSVECTOR":  # it cannot be hashed
        return None
    return replace(index, columns=index.columns[:1], using="hash")


def _gin(draw, table, index):
    found = [column.name for column in table.columns if has_gin(column)]
    return replace(index, columns=(draw(st.sampled_from(found)),), using="gin") if found else None


def _fulltext(draw, table, index):
    found = [column.name for column in table.columns if is_text(column) and not column.computed]
    return (
        replace(index, columns=(draw(st.sampled_from(found)),), using="fulltext") if found else None
    )


SPECIAL = {
    "sqlite": [_partial, _over_parts("sqlite")],
    "postgres": [_partial, _over_parts("postgres"), _carrying, _nulls_equal, _filled, _hash, _gin],
    "mysql": [_over_parts("mysql"), _over_parts("mysql"), _over_parts("mysql"), _fulltext],
}


def _options(draw, table, engine, _taken):
    fitting = [w for w in WORDS[engine] if engine != "sqlite" or takes_words(table, w)]
    most = 2 if engine == "sqlite" else 1
    words = draw(st.lists(st.sampled_from(fitting), max_size=most, unique=True)) if fitting else []
    comment = draw(st.sampled_from([None, *COMMENTS[engine]]))
    return replace(table, options=Options(tuple(words), comment))


def _deferrable(draw, table, _engine, _taken):
    deferral = st.sampled_from([None, *DEFERRALS])
    keys = (replace(key, deferrable=draw(deferral)) for key in table.foreign_keys)
    return replace(table, foreign_keys=tuple(keys))


_COMMON = [_default, _default, _collation, _own_column, _computed, _check, _check, _unique, _index,
           _index, _options]  # fmt: skip
STEPS = {
    "sqlite": [*_COMMON, _deferrable],
    "postgres": [*_COMMON, _comment, _deferrable, _own_column],
    "mysql": [*_COMMON, _comment, _column_options],
}


@st.composite
def views(draw, schema, taken):
    """Draw a view over some columns of a table, beside it."""
    if not schema.tables:
        return []
    table = draw(st.sampled_from(schema.tables))
    names = draw(st.lists(st.sampled_from(table.column_names), min_size=1, max_size=3, unique=True))
    columns = ", ".join(map(_quoted, names))
    place = ".".join(map(_quoted, filter(None, split(table.name))))
    name = qualified(schema_of(table.name), new_name(draw, {*taken, bare(table.name)}))
    return [View(name, Expression(f"SELECT {columns} FROM {place}"), needs=(table.name,))]


def _quoted(name):
    return '"' + name.replace('"', '""') + '"'
