"""A MariaDB server for the tests: on a random port of loopback, without durability."""

from contextlib import closing

from servers import launch
from servers.account import account
from servers.binaries import MissingError, mariadb_programs

_OPTIONS = (
    "--skip-networking=0",
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--skip-log-bin",
    "--max-connections=200",
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_general_ci",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-buffer-pool-size=64M",
    "--innodb-log-file-size=32M",
)

# Run by the server's own user: given --user, it would change files of the installation.
_SETUP = ("--auth-root-authentication-method=normal", "--skip-test-db")

#: TCP from loopback is its own host to the server, as names are not resolved.
_ADMIN = """
CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
"""


def start(folder, *, alive):
    """Start a server with its data in the new ``folder``; return the URL of its root."""
    pymysql = _driver()
    server, setup = mariadb_programs()
    who = account("mysql")
    who.make(folder)
    data, port, first = folder / "data", launch.free_port(), folder / "first.sql"
    first.write_text(_ADMIN, encoding="utf-8")
    common = ["--no-defaults", f"--datadir={data}", f"--tmpdir={folder}"]
    launch.set_up([setup, *common, *_SETUP], folder, who)
    places = [f"--socket={folder / 'socket'}", f"--port={port}", f"--init-file={first}"]
    launch.start([server, *common, *places, *_OPTIONS], folder, who, alive=alive)
    launch.wait_until_answers(lambda: _data_of(pymysql, port), folder)
    return f"mysql://root@127.0.0.1:{port}/mysql"


def _data_of(pymysql, port):
    place = {"host": "127.0.0.1", "port": port, "user": "root"}
    with closing(pymysql.connect(**place, connect_timeout=5)) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT @@datadir")
        return cursor.fetchone()[0]


def _driver():
    try:
        import pymysql
    except ImportError:
        raise MissingError("no PyMySQL: install the extra mysql") from None
    return pymysql
