"""Errors about what other objects need. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from peewee_mig.commands.explaining.case import Advice, Case
from peewee_mig.schema.objects import Table
from peewee_mig.schema.standalone import View

_VIEW = re.compile(r"(?:rule \S+ on )?(?P<kind>materialized view|view) (?P<name>\S+)")
_KEY = re.compile(r"constraint (?P<name>\S+) on table (?P<table>\S+)")


def _depends(case: Case) -> Advice:
    """Say what to do about each thing that depends on what goes."""
    found = [_about(each, case) for each in case.said.dependents]
    drops = [drop for _, drop in found if drop]
    possible = (
        *(words for words, _ in found),
        *(() if found else ("drop or change first what the database names behind this error",)),
        "DROP ... CASCADE drops them too, and tells nobody: look at each first",
    )
    return Advice(possible, f"{drops[0]}; then: peewee-mig migrate" if drops else "peewee-mig diff")


def _about(dependent: str, case: Case) -> tuple[str, str]:
    """Return what to do about a thing, and the statement that drops it, if that is the way."""
    if view := _VIEW.fullmatch(dependent):
        if _is_declared(view["name"], case):
            return f"{dependent} is declared: change it in the models as well, and generate", ""
        name = case.knowledge.dialect.text_sql(view["name"])
        keep = f"SELECT pg_get_viewdef({name}::regclass)"
        drop = f"DROP {view['kind'].upper()} {view['name']}"
        words = f"keep the text of {dependent} ({keep}), drop it ({drop}), migrate, create it anew"
        return f"{words}; or {_DECLARE}", f"{keep}; then: {drop}"
    if key := _KEY.fullmatch(dependent):
        table = case.knowledge.table(key["table"])
        if table is not None:
            return f"drop the field that has {dependent} too{_lines(table, case)}, and generate", ""
        name = case.knowledge.dialect.text_sql(key["name"].strip('"'))
        keep = f"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = {name}"
        drop = f"ALTER TABLE {key['table']} DROP CONSTRAINT {key['name']}"
        words = f"keep the text of {dependent} ({keep}), and drop it if nobody needs it ({drop})"
        return words, f"{keep}; then: {drop}"
    return f"drop or change {dependent} first", ""


def _lines(table: Table, case: Case) -> str:
    """Say where the fields are that refer to the table that is to be dropped."""
    goes = case.knowledge.table(case.said.name("table") or case.said.name("name"))
    keys = [key for key in table.foreign_keys if goes and key.referred_table == goes.name]
    places = [case.knowledge.places(table.name, key.columns) for key in keys]
    found = ", ".join(place for each in places for place in each)
    return f" ({found})" if found else ""


_DECLARE = "declare it (peewee_mig.declare.View), and migrations do that"


def _is_declared(view: str, case: Case) -> bool:
    objects = (each for schema in case.knowledge.meant for each in schema.objects)
    return any(isinstance(each, View) and each.name == view for each in objects)


def _view_type(case: Case) -> Advice:
    """Say how a view goes out of the way of a change of type."""
    view = case.said.name("view")
    if not view:
        return Advice((f"drop the view, migrate, and create it anew; or {_DECLARE}",))
    words, drop = _about(f"view {view}", case)
    return Advice((words,), f"{drop}; then: peewee-mig migrate" if drop else "peewee-mig generate")


ADVICE: Mapping[str, Callable[[Case], Advice]] = {"depends": _depends, "view_type": _view_type}
