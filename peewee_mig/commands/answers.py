"""Answers to the questions of ``generate`` and ``push``: renames, values for existing rows."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from peewee_mig.commands.ask import Ask
from peewee_mig.commands.column_options import options_of
from peewee_mig.commands.fills import fills_in, given_fills, own_fills
from peewee_mig.commands.moves import Move, with_moves
from peewee_mig.commands.values import with_values
from peewee_mig.commands.virtual import with_virtual_tables
from peewee_mig.diff.differ import Fills
from peewee_mig.diff.passing import TEMPORARY
from peewee_mig.diff.questions import candidates
from peewee_mig.diff.renames import Candidate, Renames, pairs
from peewee_mig.errors import ModelError, QuestionError, UsageError, same_command
from peewee_mig.operations.verbs import Copy, Operation, Rename
from peewee_mig.schema.names import schema_of
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema
from peewee_mig.sources.read import ModelSchema

#: What ``before`` is, where it is not said.
HISTORY = "the last migration"


@dataclass(frozen=True, slots=True)
class Answers:
    """All that can answer a question.

    ``replaced``: the operations of a migration that is written anew; ``before``: what the
    models are compared with, in words.
    """

    renames: Sequence[str] = ()
    no_renames: bool = False
    fills: Mapping[str, str] = field(default_factory=dict[str, str])
    ask: Ask | None = None
    replaced: Sequence[Operation] = ()
    before: str = HISTORY
    usings: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def options(self) -> tuple[str, ...]:
        """The options that give these answers again."""
        renames = (f"--rename {shlex.quote(option)}" for option in self.renames)
        fills = (f"--fill {shlex.quote(f'{name}={text}')}" for name, text in self.fills.items())
        usings = (f"--using {shlex.quote(f'{name}={sql}')}" for name, sql in self.usings.items())
        return (*renames, *(["--no-renames"] if self.no_renames else []), *fills, *usings)


def decide(before: Schema, models: ModelSchema, answers: Answers) -> tuple[Renames, Fills]:
    """Answer the questions between a schema and models, but for values that nobody gave.

    :exc:`QuestionError` with the renames that are open and that nobody can be asked about.
    """
    _refuse_lost_bases(before, models)
    old = renames_in(answers.replaced)
    declared = replace(
        old,
        tables={**old.tables, **{old: new for new, old in models.renamed_tables.items()}},
        columns={**old.columns, **{(t, o): n for (t, n), o in models.renamed_columns.items()}},
    )
    renames = decide_renames(
        before,
        models.schema,
        options=answers.renames,
        declared=declared,
        no_renames=answers.no_renames,
        ask=answers.ask,
        origin=answers.before,
    )
    given = given_fills(models.schema, answers.fills)
    return renames, {**own_fills(models), **fills_in(answers.replaced), **given}


def _refuse_lost_bases(before: Schema, models: ModelSchema) -> None:
    """Refuse to drop the table of a model only because another has come to inherit from it."""
    for table, model in models.bases.items():
        if table in before and table not in models.schema:
            raise ModelError(
                f"{model} has a table, {table}, and would lose it: by its name, and since others"
                " inherit from it, it is taken for an abstract base",
                where=model,
                hint='say in its Meta: peewee_mig = {"abstract": False} to keep the table, or'
                " True to drop it",
            )


def decide_renames(
    before: Schema,
    after: Schema,
    *,
    options: Sequence[str],
    declared: Renames,
    no_renames: bool,
    ask: Ask | None,
    origin: str = HISTORY,
) -> Renames:
    """Answer every question about renames, or raise :exc:`QuestionError` with the open ones."""
    decided = given_renames(before, after, options, declared, origin=origin)
    refused: frozenset[str] = frozenset()
    while not no_renames and (questions := candidates(before, after, decided, refused)):
        first = questions[0]
        if ask is None:
            listed = [f"{each.option} ({each.reason}; score {each.score})" for each in questions]
            together = _at_once(questions)
            renames = [word for each in together for word in ("--rename", each.option)]
            those = "with those that are" if len(together) > 1 else "if it is one"
            raise QuestionError(
                f"this may be a rename, or a loss: {'; '.join(listed)}",
                hint=f"{those}: {same_command(*renames)};"
                f" if none is: {same_command('--no-renames')}",
            )
        if not ask.rename(first):
            refused |= {first.option}
        elif first.kind == "table":
            decided = decided.with_table(first.old, first.new)
        elif first.kind == "value":
            decided = decided.with_value(first.table, first.old, first.new)
        elif first.kind == "move":
            source = decided.old_table(first.source)
            decided = decided.with_move(first.table, first.new, (source, first.old))
        else:
            decided = decided.with_column(first.table, first.old, first.new)
    return decided


def _at_once(questions: Sequence[Candidate]) -> list[Candidate]:
    """Return the likeliest candidates that can all be renames."""
    found: list[Candidate] = []
    for each in questions:
        names = {each.old, each.new} if each.kind == "table" else {each.option}
        if not any(names & {*one.option.split(":"), one.option} for one in found):
            found.append(each)
    return found


def given_renames(
    before: Schema,
    after: Schema,
    options: Sequence[str],
    declared: Renames,
    *,
    origin: str = HISTORY,
) -> Renames:
    """Return the renames that options and models name; tables first, then columns.

    A rename that was generated before is passed over, so that a command can be repeated.
    ``origin``: what ``before`` is, in words.
    """
    named = bool(before.tables or before.objects or origin != HISTORY)
    asked = [_split(option) for option in options if named]
    virtual, asked = with_virtual_tables(before, after, asked, declared)
    values, asked = with_values(before, after, asked, declared)
    decided = replace(virtual, values=values.values)
    for old, new in declared.tables.items():
        if old in before and new in after and new not in before:
            decided = decided.with_table(old, new)
    tables = [pair for pair in asked if _is_table(before, after, *pair, origin)]
    for old, new in tables:
        decided = decided if _is_done(before, after, old, new) else decided.with_table(old, new)
    gone = {old: new for old, new in tables if old not in before and old not in after}
    parts = [pair for pair in asked if pair not in tables]
    columns = [(_now(old, gone), _now(new, gone)) for old, new in parts]
    done = [now for now, (old, _) in zip(columns, parts, strict=True) if _now(old, gone) != old]
    known = {new.name: (old, new) for old, new in pairs(before, after, decided)}
    for (table, old), new in declared.columns.items():
        if table in known and _is_open(*known[table], old, new):
            decided = decided.with_column(table, old, new)
    moves = {pair: Move.of(before, after, decided, *pair) for pair in columns}
    stay = [pair for pair in columns if moves[pair] is None and not _has_moved(before, known, pair)]
    for told in options_of(stay, known, done):
        if not told.is_done(known, origin):
            decided = decided.with_column(told.table, told.old, told.new)
    decided = with_moves(before, after, decided, declared, filter(None, moves.values()), origin)
    places = [(move.table.name, move.new) for move in moves.values() if move]
    _refuse_twice(decided, places)
    return decided


def _now(name: str, gone: Mapping[str, str]) -> str:
    """Return a column by the name that its table has since a rename that is done."""
    table, dot, column = name.rpartition(".")
    return f"{gone.get(table, table)}{dot}{column}"


def _split(option: str) -> tuple[str, str]:
    old, colon, new = option.partition(":")
    if not (colon and old and new) or ":" in new:
        raise UsageError(
            f"--rename {option!r} is not of the form OLD:NEW",
            hint="write table.old:table.new for a column, old_table:new_table for a table",
        )
    return old, new


def _is_table(before: Schema, after: Schema, old: str, new: str, origin: str) -> bool:
    """Whether an option speaks of tables; refuse one that speaks of none that is there."""
    table, _, column = old.rpartition(".")
    if old not in before and new in after and _is_column(before, after, table):
        known = after.find_table(table)
        if known is not None and known.find_column(new) is not None:
            return False
        raise UsageError(
            f"--rename {old}:{new}: {new} is a table, and {column} a column of {table}",
            hint=f"write --rename {old}:{table}.NAME for the column, {table}:{new} for the table,"
            f" {old}:{new}.NAME for a column that moves",
        )
    if new in after and (old in before or new in before):
        return True
    if "." in old and old not in before and new not in after:
        return False
    if old in before:
        lacking, there = f"the models have no table {new}", after
    else:
        lacking, there = f"{origin} has no table {old}", before
    raise UsageError(
        f"--rename {old}:{new}: {lacking}", hint=f"it has: {', '.join(sorted(there.names))}"
    )


def _is_column(before: Schema, after: Schema, table: str) -> bool:
    """Whether what has a name with this one before its dot is a column, no table in a schema."""
    schemas = {schema_of(name) for name in (*before.names, *after.names)}
    return bool(table) and table not in schemas


def _has_moved(
    before: Schema, known: Mapping[str, tuple[Table, Table]], pair: tuple[str, str]
) -> bool:
    """Whether a column moved earlier to a table that is there: that of before is gone."""
    place, _, column = pair[1].rpartition(".")
    if pair[0].rpartition(".")[0] in {*before.names, *known} or place not in known:
        return False
    return all(table.find_column(column) is not None for table in known[place])


def _is_done(before: Schema, after: Schema, old: str, new: str) -> bool:
    """Whether a rename is in the history already, by the tables of both names."""
    if old not in before:
        return True
    was, becomes = before.find_table(old), after.find_table(new)
    same_old = was == after.find_table(old)
    differ = was is not None and becomes is not None and set(was.columns) != set(becomes.columns)
    return differ and same_old and before.find_table(new) == becomes


def _refuse_twice(decided: Renames, moved: Sequence[tuple[str, str]]) -> None:
    """Refuse two objects that become one; ``moved``: where options say that columns moved to."""
    tables = list(decided.tables.values())
    columns = [(table, new) for (table, _), new in decided.columns.items()]
    columns += [place for place in decided.moves if place not in moved] + list(moved)
    twice = [new for new in tables if tables.count(new) > 1]
    twice += [f"{table}.{new}" for table, new in columns if columns.count((table, new)) > 1]
    if twice:
        raise UsageError(f"--rename: two objects become {twice[0]}", hint="leave one of them out")


def _is_open(was: Table, now: Table, old: str, new: str) -> bool:
    gone = was.find_column(old) is not None and was.find_column(new) is None
    return gone and now.find_column(new) is not None


def renames_in(operations: Iterable[Operation]) -> Renames:
    """Return the answers that a migration holds, for ``--amend``."""
    found = Renames()
    for operation in operations:
        if isinstance(operation, Copy):
            source = (operation.source, operation.source_column)
            found = found.with_move(operation.table, operation.column, source)
        if not isinstance(operation, Rename) or TEMPORARY in operation.old + operation.new:
            continue
        if operation.whole:
            found = found.with_table(operation.old, operation.new)
        elif operation.kind == "value":
            found = found.with_value(operation.table, operation.old, operation.new)
        elif operation.kind == "column":
            found = found.with_column(operation.table, operation.old, operation.new)
    return found
