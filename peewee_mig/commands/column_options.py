"""``--rename`` within a table: which column of which table an option means."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from peewee_mig.errors import UsageError, nearest, same_command
from peewee_mig.schema.objects import Table

#: The tables that stay: name afterwards -> before, after.
Known = Mapping[str, tuple[Table, Table]]


@dataclass(frozen=True, slots=True)
class ColumnOption:
    """A rename of a column of ``table`` (its new name); ``circles``: names change places."""

    option: str
    table: str
    old: str
    new: str
    circles: bool = False

    def is_done(self, known: Known, origin: str) -> bool:
        """Return whether the rename is in the history already.

        :exc:`UsageError` for names that are nowhere; ``origin``: what is before, in words.
        """
        was, now = known[self.table]
        if now.find_column(self.new) is None:
            raise UsageError(
                f"--rename {self.option}: the model of {now.name} has no column {self.new}",
                hint=self._meant(self.new, now.column_names, left=False),
            )
        if was.find_column(self.old) is None:
            if was.find_column(self.new) is not None:
                return True
            raise UsageError(
                f"--rename {self.option}: {origin} has no column {was.name}.{self.old}",
                hint=self._meant(self.old, was.column_names, left=True),
            )
        is_kept = was.find_column(self.old) == now.find_column(self.old)
        is_kept = is_kept and was.find_column(self.new) == now.find_column(self.new)
        return is_kept and (
            not self.circles or was.column(self.old).type != now.column(self.new).type
        )

    def _meant(self, name: str, known: Sequence[str], *, left: bool) -> str:
        """Say the option with the name of a column that was most likely meant."""
        near = nearest(name, known)
        has = f"it has: {', '.join(known)}"
        if not near:
            return has
        old, _, new = self.option.partition(":")
        side = f"{(old if left else new).removesuffix(name)}{near}"
        better = f"{side}:{new}" if left else f"{old}:{side}"
        way = same_command("--rename", better, in_place_of=["--rename", self.option])
        return f"{way}; {has}"

    def fits(self, known: Known) -> bool:
        """Whether the table had the one column and has the other."""
        was, now = known[self.table]
        return was.find_column(self.old) is not None and now.find_column(self.new) is not None


def options_of(
    renames: Sequence[tuple[str, str]], known: Known, done: Collection[tuple[str, str]]
) -> list[ColumnOption]:
    """Read options, and tell circles from chains: a chain that is done has its last name.

    A circle that was told with a former name of its table is ``done``: with that.
    """
    read = [_read(pair, known) for pair in renames]
    following = {(each.table, each.old): (each.table, each.new) for each in read}
    return [
        ColumnOption(
            each.option,
            each.table,
            each.old,
            each.new,
            pair not in done and _returns((each.table, each.old), following),
        )
        for pair, each in zip(renames, read, strict=True)
    ]


def _read(pair: tuple[str, str], known: Known) -> ColumnOption:
    """Return what an option means: by the new name of a table if that fits, or by its old one."""
    readings = list(_readings(*pair, known))
    if not readings:
        raise UsageError(
            f"--rename {':'.join(pair)}: there is no such table before and after",
            hint="write table.old:table.new for a column, old_table:new_table for a table",
        )
    return next((each for each in readings if each.fits(known)), readings[0])


def _readings(old: str, new: str, known: Known) -> Iterator[ColumnOption]:
    by_new_name = [(name, name) for name in known]
    by_old_name = [(name, was.name) for name, (was, _) in known.items() if was.name != name]
    for name, called in (*by_new_name, *by_old_name):
        was = known[name][0]
        plain = new.removeprefix(f"{name}.").removeprefix(f"{was.name}.")
        if old.startswith(f"{called}.") and (plain != new or "." not in new):
            yield ColumnOption(f"{old}:{new}", name, old.removeprefix(f"{called}."), plain)


def _returns(start: tuple[str, str], following: Mapping[tuple[str, str], tuple[str, str]]) -> bool:
    name: tuple[str, str] | None = start
    for _ in following:
        name = following.get(name) if name else None
        if name == start:
            return True
    return False
