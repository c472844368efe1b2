"""Changes that somebody makes to a file of SQLite's by hand; each is found and named.

SQLite changes few things in place: the others are written into the text of the table, as
its documentation of ALTER TABLE proposes.
"""

from hand_written import HandWritten


def _change(id_, ddl, *words, setup=()):
    return HandWritten(id_, setup, ddl, words)


def _rewrite(table, old, new):
    """Return the script that changes the text of a table."""
    old, new = (text.replace("'", "''") for text in (old, new))
    return (
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql ="
        f" replace(sql, '{old}', '{new}') WHERE name = '{table}'; PRAGMA writable_schema = OFF"
    )


_TRIGGER = "CREATE TRIGGER pet_touch AFTER UPDATE ON pet BEGIN SELECT 1; END"
_KEY = 'FOREIGN KEY ("owner_id") REFERENCES "person" ("id") ON DELETE CASCADE'
_ID, _NAME, _AGE = '"id" INTEGER NOT NULL PRIMARY KEY', '"name" VARCHAR(50)', '"age" INTEGER'

CHANGES = [
    # Of our kinds.
    _change("table", "CREATE TABLE toy (id INTEGER)", "table toy"),
    _change("table dropped", "DROP TABLE pet", "table pet is missing"),
    _change("table renamed", "ALTER TABLE pet RENAME TO animal", "table pet is missing"),
    _change("column", "ALTER TABLE pet ADD note TEXT", "column pet.note is not expected"),
    _change("column dropped", "ALTER TABLE pet DROP born", "column pet.born is missing"),
    _change("column renamed", "ALTER TABLE pet RENAME born TO birthday",
            "column pet.born is missing", "column pet.birthday is not expected"),
    _change("length", _rewrite("pet", "VARCHAR(50)", "VARCHAR(60)"),
            "pet.name is VARCHAR(60) NOT NULL, expected VARCHAR(50) NOT NULL"),
    _change("type", _rewrite("person", _AGE, '"age" TEXT'),
            "person.age is TEXT NULL, expected INT NULL"),
    _change("native type", _rewrite("person", _AGE, '"age" MONEY'), "person.age is money NULL"),
    _change("no type", _rewrite("person", _AGE, '"age"'), "person.age is BARE NULL"),
    _change("precision", _rewrite("pet", "DECIMAL(5, 2)", "DECIMAL(7, 3)"),
            "pet.weight is DECIMAL(7, 3) NULL, expected DECIMAL(5, 2) NULL"),
    _change("not null", _rewrite("person", _AGE, f"{_AGE} NOT NULL"),
            "person.age is INT NOT NULL, expected INT NULL"),
    _change("null", _rewrite("person", '"email" TEXT NOT NULL', '"email" TEXT'),
            "person.email is TEXT NULL, expected TEXT NOT NULL"),
    _change("index dropped", "DROP INDEX person_name", "index person_name of person is missing"),
    _change("index", "CREATE INDEX odd ON pet (name)", "index odd of pet is not expected"),
    _change("unique index", "CREATE UNIQUE INDEX odd ON pet (name)", "index odd of pet"),
    _change("index twice", "CREATE INDEX again ON pet (owner_id)", "index again of pet"),
    _change("index no more unique",
            "DROP INDEX person_email; CREATE INDEX person_email ON person (email)",
            "index person_email of person is (email), expected unique (email)"),
    _change("foreign key dropped", _rewrite("pet", f",\n  {_KEY}", ""),
            "foreign key of pet on (owner_id) is missing"),
    _change("foreign key", _rewrite("pet", _KEY, f"{_KEY}, FOREIGN KEY (born) REFERENCES person"),
            "foreign key of pet on (born) is not expected"),
    _change("foreign key with another action", _rewrite("pet", "ON DELETE CASCADE", ""),
            "pet on (owner_id) is to person (id), expected to person (id) ON DELETE CASCADE"),
    _change("foreign key that follows", _rewrite("pet", _KEY, f"{_KEY} ON UPDATE CASCADE"),
            "pet on (owner_id)", "ON UPDATE CASCADE"),
    _change("foreign key to another column",
            _rewrite("pet", 'REFERENCES "person" ("id")', 'REFERENCES "person" ("email")'),
            "pet on (owner_id) is to person (email)"),
    _change("primary key dropped", _rewrite("pet", _ID, '"id" INTEGER NOT NULL'),
            "the primary key of pet is missing"),
    _change("another primary key", _rewrite("pet", _ID, '"id" INTEGER NOT NULL')
            + ";" + _rewrite("pet", _KEY, f'{_KEY}, PRIMARY KEY ("id", "name")'),
            "the primary key of pet is (id, name), expected (id)"),
    # Of columns.
    _change("default", _rewrite("person", _AGE, f"{_AGE} DEFAULT 7"),
            "person.age is INT NULL DEFAULT 7, expected INT NULL"),
    _change("check of a column", _rewrite("person", _AGE, f"{_AGE} CHECK (age > 17)"),
            'check ("age" > 17) of person is not expected'),
    _change("collation", _rewrite("pet", _NAME, f"{_NAME} COLLATE NOCASE"),
            "pet.name is VARCHAR(50) NOT NULL COLLATE NOCASE, expected"),
    _change("unique column", 'CREATE TABLE "copy" AS SELECT * FROM pet; DROP TABLE pet;'
            'CREATE TABLE "pet" ("id" INTEGER NOT NULL PRIMARY KEY, "owner_id" INTEGER NOT NULL'
            ' REFERENCES "person" ("id") ON DELETE CASCADE, "name" VARCHAR(50) NOT NULL UNIQUE,'
            ' "born" DATETIME, "weight" DECIMAL(5, 2)); DROP TABLE "copy";'
            'CREATE INDEX "pet_owner_id" ON "pet" ("owner_id")',
            "the unique constraint of pet on (name) is not expected"),
    _change("generated column", "ALTER TABLE pet ADD twice INTEGER AS (weight * 2)",
            "column pet.twice is not expected"),
    _change("conflict clause", _rewrite("person", '"email" TEXT NOT NULL',
                                        '"email" TEXT NOT NULL ON CONFLICT IGNORE'),
            "person.email is TEXT NOT NULL ON CONFLICT IGNORE, expected TEXT NOT NULL"),
    _change("key that is not numbered", _rewrite("pet", _ID, '"id" INT NOT NULL PRIMARY KEY'),
            "primary key pet.id: INT, which SQLite does not number"),
    _change("key that descends", _rewrite("pet", _ID, f"{_ID} DESC"), "primary key pet.id", "DESC"),
    # Of tables.
    _change("check", _rewrite("pet", _KEY, f"CONSTRAINT heavy CHECK (weight > 5), {_KEY}"),
            "check heavy of pet is not expected"),
    _change("deferrable foreign key", _rewrite("pet", _KEY, f"{_KEY} DEFERRABLE"),
            "pet on (owner_id) is to person (id)", "DEFERRABLE INITIALLY IMMEDIATE"),
    _change("foreign key twice", _rewrite("pet", _KEY, f"{_KEY}, {_KEY}"),
            "foreign key pet (owner_id): to person (id)"),
    _change("numbers that are not used again", _rewrite("pet", _ID, f"{_ID} AUTOINCREMENT"),
            "pet.id is AUTOINCREMENT NOT NULL",
            setup=("CREATE TABLE other (id INTEGER PRIMARY KEY AUTOINCREMENT)",)),
    _change("strict table", 'DROP TABLE pet; CREATE TABLE "pet" ("id" INTEGER NOT NULL PRIMARY KEY)'
            " STRICT", "the options of pet is STRICT, expected (none)"),
    # Indexes beyond our kind.
    _change("partial index", "CREATE INDEX odd ON pet (name) WHERE weight > 5",
            "index odd of pet is not expected"),
    _change("index over an expression", "CREATE INDEX odd ON pet (lower(name))",
            "index odd of pet is not expected"),
    _change("descending index", "CREATE INDEX odd ON pet (name DESC)",
            "index odd of pet is not expected"),
    _change("collated index", "CREATE INDEX odd ON pet (name COLLATE NOCASE)",
            "index odd of pet is not expected"),
    # Code, and what stands alone.
    _change("trigger", _TRIGGER, "trigger pet_touch: CREATE TRIGGER pet_touch AFTER UPDATE"),
    _change("trigger replaced", f"DROP TRIGGER pet_touch; {_TRIGGER.replace('1', '2')}",
            "trigger pet_touch: CREATE TRIGGER", "SELECT 2", setup=(_TRIGGER,)),
    _change("view", "CREATE VIEW heavy AS SELECT name FROM pet WHERE weight > 5",
            "view heavy: CREATE VIEW heavy AS SELECT name"),
    _change("virtual table", "CREATE VIRTUAL TABLE words USING fts5(text)",
            "virtual table words", "fts5"),
]  # fmt: skip
