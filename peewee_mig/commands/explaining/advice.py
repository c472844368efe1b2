"""What can be done about each kind of error, with the names and lines of the project. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from peewee_mig.commands.explaining.case import Advice, Case
from peewee_mig.commands.explaining.dependents import ADVICE as DEPENDENTS
from peewee_mig.commands.explaining.foreign_keys import ADVICE as FOREIGN_KEYS
from peewee_mig.commands.explaining.objects import ADVICE as OBJECTS
from peewee_mig.commands.explaining.rows import ADVICE as ROWS

_ADVICE: Mapping[str, Callable[[Case], Advice]] = {**FOREIGN_KEYS, **ROWS, **OBJECTS, **DEPENDENTS}


def advise(case: Case) -> Advice:
    """Return what is possible, and the next command."""
    special = _ADVICE.get(case.said.kind)
    if special is None:
        return case.general()
    found = special(case)
    return found if found.next else replace(found, next=case.general().next)
