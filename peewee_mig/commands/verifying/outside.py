"""What somebody else does to a database, done in a scratch one: there is nobody else there.

An operation that only the tracked schema sees says that a table is there, or is nobody's business
any more. So that the migrations around it can run, the table is made where it is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from peewee_mig.dialects.base import Inspection
from peewee_mig.operations.verbs import Add, Apart, Drop, Operation
from peewee_mig.plan.planner import plan
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.execution import Execution
from peewee_mig.runner.tasks import Work
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema


@dataclass(frozen=True)
class Outside:
    """Makes and drops tables beside the migrations of one scratch database.

    ``read``: reads the catalog; ``made``: the tables that are there by this.
    """

    connection: Connection
    read: Callable[[], Inspection]
    made: set[str]

    def before(self, operations: Iterable[Operation]) -> None:
        """Make the tables that operations say are there."""
        said = [each for each in _on_paper(operations) if isinstance(each, Add)]
        there = self._there() if said else frozenset[str]()
        missing = [each for each in said if self._stored(each.table) not in there]
        self._run(missing, Schema())
        self.made.update(each.table for each in missing)

    def after(self, operations: Iterable[Operation], *, undone: bool) -> None:
        """Drop the tables that operations say are nobody's business.

        ``undone``: they are the inverse of some that said that a table is there; then it was
        made here, or is left as it was.
        """
        said = [each for each in _on_paper(operations) if isinstance(each, Drop)]
        there = self._there() if said else frozenset[str]()
        gone = [
            each
            for each in said
            if self._stored(each.table) in there and (not undone or each.table in self.made)
        ]
        tables = (each.object for each in gone if isinstance(each.object, Table))
        self._run(gone, Schema.of(tables))
        self.made.difference_update(each.table for each in gone)

    def _there(self) -> frozenset[str]:
        return self.read().schema.names

    def _stored(self, name: str) -> str:
        return self.connection.dialect.stored_name(name)

    def _run(self, operations: Sequence[Operation], schema: Schema) -> None:
        if not operations:
            return
        session, dialect = self.connection.session, self.connection.dialect
        planned = plan(operations, schema, dialect, session.capabilities())
        work = Work(
            title="what others make",
            command="check --verify",
            operations=tuple(operations),
            plan=planned,
        )
        execution = Execution(session, dialect)
        execution.together(lambda: execution.run(work), structural=True)


def _on_paper(operations: Iterable[Operation]) -> Iterator[Add | Drop]:
    """Yield the operations on whole tables that nothing but the tracked schema sees."""
    for operation in operations:
        if isinstance(operation, Apart) and not operation.database:
            for each in operation.schema:
                if isinstance(each, Add | Drop) and isinstance(each.object, Table):
                    yield each
