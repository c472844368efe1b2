"""Kinds of errors of statements, connections and of Peewee: not about what the schema is."""

from __future__ import annotations

from collections.abc import Mapping

from peewee_mig.commands.explaining.kind import Kind
from peewee_mig.dialects.failures import READ_ONLY

_AGAIN = "run the command again"

RUNNING: Mapping[str, Kind] = {
    "file_locked": Kind(
        "another connection writes to the SQLite file",
        (
            "wait longer for it: SqliteDatabase(path, timeout=30)",
            "let readers and one writer work at once: pragmas={'journal_mode': 'wal'}",
            "keep transactions short, and close those that only wait",
            "see who has the file open: fuser FILE",
        ),
        (_AGAIN,),
    ),
    "lock_timeout": Kind(
        "another session holds what the statement needs, and did not let go in time",
        (
            "find and end it: {sessions}",
            "wait longer: lock_timeout in the configuration of peewee-mig, or of your session",
        ),
        (_AGAIN,),
    ),
    "deadlock": Kind(
        "two transactions waited for each other, and the server ended this one",
        (
            "run the transaction again: nothing of it was kept",
            "touch tables and rows in the same order everywhere",
        ),
        (_AGAIN,),
    ),
    "serialization": Kind(
        "another transaction changed the same rows, and the server ended this one",
        ("run the transaction again: nothing of it was kept",),
        (_AGAIN,),
    ),
    "aborted": Kind(
        "an earlier statement of this transaction failed; PostgreSQL ignores all later ones",
        (
            "the cause is the first error before this one: explain that",
            "roll back: db.rollback(); with db.atomic() Peewee does it",
        ),
        ("explain the first error of that transaction: peewee-mig explain -",),
    ),
    "pending_events": Kind(
        "rows were changed in this transaction, and checks or triggers still wait to its end",
        (
            "change rows in one migration and tables in the next one",
            "check at once: SET CONSTRAINTS ALL IMMEDIATE, in an op.run_sql between the two",
        ),
        ("move the run_sql into a migration of its own: peewee-mig generate --empty --name rows",),
    ),
    "alone": Kind(
        "the statement cannot run inside a transaction",
        ("write atomic = False in the migration, and give it a run_sql of its own",),
        ("write atomic = False in the migration, then: peewee-mig migrate",),
    ),
    "nested": Kind(
        "a transaction is open already on this connection",
        ("use db.atomic(), which nests; run no BEGIN by hand",),
        ("replace BEGIN, or db.begin(), by db.atomic()",),
    ),
    "no_transaction": Kind(
        "there is no transaction to end on this connection",
        ("use db.atomic(); an earlier statement, or executescript(), has committed already",),
        ("replace COMMIT and ROLLBACK by db.atomic()",),
    ),
    "statement_timeout": Kind(
        "the statement took longer than the server allows",
        (
            "allow more: statement_timeout in the configuration of peewee-mig, or of the role",
            "see whether it only waits for another session: {sessions}",
        ),
        (_AGAIN,),
    ),
    "cancelled": Kind("somebody stopped the statement", ("ask who did",), (_AGAIN,)),
    "read_only": Kind(
        "the connection may only read",
        (
            READ_ONLY.hint,
            "a transaction that was begun READ ONLY stays so: begin another one",
        ),
        ("peewee-mig config show",),
    ),
    "file_read_only": Kind(
        "the SQLite file cannot be written to",
        (
            "let this user write to the file, and to the folder that it is in",
            "open it without mode=ro",
        ),
        ("peewee-mig config show",),
    ),
    "replica": Kind(
        "the server is a replica: it only repeats what the primary server does",
        ("give the address of the primary server as URL",),
        ("peewee-mig migrate --database URL",),
    ),
    "denied": Kind("this user lacks a right that a statement needs"),
    "not_owner": Kind("only the owner of an object may change its definition"),
    "syntax": Kind(
        "the database does not understand the SQL",
        (
            (
                "look before {near}: a missing comma, a word of another database, or a name that is"
                " a word of SQL and needs quotation marks"
            ),
            "op.run_sql takes SQL for each engine apart",
        ),
        ("see what a migration runs: peewee-mig sql",),
    ),
    "bindings": Kind(
        "the values do not fit the placeholders of the statement",
        ("pass one value for each ?; save many rows in pieces: peewee.chunked(rows, 100)",),
        ("correct the values that are passed",),
    ),
    "thread": Kind(
        "a connection of SQLite is used by another thread than the one that opened it",
        ("let each thread open its own: Peewee does, unless thread_safe=False",),
        ("open the connection in the thread that uses it",),
    ),
}
CONNECTING: Mapping[str, Kind] = {
    "down": Kind(
        "no server answers at that address",
        (
            "start it, or check host and port: peewee-mig config show",
            "if it is starting: peewee-mig migrate --wait 60",
        ),
        ("start the server, then: peewee-mig status",),
    ),
    "no_host": Kind(
        "the name of the server is not known",
        ("check its spelling, and the name server: {host}",),
        ("peewee-mig config show",),
    ),
    "starting": Kind(
        "the server is starting up or shutting down",
        ("wait for it: peewee-mig migrate --wait 60",),
        ("peewee-mig migrate --wait 60",),
    ),
    "crowded": Kind(
        "no more connections are free",
        (
            "close those that are idle: db.close() at the end of a request, a pool",
            "raise max_connections of the server, or the limit of this user",
            "put a pooler such as PgBouncer before it",
        ),
        ("close some, then: peewee-mig status",),
    ),
    "no_database": Kind("the server has no database of that name"),
    "no_role": Kind(
        "the server has no user of that name",
        (
            "check the user in the address of the database",
            "create it: CREATE ROLE {sql_user} LOGIN",
        ),
        ("peewee-mig config show",),
    ),
    "no_login": Kind(
        "the role may not log in",
        ("let it: ALTER ROLE {sql_user} LOGIN", "log in as a member of it: SET ROLE {sql_user}"),
        ("as an administrator: ALTER ROLE {sql_user} LOGIN;",),
    ),
    "not_let_in": Kind(
        "the server does not let this user in: the password or the host is not accepted",
        (
            "check user and password: peewee-mig config show tells where they come from",
            "on PostgreSQL, see pg_hba.conf; on MySQL: SELECT user, host FROM mysql.user",
        ),
        ("peewee-mig config show",),
    ),
    "tls": Kind(
        "no encrypted connection could be made",
        (
            "on PostgreSQL, see sslmode and sslrootcert in the address",
            "on MySQL, see ssl_ca, or let the server have a certificate",
        ),
        ("peewee-mig config show",),
    ),
    "lost": Kind(
        "the connection was closed, by the server or on the way",
        (
            "open a new one: db.close(), db.connect(); a pool with stale_timeout does",
            "see the log of the server: it may have been restarted, or have ended the session",
        ),
        (_AGAIN,),
    ),
    "no_file": Kind(
        "the SQLite file cannot be opened",
        ("check the path, and that its folder is there and can be written to",),
        ("peewee-mig config show",),
    ),
    "not_a_database": Kind(
        "the file is not one of SQLite, or it is encrypted",
        ("check the path",),
        ("peewee-mig config show",),
    ),
    "damaged": Kind(
        "the SQLite file is damaged",
        ("restore it from a backup", "save what can be read: sqlite3 FILE .recover"),
        ("sqlite3 FILE 'PRAGMA integrity_check'",),
    ),
    "disk_full": Kind("no more space is left for the database", ("free some",), (_AGAIN,)),
}
PEEWEE: Mapping[str, Kind] = {
    "no_row": Kind(
        "no row matches the query of get()",
        (
            "use get_or_none(), or get_or_create()",
            "see that this is the right database: peewee-mig status",
        ),
        ("catch {model}.DoesNotExist, or use get_or_none()", "use get_or_none()"),
    ),
    "unbound": Kind(
        "the model has no database",
        ("say Meta.database in a base of all models, or db.bind([...]) before the first query",),
        ("set Meta.database of the model",),
    ),
    "uninitialized": Kind(
        "the database object does not know yet where the database is",
        ("call db.init(...), or proxy.initialize(db), before the first query",),
        ("call db.init(...) before the first query",),
    ),
    "not_opened": Kind(
        "no connection is open",
        ("call db.connect() first, or leave autoconnect=True",),
        ("call db.connect() before the query",),
    ),
    "opened_twice": Kind(
        "this thread has a connection already",
        ("use db.connect(reuse_if_open=True), or close the other one",),
        ("use db.connect(reuse_if_open=True)",),
    ),
    "pool": Kind(
        "all connections of the pool are in use",
        (
            "close each after its work: with db.connection_context()",
            "raise max_connections of the pool, or give it a timeout",
        ),
        ("close connections after their work",),
    ),
}
