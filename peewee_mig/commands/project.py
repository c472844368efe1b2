"""The project that a command works on, with every setting resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from peewee_mig.commands.config import Options, Settings, load_settings
from peewee_mig.commands.style import Style
from peewee_mig.errors import UsageError, same_command
from peewee_mig.history.files import ON_DISK, Files, InPackage
from peewee_mig.sources.paths import is_package_folder

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from peewee_mig.sources.database import LoadedDatabase

if TYPE_CHECKING:
    from peewee_mig.schema.filtering import Filter, Rule


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with models, a migrations folder and a database.

    ``files``: what reads the migrations: they may be in a package that is an archive;
    ``database``: a URL, a file or a dotted path; relative files begin at
    ``database_root``. ``engines`` empty: those of the databases that are configured.
    ``lock_timeout``: seconds to wait for locks on tables; ``statement_timeout``: seconds
    that a statement may take, 0 for no limit. ``role``: the one that a server runs statements
    as, empty for the user that connects. ``seeds``, ``hooks``: modules that declare them.
    ``include``, ``exclude``: what is managed, as :attr:`without` reads them.
    ``style``: how files are written.

    ``tenants``: what names the many databases of one history, else empty; ``tenants_root``: where
    files in it begin; ``tenant_url``: the address of one, with ``{tenant}`` in it; ``wanted``:
    which of them, empty for all; ``tenant``: the one that ``database`` is, else empty.
    """

    root: Path
    directory: Path
    models: tuple[str, ...] = ()
    database: str = field(default="", repr=False)  # may hold a password
    database_root: Path = Path()
    env: str = ""
    production: bool = False
    development: bool = False
    engines: tuple[str, ...] = ()
    unsupported: str = "refuse"
    history_table: str = "peewee_mig_history"
    role: str = ""
    seeds: tuple[str, ...] = ()
    hooks: tuple[str, ...] = ()
    include: tuple[Rule, ...] = ()
    exclude: tuple[Rule, ...] = ()
    style: Style = field(default_factory=Style)
    lock_timeout: float = 60.0
    statement_timeout: float = 0.0
    tenants: str = field(default="", repr=False)
    tenants_root: Path = Path()
    tenant_url: str = field(default="", repr=False)  # may hold a password
    wanted: tuple[str, ...] = ()
    tenant: str = ""
    files: Files = field(default=ON_DISK, repr=False)
    #: The database of a program that uses this as a library, in place of ``database``.
    given: LoadedDatabase | None = field(default=None, repr=False)
    settings: Settings = field(default_factory=Settings, repr=False)

    @property
    def skips(self) -> bool:
        """Whether what an engine cannot have is left out there."""
        return self.unsupported == "skip"

    @property
    def without(self) -> Filter:
        """What is left out; :exc:`MigError` for a function of the user's that cannot be had."""
        from peewee_mig.commands.filters import read_filter

        return read_filter(self.include, self.exclude, self.root)

    def need_models(self) -> tuple[str, ...]:
        """Return the model modules; :exc:`UsageError` if none is named."""
        if self.models:
            return self.models
        raise UsageError(
            "no models are named",
            hint=f"peewee-mig init, then: {same_command()}; or:"
            f" {same_command('--models', 'MODULE')}",
        )

    def need_database(self) -> str:
        """Return the database; :exc:`UsageError` if none is named, or only many are."""
        if self.tenants and not self.tenant:
            raise UsageError(
                "this project has many databases, and this works on one",
                hint=f"name its tenant: {same_command('--tenant', 'NAME')}",
            )
        if self.database:
            return self.database
        raise UsageError(
            "no database is named",
            hint=f"{same_command('--database', 'URL')}; or export DATABASE_URL=URL, then:"
            f" {same_command()}; or configure `database`",
        )


def open_project(options: Options, environ: Mapping[str, str], folder: Path) -> Project:
    """Resolve the settings of the project in ``folder`` (or of ``--config``)."""
    settings = load_settings(options, environ, folder)
    root = settings.file.parent if settings.file else folder
    base = _base(settings.directory.source, root, folder)
    directory, files = find_folder(settings.directory.value, base)
    return Project(
        root=root,
        directory=directory,
        files=files,
        models=settings.models.value,
        database=settings.database.value,
        database_root=_base(settings.database.source, root, folder),
        env=settings.env.value,
        production=settings.production.value,
        development=settings.development.value,
        engines=settings.engines.value or _engines(settings),
        unsupported=settings.unsupported.value,
        history_table=settings.history_table.value,
        role=settings.role.value,
        seeds=settings.seeds.value,
        hooks=settings.hooks.value,
        include=settings.include.value,
        exclude=settings.exclude.value,
        style=Style(root, settings.file_name.value, settings.format_command.value),
        lock_timeout=settings.lock_timeout.value,
        statement_timeout=settings.statement_timeout.value,
        tenants=settings.tenants.value,
        tenants_root=_base(settings.tenants.source, root, folder),
        tenant_url=settings.tenant_url.value,
        wanted=options.tenant,
        settings=settings,
    )


def find_folder(text: str, base: Path) -> tuple[Path, Files]:
    """Return the folder of migrations that a text names, and what reads it.

    A relative one begins at ``base``; ``package:folder`` is one of a package, which is looked for
    there first.
    """
    if not is_package_folder(text):
        return base / text, ON_DISK
    from peewee_mig.sources.packages import find_package_folder

    return folder_of(find_package_folder(text, root=base))


def folder_of(resource: Traversable) -> tuple[Path, Files]:
    """Return the path of a folder of a package, and what reads it."""
    if isinstance(resource, Path):
        return resource, ON_DISK
    at = Path(str(resource))
    return at, InPackage(resource, at)


def _base(source: str, root: Path, folder: Path) -> Path:
    """Begin paths of the command line where the command runs, others at the root."""
    return folder if source.startswith("--") else root


def _engines(settings: Settings) -> tuple[str, ...]:
    """Return the engines of every database that is named as a URL."""
    specs = (settings.database.value, *settings.databases)
    return tuple(dict.fromkeys(filter(None, map(_engine, specs))))


def _engine(spec: str) -> str:
    from peewee_mig.dialects.url import parse_url

    try:
        engine = parse_url(spec).engine if "://" in spec else ""
    except UsageError:
        return ""
    return "postgres" if engine == "cockroach" else engine
