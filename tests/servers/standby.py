"""A standby of a PostgreSQL server: a copy that follows it and takes no changes."""

import fcntl
import signal
import time
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import psycopg2

from servers import launch
from servers.account import account, new_folder
from servers.binaries import postgres_programs
from servers.postgres import readable

_PATIENCE = 30
_PAUSE = 0.02


class Standby:
    """A standby that runs. ``url_of``: what a database of the primary is called there."""

    def __init__(self, port):
        self.port = port

    def url_of(self, url):
        """Return the URL of the same database, on the standby."""
        parts = urlsplit(url)
        person = parts.netloc.rpartition("@")[0]
        return parts._replace(
            netloc=f"{person}{'@' if person else ''}127.0.0.1:{self.port}"
        ).geturl()

    def catch_up(self, database):
        """Wait until it has all that a database of the primary has now."""
        flush = ("SET synchronous_commit = on", "SELECT pg_logical_emit_message(true, 'here', '')")
        ((place,),) = database.sql(*flush, "SELECT pg_current_wal_flush_lsn()")
        until = time.monotonic() + _PATIENCE
        while not self._has(place):
            assert time.monotonic() < until, "the standby does not follow"
            time.sleep(_PAUSE)

    def _has(self, place):
        with closing(
            psycopg2.connect(f"postgresql://postgres@127.0.0.1:{self.port}/postgres")
        ) as it:
            cursor = it.cursor()
            cursor.execute(f"SELECT pg_last_wal_replay_lsn() >= '{place}'")
            return cursor.fetchone()[0]


@contextmanager
def standby(url):
    """Run a standby of the server of a URL; :exc:`MissingError` if none can be made."""
    holder = new_folder()
    with (holder / "alive").open("wb") as alive:  # as long as it is locked, the standby lives
        fcntl.lockf(alive, fcntl.LOCK_EX)
        yield Standby(_start(urlsplit(url), holder / "standby", holder / "alive"))


def _start(primary, folder, alive):
    who = account("postgres")
    who.make(folder)
    programs = readable(postgres_programs(), folder, who)
    data, port = folder / "data", launch.free_port()
    place = ["-h", primary.hostname, "-p", primary.port, "-U", primary.username]
    options = ["-D", data, "-R", "-X", "stream", "-c", "fast", "--no-sync"]
    launch.set_up([programs / "pg_basebackup", *place, *options], folder, who)
    settings = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    command = [programs / "postgres", "-D", data, "-F", "-p", port, *settings]
    launch.start(command, folder, who, alive=alive, stop=signal.SIGQUIT)
    url = f"postgresql://{primary.username}@127.0.0.1:{port}/postgres"
    launch.wait_until_answers(lambda: _data_of(url), folder)
    return port


def _data_of(url):
    with closing(psycopg2.connect(url, connect_timeout=5)) as connection:
        cursor = connection.cursor()
        cursor.execute("SHOW data_directory")
        return cursor.fetchone()[0]
