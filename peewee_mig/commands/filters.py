"""The settings ``include`` and ``exclude``: patterns of names, or functions of the user's."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from peewee_mig.errors import ModelError
from peewee_mig.schema.filtering import Filter, Kind, Rule


@cache
def read_filter(include: tuple[str, ...], exclude: tuple[str, ...], root: Path) -> Filter:
    """Return what the settings leave out; a word with a colon names a function.

    :exc:`MigError` for a function that cannot be imported. It is called with ``table`` or
    ``view``, and the name; it returns whether the rule applies.
    """
    return Filter(
        tuple(_rule(word, "include", root) for word in include),
        tuple(_rule(word, "exclude", root) for word in exclude),
    )


def _rule(word: str, setting: str, root: Path) -> Rule:
    return _function(word, setting, root) if ":" in word else word


def _function(word: str, setting: str, root: Path) -> Callable[[Kind, str], bool]:
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
