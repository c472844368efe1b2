"""What deleting a row does to the tables that refer to it, however far. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from peewee_mig.schema.objects import ForeignKey, Table
from peewee_mig.schema.schema import Schema

#: What ``on_delete`` can say, as Peewee spells it; the last is what leaving it out means.
ACTIONS = ("CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", None)


@dataclass(frozen=True, slots=True)
class Deletion:
    """What becomes of the rows that refer to a row that is deleted.

    ``deleted``: the tables whose rows go with it, the nearest first; ``emptied`` and
    ``defaulted``: ``table.column`` of those that get NULL or their default; ``refusing``:
    of those whose rows forbid it.
    """

    deleted: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    defaulted: tuple[str, ...] = ()
    refusing: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Say it."""
        return "; ".join(self._parts()) or "nothing refers to it"

    def _parts(self) -> Iterator[str]:
        if self.deleted:
            yield f"deletes the rows of {_listed(self.deleted)} that refer to it"
        if self.emptied:
            yield f"sets {_listed(self.emptied)} to NULL"
        if self.defaulted:
            yield f"sets {_listed(self.defaulted)} to the default"
        if self.refusing:
            verb = "refer" if len(self.refusing) > 1 else "refers"
            yield f"is refused while {_listed(self.refusing)} {verb} to a row that would go"


def deletion(schema: Schema, table: str) -> Deletion:
    """Follow all foreign keys from a row of a table that is deleted."""
    gone, waiting = [table], [table]
    found: dict[str | None, list[str]] = {action: [] for action in ACTIONS}
    while waiting:
        for child, key in schema.referring(waiting.pop(0)):
            found[key.on_delete] += [f"{child.name}.{column}" for column in key.columns]
            if key.on_delete == "CASCADE" and child.name not in gone:
                gone.append(child.name)
                waiting.append(child.name)
    cascaded = {place.rpartition(".")[0] for place in found["CASCADE"]}
    return Deletion(
        (*gone[1:], *([table] if table in cascaded else [])),
        tuple(found["SET NULL"]),
        tuple(found["SET DEFAULT"]),
        (*found["RESTRICT"], *found[None]),
    )


def with_action(schema: Schema, table: Table, key: ForeignKey, action: str | None) -> Schema:
    """Return the schema with another action for one of its keys."""
    keys = (replace(e, on_delete=action) if e == key else e for e in table.foreign_keys)
    return schema.with_table(replace(table, foreign_keys=tuple(keys)))


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
