"""Errors of PyMySQL, and of the other drivers that Peewee may use, in our own form.

Source of the numbers: MySQL 8.0 and MariaDB 10.11, their lists of error codes.
"""

from __future__ import annotations

import re
import shlex

from peewee_mig.dialects import failures
from peewee_mig.dialects.failures import Known
from peewee_mig.errors import MigError

_MALFORMED = Known(
    "a foreign key of {} cannot be made: its columns differ from those that it refers to",
    "give both the same type, and the referred columns a primary or unique key;"
    " SET NULL needs a column that can be NULL",
)

_NUMBERS = {
    failures.DOWN: (2002, 2003, 2005),
    failures.CROWDED: (1040, 1203, 1226),
    failures.NOT_LET_IN: (1045, 1130, 1524, 1698, 2059, 3118, 4151),
    failures.NO_DATABASE: (1049,),
    failures.NO_TLS: (2026, 3159),
    failures.BUSY: (1205, 3572),
    failures.DEADLOCK: (1213, 1412, 1020),
    failures.CANCELLED: (1317, 1969, 3024),
    failures.LOST: (1053, 1927, 2006, 2013, 2055, 4031),
    failures.READ_ONLY: (1290, 1792, 1836),
    failures.FULL: (1021, 1114),
    failures.DENIED: (1044, 1142, 1143, 1227, 1370, 1410, 1419),
    failures.EXISTS: (1007, 1050, 1060, 1061, 1068, 1304, 1359, 1826, 3822),
    failures.MISSING: (1051, 1054, 1072, 1091, 1146, 1176, 1305, 1360),
    failures.NEEDED: (1217, 1451, 1553, 1701, 1829, 1832, 1833, 1834, 3730, 3780),
    failures.ROWS: (
        *(1048, 1062, 1138, 1216, 1264, 1265, 1292, 1364, 1365, 1366, 1406, 1452, 1586, 1690),
        *(3819, 3988, 4025),
    ),
    _MALFORMED: (1005, 1215, 1822, 1830, 3734),
}
_FOREIGN_KEY = 1005
#: MariaDB does not tell whether there is no such role, or the user is no member; MySQL does.
_NO_ROLE = (1959, 3530)
#: First words of statements that are rights as well.
_RIGHTS = frozenset({"ALTER", "CREATE", "DELETE", "DROP", "INSERT", "SELECT", "UPDATE"})
_KNOWN = {number: known for known, numbers in _NUMBERS.items() for number in numbers}


def translated(
    error: Exception, label: str, sql: str, *, role: str = "", account: str = ""
) -> MigError:
    """Return an error of the driver in our own form; without ``sql``, one of connecting.

    ``role``: the one that the statement ran as, if it is not the user that connects;
    ``account``: whom the server checks, as it says so; its errors tell another host.
    """
    original = _said(error)
    if role and _number(error) in _NO_ROLE:
        known, hint = failures.not_member(role), _member(role, label)
    else:
        known = _known(error, original, sql)
        hint = _hint(known, original, label, sql, _grantee(role, account))
    return known.error(label, statement=sql, original=original, hint=hint)


def _member(role: str, label: str) -> str:
    url = failures.address(label)
    user = f"`{url.user}`" if url and url.user else "this user"
    return f"as root: CREATE ROLE IF NOT EXISTS `{role}`; GRANT `{role}` TO {user}"


def _grantee(role: str, account: str) -> str:
    """Spell whom to grant a right; empty where the error has to say it."""
    name, _, host = account.rpartition("@")
    return f"`{role}`" if role else f"'{name}'@'{host}'" * bool(account)


def _known(error: Exception, said: str, sql: str) -> Known:
    number = _number(error)
    if number == _FOREIGN_KEY and "errno: 121" in said:  # its name is taken
        return failures.EXISTS
    if number in _KNOWN:
        return _KNOWN[number]
    if not sql:
        return failures.NOT_CONNECTED
    # A connection that is closed has no number: InterfaceError(0, ''), an error of the socket.
    lost = type(error).__name__ == "InterfaceError" or isinstance(error, OSError)
    return failures.LOST if lost else failures.OTHER


def _number(error: Exception) -> int:
    number = getattr(error, "errno", None) or next(iter(error.args), 0)
    return number if isinstance(number, int) else 0


def _said(error: Exception) -> str:
    """Return what the server or the driver said, with its number."""
    text = str(getattr(error, "msg", None) or (error.args[-1] if error.args else "")).strip()
    number = _number(error)
    text = text or type(error).__name__
    return f"{text} ({number})" if number else text


def _hint(known: Known, said: str, label: str, sql: str, grantee: str) -> str:
    database = re.search(r"Unknown database '(.+)'", said)
    if known is failures.NO_DATABASE and database:
        return f"create it: {_create(label, f'CREATE DATABASE `{database[1]}`')}"
    if known is failures.NOT_LET_IN:
        return f"{failures.other_person(label)}{known.hint}"
    return _grant(said, sql, grantee) if known is failures.DENIED else ""


def _create(label: str, statement: str) -> str:
    """Spell the statement, where the address is known as what a shell runs."""
    url = failures.address(label)
    if url is None:
        return statement
    password = " -p" if url.password else ""
    program = failures.client("mariadb", url, port="-P", user="-u")
    return f"{program}{password} -e {shlex.quote(statement)}"


def _grant(said: str, sql: str, grantee: str) -> str:
    """Return the statement that gives the right that is missing, if it can be told.

    The error of a statement names the host that the client has, not that of the account.
    """
    command = re.search(r"(\w[\w, ]*) command denied to user (\S+) for \w+ `?([^`.]+)`?\.", said)
    if command:
        on = f"ON `{command[3]}`.* TO {grantee or command[2]}"
        if command[1] in ("SHOW", "SELECT"):  # the one shows a table
            return f"as root: GRANT SELECT {on}"
        return f"as root: GRANT {command[1]} {on}; or all that migrations need: GRANT ALL {on}"
    whole = re.search(r"Access denied for user (\S+) to database '(.+)'", said)
    if whole:
        on = f"ON `{whole[2]}`.* TO {grantee or whole[1]}"
        word = failures.first_word(sql)
        if word not in ("", "USE"):
            return f"as root: GRANT {word if word in _RIGHTS else 'ALL'} {on}"
        return (
            f"as root, which is enough to look: GRANT SELECT {on}; or, to migrate: GRANT ALL {on}"
        )
    global_ = re.search(r"\(at least one of\) the (.+) privilege\(s\)", said)
    return f"as root: GRANT {global_[1]} ON *.* TO {grantee or 'this user'}" if global_ else ""
