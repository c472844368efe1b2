"""The command that was given, once more: what the way out of an error asks to repeat.

Errors come from layers that know no command line. They say "the same command again", "the same
command with `--x y`" (``in place of `z```), "the same command without `--x y`"; see
:func:`peewee_mig.errors.same_command`. Here that becomes a line to paste.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence

from peewee_mig.commands.config import redact

_PHRASE = re.compile(
    r"the same command (?:again"
    r"|with `(?P<with>[^`]*)`(?: in place of `(?P<instead>[^`]*)`)?"
    r"|without `(?P<without>[^`]*)`)"
)

#: Options that are given as often as there are values; others are replaced.
_REPEATABLE = (
    *("--allow-data-loss", "--fill", "--models", "--rename", "--table", "--tenant", "--using"),
)
#: Options of which a value is part, where only they are named.
_VALUED = ("--config", "--directory", "--env", "--output", "--tenants")


def spelled(text: str, args: Sequence[str]) -> str:
    """Put the command in place of what a text says about it; ``args``: as they were given."""
    return _PHRASE.sub(lambda found: _line(_changed(found, list(args))), text) if args else text


def line_of(args: Iterable[str]) -> str:
    """Spell a command; a password is not repeated."""
    return _line(args)


def _line(args: Iterable[str]) -> str:
    return shlex.join(["peewee-mig", *map(_shown, args)])


def _shown(word: str) -> str:
    """Hide a password, but not the word that stands for one."""
    return word if ":PASSWORD@" in word else redact(word)


def _changed(found: re.Match[str], args: list[str]) -> list[str]:
    if found["instead"] is not None:
        return _replaced(args, shlex.split(found["instead"]), shlex.split(found["with"]))
    if found["without"] is not None:
        return _without(args, shlex.split(found["without"]))
    return _added(args, shlex.split(found["with"] or ""))


def _without(args: list[str], words: list[str]) -> list[str]:
    """Leave words out; an option that has a value goes with it."""
    if len(words) == 1 and words[0] in _VALUED and words[0] in args:
        words.append(args[args.index(words[0]) + 1])
    return _replaced(args, words, [])


def _replaced(args: list[str], old: list[str], new: list[str]) -> list[str]:
    """Put words in the place of others, wherever these stand, as ``--x y`` or ``--x=y``."""
    for place in range(len(args)):
        if args[place : place + len(old)] == old:
            return [*args[:place], *new, *args[place + len(old) :]]
    spellings = {"=".join(old): ["=".join(new)] if len(new) > 1 else new}
    if len(old) == 1:
        for each in args:
            option, equals, value = each.partition("=")
            if option.startswith("--") and equals and value == old[0]:
                spellings[each] = [f"{option}={new[0]}"] if new else []
    changed = [word for each in args for word in spellings.get(each, [each])]
    return changed if changed != args else _added(args, new)


def _added(args: list[str], new: list[str]) -> list[str]:
    """Give an option, in the place of another value of it; targets stay behind ``--``."""
    if new and new[0] in args and new[0] not in _REPEATABLE and len(new) > 1:
        place = args.index(new[0])
        return [*args[:place], *new, *args[place + 2 :]]
    end = args.index("--") if "--" in args else len(args)
    kept = [each for each in args[:end] if not _is_value_of(each, new)]
    return [*kept, *new, *args[end:]]


def _is_value_of(word: str, new: list[str]) -> bool:
    """Whether a word is ``--x=y`` of an option that gets another value."""
    return bool(new) and new[0] not in _REPEATABLE and word.startswith(f"{new[0]}=")
