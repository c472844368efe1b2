"""Which seeds run here, and in which order. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from peewee_mig.errors import RefusedError, UsageError, nearest, same_command
from peewee_mig.seeds import Unit

#: The tag that allows a seed in every environment that is marked production.
PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for; nothing: all.

    ``names`` and ``tags`` bring along what has to run before; ``only`` does not. ``track``: each
    runs once, as if it were tracked; ``again``: also those that the database has had.
    """

    names: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    track: bool = False
    again: bool = False

    @property
    def command(self) -> str:
        """The command that asks for it."""
        options = [word for name in self.only for word in ("--only", name)]
        options += [word for tag in self.tags for word in ("--tag", tag)]
        options += ["--track"] if self.track else []
        options += ["--again"] if self.again else []
        return shlex.join(["peewee-mig", "seed", *self.names, *options])


@dataclass(frozen=True, slots=True)
class Place:
    """The environment: its name, whether it is marked production, and which others there are."""

    env: str = ""
    production: bool = False
    environments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """``run``: in this order; ``elsewhere``: not of this place."""

    run: tuple[Unit, ...]
    elsewhere: tuple[Unit, ...] = ()


def arrange(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Put units in order: as declared, but each after those that it names.

    :exc:`UsageError` for a name that two have, one that is unknown, and a circle.
    """
    names = [unit.name for unit in units]
    for unit in units:
        if names.count(unit.name) > 1:
            raise UsageError(f"two seeds are called {unit.name!r}", hint="rename one of them")
        for name in unit.after:
            _known(name, names, f"the seed {unit.name!r} is to run after {name!r}, which is none")
    waiting, done = list(units), dict[str, Unit]()
    while waiting:
        ready = next((unit for unit in waiting if done.keys() >= set(unit.after)), None)
        if ready is None:
            circle = ", ".join(unit.name for unit in waiting)
            raise UsageError(
                f"these seeds wait for each other: {circle}", hint="leave out one `after`"
            )
        waiting.remove(ready)
        done[ready.name] = ready
    return tuple(done.values())


def choose(units: Sequence[Unit], wanted: Wanted, place: Place) -> Choice:
    """Choose among arranged units.

    :exc:`UsageError` for a name or tag that is unknown; :exc:`RefusedError` for a unit named that
    runs elsewhere only.
    """
    named = (*wanted.names, *wanted.only)
    for name in named:
        _known(name, [unit.name for unit in units], f"there is no seed {name!r}", name)
    tags = {tag for unit in units for tag in unit.tags}
    for tag in wanted.tags:
        _known(tag, tags, f"no seed has the tag {tag!r}", tag)
    by_name = {unit.name: unit for unit in units}
    tagged = (unit.name for unit in units if not {*wanted.tags}.isdisjoint(unit.tags))
    asked = {*named, *tagged}
    if not (named or wanted.tags):
        asked = set(by_name)
    chosen = {*wanted.only, *_with_earlier(asked - set(wanted.only), by_name)}
    here = [unit for unit in units if unit.name in chosen and is_for(unit, place)]
    elsewhere = [unit for unit in units if unit.name in chosen and not is_for(unit, place)]
    for unit in elsewhere:
        if unit.name in named:
            raise _of_elsewhere(unit, place)
    return Choice(tuple(here), tuple(elsewhere))


def is_for(unit: Unit, place: Place) -> bool:
    """Whether a unit runs in an environment: it has the tag of none, or of this one."""
    limits = _limits(unit, place)
    return not limits or place.env in limits


def refuse_production(choice: Choice, place: Place) -> None:
    """Refuse an environment that is marked production, unless all that runs is meant for it."""
    unmeant = [unit.name for unit in choice.run if not _is_meant(unit, place)]
    if not place.production or not unmeant:
        return
    others = [unit for unit in choice.run if _is_meant(unit, place)]
    ready = {unit.name for unit in others}
    named = [unit.name for unit in others if ready >= set(unit.after)]
    way = f"those that are: peewee-mig seed {' '.join(named)}; or " if named else ""
    raise RefusedError(
        "this environment is marked production, and these seeds are not tagged for it:"
        f" {', '.join(unmeant)}",
        committed="nothing was changed",
        hint=f'{way}add tags=["{PRODUCTION}"] to those that are right there',
    )


def _is_meant(unit: Unit, place: Place) -> bool:
    return PRODUCTION in unit.tags or bool(place.env and place.env in unit.tags)


def _limits(unit: Unit, place: Place) -> set[str]:
    """Return the environments that a unit is limited to; ``production`` allows, and limits not."""
    return {*unit.tags} & {*place.environments} - {PRODUCTION}


def _of_elsewhere(unit: Unit, place: Place) -> RefusedError:
    limits = sorted(_limits(unit, place))
    here = f"the environment {place.env}" if place.env else "no environment"
    return RefusedError(
        f"the seed {unit.name!r} runs only in {' and '.join(limits)}, and this is {here}",
        committed="nothing was changed",
        hint=same_command("--env", limits[0], in_place_of=["--env", place.env])
        if place.env
        else same_command("--env", limits[0]),
    )


def _with_earlier(names: Collection[str], by_name: Mapping[str, Unit]) -> Iterator[str]:
    """Yield units and all that has to run before them."""
    waiting, seen = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += by_name[name].after
            yield name


def _known(word: str, known: Collection[str], what: str, given: str = "") -> None:
    """Refuse a word that is unknown; ``given``: as it stands on the command line, if it does."""
    if word in known:
        return
    near = nearest(word, known)
    if near and given:
        hint = same_command(near, in_place_of=[given])
    elif near:
        hint = f"did you mean {near!r}? correct it, then: {same_command()}"
    else:
        hint = f"there are {', '.join(sorted(known)) or 'none'}"
    raise UsageError(what, hint=hint)
