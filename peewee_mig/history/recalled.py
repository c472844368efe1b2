"""Migrations whose files are gone, recalled from the rows of a database. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from peewee_mig.errors import RefusedError, SchemaError
from peewee_mig.history import chain
from peewee_mig.history.folder import History
from peewee_mig.history.module import Migration
from peewee_mig.history.restoring import bring_back
from peewee_mig.history.snapshots import State
from peewee_mig.history.squash_rows import parts_here
from peewee_mig.history.table import Row
from peewee_mig.operations.replay import replay


def recalled(history: History, rows: Sequence[Row]) -> History:
    """Return a history that also has the migrations that only rows tell of, after the files.

    ``rows``: those of the history table, in the order in which they were written.
    :exc:`RefusedError` if a file's migration was applied after one of them, or if their
    operations do not lead to the schema that was recorded.
    """
    unknown = tuple(_unknown(history, rows))
    parents = _last_applied(history, rows)
    states: dict[str, State] = {}
    migrations = list(history.migrations)
    state = history.state_of(parents)
    for row in unknown:
        state = states[row.name] = _state_after(row, state, history)
        migrations.append(_migration(row, parents, history))
        parents = (row.name,)
    return replace(history, migrations=tuple(migrations), _states=states)


def _last_applied(history: History, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the newest files whose migrations are applied: of each branch one."""
    there = {row.name for row in rows}
    applied = [each.name for each in history.migrations if there & {each.name, *each.was}]
    return chain.heads({name: history.parents[name] for name in applied})


def _unknown(history: History, rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows without a file; refuse one that a row with a file follows.

    Not that of a squash whose parts have files: these are what is applied here.
    """
    known = {*history.names, *(old for each in history.migrations for old in each.was)}
    before: Row | None = None
    for row in rows:
        if row.is_push or parts_here(row, history.modules):
            continue
        if row.name not in known:
            _refuse_begun(row, history)
            before = row
            yield row
        elif before is not None:
            path = history.module_path(before.name)
            raise RefusedError(
                f"{row.name} was applied after {before.name}, whose file is gone",
                where=row.name,
                hint=f"{bring_back(path)}; or check out the branch that has both, then:"
                " peewee-mig rollback",
            )


def _refuse_begun(row: Row, history: History) -> None:
    """Refuse what is half there: only its file can finish it."""
    if row.is_unfinished and row.direction == "forward":
        raise RefusedError(
            f"{row.name} was begun here and not finished, and its file is gone",
            where=row.name,
            hint=f"{bring_back(history.module_path(row.name))}, then: peewee-mig migrate; or, if it"
            " is lost, see what the database has: peewee-mig repair",
        )


def _migration(row: Row, parents: tuple[str, ...], history: History) -> Migration:
    found = Migration(row.name, history.module_path(row.name), row.read_operations(), parents)
    # Not of bytes that are gone: of what was recorded.
    found.__dict__.update(sha256=row.sha256, checksum=row.checksum)
    return found


def _state_after(row: Row, before: State, history: History) -> State:
    """Return the state that a row's operations make, proved by the hash that was recorded."""
    try:
        state = State.of(replay(row.read_operations(), before.schema))
    except SchemaError as error:
        raise _elsewhere(row, history, error.message) from error
    if state.hash != row.schema_hash:
        raise _elsewhere(row, history, "they lead to another schema than it recorded")
    return state


def _elsewhere(row: Row, history: History, why: str) -> RefusedError:
    return RefusedError(
        f"the recorded operations of {row.name} do not follow these files: {why}",
        where=row.name,
        hint=f"{bring_back(history.module_path(row.name))}; or check out the branch that has it;"
        " or see what the database has: peewee-mig repair",
    )
