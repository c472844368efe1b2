"""The settings ``include`` and ``exclude``: patterns of names, or functions of the user's."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from peewee_mig.errors import ModelError
from peewee_mig.schema.filtering import Filter, Kind, Rule


@cache
def read_filter(include: tuple[Rule, ...], exclude: tuple[Rule, ...], root: Path) -> Filter:
    """Return what the settings leave out; a text with a colon names a function.

    :exc:`MigError` for a function that cannot be imported. It is called with ``table`` or
    ``view``, and the name; it returns whether the rule applies.
    """
    return Filter(
        tuple(_rule(word, "include", root) for word in include),
        tuple(_rule(word, "exclude", root) for word in exclude),
    )


def _rule(rule: Rule, setting: str, root: Path) -> Rule:
    """Return a rule; a function that a program gives is its own business."""
    if isinstance(rule, str) and ":" in rule:
        return _function(rule, setting, root)
    return rule


def _function(word: str, setting: str, root: Path) -> Rule:
    """Return what asks a function of the project, once for each name."""
    from peewee_mig.sources.importing import call, import_module, importing

    module, _, attribute = word.partition(":")
    with importing(root):
        function = getattr(import_module(module, root, named_by=setting), attribute, None)
    if not callable(function):
        raise ModelError(
            f"{module} has no function {attribute!r}",
            where=f"{setting} in the configuration",
            hint=f"define it: def {attribute or 'is_meant'}(kind, name): return …",
        )

    @cache
    def asked(kind: Kind, name: str) -> bool:
        with importing(root):
            answer = call(lambda: function(kind, name), word, root)
        if isinstance(answer, bool):
            return answer
        raise ModelError(
            f"{word} returned {answer!r} for {kind} {name}",
            where=f"{setting} in the configuration",
            hint="return True or False",
        )

    return asked
