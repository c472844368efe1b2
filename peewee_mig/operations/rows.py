"""What operations make of reference rows, and what they refer to. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from peewee_mig.errors import SchemaError
from peewee_mig.operations.verbs import ChangeRows, Rename
from peewee_mig.schema.objects import Table
from peewee_mig.schema.rows import Ref, Row, Rows
from peewee_mig.schema.schema import Schema


def changed(rows: Rows | None, operation: ChangeRows) -> Rows | None:
    """Return the reference rows of a table after a change of them; ``None``: there are none.

    :exc:`SchemaError` for a row that is not there as the operation says, or is there already.
    """
    if operation.former:
        return _with_key(rows, operation)
    if rows is not None and rows.key != operation.key:
        raise SchemaError(
            f"the key of the reference rows of {operation.table} is ({', '.join(rows.key)}),"
            f" not ({', '.join(operation.key)})"
        )
    left = dict(rows.by_key) if rows else {}
    before = [_taken(left, old, operation) for old in operation.old]
    pairs = zip(before, operation.old, operation.new, strict=True) if operation.pairs else ()
    made = [_updated(*each) for each in pairs] if operation.pairs else operation.new
    for row in made:
        key = row.part(operation.key)
        if key in left:
            raise SchemaError(f"{operation.table} has a reference row ({key}) already")
        left[key] = row
    return Rows(operation.key, tuple(left.values())) if left else None


def _with_key(rows: Rows | None, operation: ChangeRows) -> Rows:
    if rows is None or rows.key != operation.former:
        was = f"({', '.join(operation.former)})"
        raise SchemaError(f"the reference rows of {operation.table} do not have the key {was}")
    return Rows(operation.key, rows.rows)


def _taken(left: dict[Row, Row], old: Row, operation: ChangeRows) -> Row:
    found = left.pop(old.part(operation.key), None)
    if found is None:
        key = old.part(operation.key)
        raise SchemaError(f"the schema has no reference row ({key}) of {operation.table}")
    if old != (found.part(old.columns) if operation.pairs else found):
        raise SchemaError(f"the schema has the reference row ({found}), not ({old})")
    return found


def _updated(before: Row, old: Row, new: Row) -> Row:
    return Row((*before.but({*old.columns, *new.columns}).values, *new.values))


def ensure_sound(table: Table, schema: Schema) -> None:
    """Refuse reference rows in columns that are not there, or that refer to no other one."""
    if table.rows is None:
        return
    for name in sorted(table.rows.columns):
        if table.column(name).computed is not None:
            raise SchemaError(f"{table.name}.{name} is generated: no row can give it a value")
    known = dict[str, dict[Row, Row]]()
    for row in table.rows.rows:
        for ref in row.refs:
            if ref.table not in known:
                rows = schema.table(ref.table).rows
                known[ref.table] = rows.by_key if rows else {}
            schema.table(ref.table).column(ref.column)
            if ref.key not in known[ref.table]:
                raise SchemaError(
                    f"a reference row of {table.name} refers to the row ({ref.key}) of"
                    f" {ref.table}, which is no reference row"
                )


def readers_of(name: str, schema: Schema) -> Iterator[Table]:
    """Yield the other tables whose reference rows refer to those of a table."""
    for table in schema:
        rows = table.rows.rows if table.rows and table.name != name else ()
        if any(ref.table == name for row in rows for ref in row.refs):
            yield table


def following(tables: Iterable[Table], operation: Rename) -> tuple[Table, ...]:
    """Return tables whose rows refer to others by the names after a rename."""
    change = _renaming(operation)
    return tuple(
        replace(table, rows=table.rows.referring(change)) if table.rows else table
        for table in tables
    )


def with_value(table: Table, operation: Rename) -> Table:
    """Return a table whose rows follow the name of a value of an enum type."""
    typed = {each.name for each in table.columns if each.type.name == operation.table}
    if table.rows is None or not typed & table.rows.columns:
        return table
    rows = tuple(
        Row(
            tuple(
                (n, operation.new if n in typed and v == operation.old else v) for n, v in e.values
            )
        )
        for e in table.rows.rows
    )
    return replace(table, rows=Rows(table.rows.key, rows))


def _renaming(operation: Rename) -> Callable[[Ref], Ref]:
    old, new = operation.old, operation.new

    def table(ref: Ref) -> Ref:
        return replace(ref, table=new) if ref.table == old else ref

    def column(ref: Ref) -> Ref:
        if ref.table != operation.table:
            return ref
        return Ref(ref.table, new if ref.column == old else ref.column, ref.key.renamed({old: new}))

    return table if operation.whole else column


def dependents_last(rows: Iterable[Row], table: str, key: tuple[str, ...]) -> tuple[Row, ...]:
    """Sort rows so that one follows those of its own table that it refers to.

    :exc:`SchemaError` for rows that refer to each other in a circle.
    """
    waiting = {row.part(key): row for row in rows}
    order: list[Row] = []
    while waiting:
        free = [k for k, row in waiting.items() if not _own(row, table) & waiting.keys()]
        if not free:
            circle = "; ".join(str(each) for each in waiting)
            raise SchemaError(
                f"reference rows of {table} refer to each other in a circle: {circle}",
                hint="leave the column of one of them out, and set it by op.run_sql",
            )
        order += (waiting.pop(each) for each in free)
    return tuple(order)


def _own(row: Row, table: str) -> set[Row]:
    return {ref.key for ref in row.refs if ref.table == table}
