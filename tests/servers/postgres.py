"""A PostgreSQL server for the tests: on a random port of loopback, without durability."""

import shutil
import signal
import sys
from contextlib import closing

import psycopg2

from servers import launch
from servers.account import Account, account
from servers.binaries import postgres_programs

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": 100,
    "shared_buffers": "64MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",  # takes locks that a test about locks would see
}


def start(folder, *, alive):
    """Start a server with its data in the new ``folder``; return the URL of its superuser."""
    who = account("postgres")
    who.make(folder)
    programs = readable(postgres_programs(), folder, who)
    data = folder / "data"
    launch.set_up([programs / "initdb", "-D", data, *_initdb_options()], folder, who)
    port = launch.free_port()
    settings = [part for key, value in _SETTINGS.items() for part in ("-c", f"{key}={value}")]
    command = [programs / "postgres", "-D", data, "-F", "-p", port, *settings]
    # SIGQUIT: at once, and the shared memory is given back.
    launch.start(command, folder, who, alive=alive, stop=signal.SIGQUIT)
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    launch.wait_until_answers(lambda: _data_of(url), folder)
    return url


def _data_of(url):
    with closing(psycopg2.connect(url, connect_timeout=5)) as connection:
        cursor = connection.cursor()
        cursor.execute("SHOW data_directory")
        return cursor.fetchone()[0]


def _initdb_options():
    # Only Linux has C.UTF-8 everywhere.
    locale = "C.UTF-8" if sys.platform == "linux" else "C"
    return ["-U", "postgres", "--auth=trust", "-E", "UTF8", f"--locale={locale}", "--no-sync"]


def readable(programs, folder, who):
    """Return the programs, or a copy of their installation if only ``who`` may not run them."""
    if who.can_run(programs / "initdb") or not Account().can_run(programs / "initdb"):
        return programs
    installation = programs.parent
    package = installation.parent
    # Where wheels keep the shared libraries that they bring.
    libraries = package.with_name(f"{package.name}.libs")
    copy = folder / "programs" / package.name / installation.name
    shutil.copytree(installation, copy, symlinks=True)
    if libraries.exists():
        shutil.copytree(libraries, folder / "programs" / libraries.name, symlinks=True)
    who.own(folder / "programs")
    return copy / programs.name
