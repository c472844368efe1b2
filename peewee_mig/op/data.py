"""What a function of a migration file is given, as types for those who check theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol


class Models(Protocol):
    """The models of the tables as they are at this point of the history.

    ``models.Person`` by the name of the class, as ``peewee-mig pull`` would choose it;
    ``models["person"]`` by the name of the table. Fields, relations and back-references too are
    called as in pulled models. They are Peewee's, bound to the database of this run.
    """

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (a class of Peewee's)
        """Return the model of that name; :exc:`AttributeError` if there is none."""

    def __getitem__(self, table: str) -> Any:  # noqa: ANN401 (as above)
        """Return the model of a table (``schema.table``); :exc:`KeyError` if there is none."""

    def batches(self, query: Any, size: int = 1000) -> Iterator[list[Any]]:  # noqa: ANN401 (Peewee's)
        """Yield the rows of a model or a query in lists, in the order of the primary key.

        With ``atomic = False`` in the file each one is committed when the next is asked for,
        and a run that was interrupted goes on behind the last that was.
        """

    def update_in_batches(
        self,
        model: Any,  # noqa: ANN401 (Peewee's)
        values: Mapping[Any, Any],
        where: Any = None,  # noqa: ANN401 (Peewee's)
        size: int = 1000,
    ) -> int:
        """Update the rows of a model, a batch at a time as above; return how many there were.

        ``values``: by field, or by its name; ``where``: an expression of Peewee's.
        """
