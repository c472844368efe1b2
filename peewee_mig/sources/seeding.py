"""The user's seeds: their modules are imported, and their functions called on a connection."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from peewee_mig.sources.counts import Counts, counted
from peewee_mig.sources.database import load_database
from peewee_mig.sources.discover import find_models, import_tree
from peewee_mig.sources.importing import calling, importing, users_line
from peewee_mig.sources.lending import (
    after_commit,
    database_on,
    everything_on,
    inside_transaction,
    lent,
)
from peewee_mig.sources.paths import is_dotted_path

__all__ = ["Seeder", "import_own", "seeder", "users_line"]


def import_own(
    names: Sequence[str], models: Sequence[str], root: Path, *, named_by: str
) -> list[ModuleType]:
    """Import modules of the user's with all that is below them, and the models beside them.

    ``named_by``: the setting that names them.
    """
    if models:
        find_models(models, root=root)
    with importing(root):
        found = [each for name in names for each in import_tree(name, root, named_by=named_by)]
    return [sys.modules[name] for name in dict.fromkeys(found)]


@dataclass(frozen=True)
class Seeder:
    """A Peewee database on a connection of ours, with every model bound to it.

    ``root``: where modules of seeds begin.
    """

    database: Any
    root: Path

    def run(
        self,
        function: Callable[..., object],
        transaction: AbstractContextManager[None],
        *,
        takes_database: bool,
    ) -> Counts:
        """Call a function in a transaction; return what its upserts did."""
        arguments = (self.database,) if takes_database else ()
        with counted() as counts:
            with transaction, inside_transaction(self.database), calling(self.root):
                function(*arguments)
            with calling(self.root):
                after_commit(self.database)
        return sum(counts, Counts())


@contextmanager
def seeder(
    spec: str, engine: str, connection: object, *, root: Path, at: Path, mariadb: bool
) -> Iterator[Seeder]:
    """Give Peewee the connection to the database that ``spec`` names.

    ``root``: where modules of seeds begin, ``at``: those of a dotted path; ``mariadb``: whose
    server of ``mysql`` it is. A database that the
    user has made keeps its class and what it knows.
    """
    with ExitStack() as stack:
        if is_dotted_path(spec):
            own = load_database(spec, root=at).database
            database = stack.enter_context(lent(own, connection))
        else:
            database = database_on(engine, connection, mariadb=mariadb)
        stack.enter_context(everything_on(database))
        yield Seeder(database, root)
