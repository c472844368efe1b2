"""What a printed script needs beside its SQL, for the shell of a database that it is piped to."""

from __future__ import annotations

from peewee_mig.dialects.sqlite.rebuild import PREFIX

_BAIL = "-- without this line the sqlite3 shell goes on after an error; leave it out elsewhere"


def shell_words(text: str) -> tuple[str, ...]:
    """Return what goes before a script that rebuilds a table of SQLite.

    The ``sqlite3`` shell goes on after an error: where a row does not fit into the new table, it
    would still drop the old one. Nothing in SQL can tell it to stop.
    """
    return (_BAIL, ".bail on") if PREFIX in text else ()
