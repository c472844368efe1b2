"""Changes that somebody makes to a database of MariaDB's by hand; each is found and named."""

from hand_written import HandWritten


def _change(id_, ddl, *words, setup=()):
    return HandWritten(id_, setup, ddl, words)


_TRIGGER = "CREATE TRIGGER pet_touch BEFORE UPDATE ON pet FOR EACH ROW SET NEW.name = 'x'"
_SAME_KEY = "ADD CONSTRAINT pet_ibfk_1 FOREIGN KEY (owner_id) REFERENCES person (id)"
_ROUTINE = "CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN n * 2"

CHANGES = [
    # Of our kinds.
    _change("table", "CREATE TABLE toy (id INT)", "table toy"),
    _change("table dropped", "DROP TABLE pet", "table pet", "missing"),
    _change("column", "ALTER TABLE pet ADD note TEXT", "column pet.note is not expected"),
    _change("column dropped", "ALTER TABLE pet DROP born", "column pet.born is missing"),
    _change("type", "ALTER TABLE pet MODIFY name VARCHAR(60) NOT NULL",
            "pet.name", "VARCHAR(60)", "(50)"),
    _change("bigger integer", "ALTER TABLE person MODIFY age BIGINT", "person.age", "BIGINT"),
    _change("unsigned", "ALTER TABLE person MODIFY age INT UNSIGNED",
            "person.age", "int(10) unsigned", "expected INT"),
    _change("medium integer", "ALTER TABLE person MODIFY age MEDIUMINT",
            "person.age", "mediumint(9)"),
    _change("precision of a time", "ALTER TABLE pet MODIFY born DATETIME(6)",
            "pet.born", "datetime(6)", "DATETIME"),
    _change("timestamp", "ALTER TABLE pet MODIFY born TIMESTAMP NULL", "pet.born", "timestamp"),
    _change("number of another precision", "ALTER TABLE pet MODIFY weight DECIMAL(7, 2)",
            "pet.weight", "DECIMAL(7, 2)", "DECIMAL(5, 2)"),
    _change("enum", "ALTER TABLE pet MODIFY name ENUM('a', 'b') NOT NULL",
            "pet.name", "enum('a','b')"),
    _change("long text", "ALTER TABLE person MODIFY email LONGTEXT NOT NULL",
            "person.email", "longtext", "TEXT"),
    _change("not null", "ALTER TABLE person MODIFY age INT NOT NULL", "person.age", "INT NOT NULL"),
    _change("null", "ALTER TABLE pet MODIFY name VARCHAR(50)", "pet.name", "NULL"),
    _change("numbers no more", "ALTER TABLE pet MODIFY id BIGINT NOT NULL",
            "pet.id", "BIGINT NOT NULL", "BIGAUTO"),
    _change("index dropped", "DROP INDEX person_name ON person", "index person_name", "missing"),
    _change("index of an undeclared name", "CREATE INDEX odd ON pet (name)", "index odd"),
    _change("index twice", "CREATE INDEX again ON pet (owner_id)", "index again"),
    _change("unique constraint", "ALTER TABLE pet ADD CONSTRAINT one_name UNIQUE (name)",
            "index one_name of pet"),
    _change("foreign key dropped", "ALTER TABLE pet DROP FOREIGN KEY pet_ibfk_1",
            "foreign key of pet on (owner_id)", "missing"),
    _change("foreign key with another action", f"ALTER TABLE pet {_SAME_KEY} ON DELETE RESTRICT",
            "foreign key of pet on (owner_id)", "expected to person (id) ON DELETE CASCADE",
            setup=("ALTER TABLE pet DROP FOREIGN KEY pet_ibfk_1",)),
    _change("foreign key that follows", f"ALTER TABLE pet {_SAME_KEY}"
            " ON DELETE CASCADE ON UPDATE CASCADE",
            "foreign key of pet on (owner_id)", "ON UPDATE CASCADE",
            setup=("ALTER TABLE pet DROP FOREIGN KEY pet_ibfk_1",)),
    _change("primary key dropped", "ALTER TABLE pet DROP PRIMARY KEY", "primary key of pet",
            "missing", setup=("ALTER TABLE pet MODIFY id BIGINT NOT NULL",)),
    # Of columns.
    _change("default", "ALTER TABLE person ALTER age SET DEFAULT 7", "default person.age: 7"),
    _change("text as default", "ALTER TABLE pet ALTER name SET DEFAULT 'it''s NULL'",
            "default pet.name: 'it''s NULL'"),
    _change("empty text as default", "ALTER TABLE pet ALTER name SET DEFAULT ''",
            "default pet.name: ''"),
    _change("expression as default", "ALTER TABLE pet ALTER born SET DEFAULT (now() + 1)",
            "default pet.born: (current_timestamp() + 1)"),
    _change("on update", "ALTER TABLE pet MODIFY born DATETIME ON UPDATE CURRENT_TIMESTAMP",
            "default pet.born: on update current_timestamp()"),
    _change("generated column", "ALTER TABLE pet DROP weight,"
            " ADD weight DECIMAL(5, 2) AS (owner_id * 2) STORED",
            "generated column pet.weight: (`owner_id` * 2) STORED"),
    _change("virtual column", "ALTER TABLE pet DROP weight,"
            " ADD weight DECIMAL(5, 2) AS (owner_id * 2)",
            "generated column pet.weight", "VIRTUAL"),
    _change("invisible column", "ALTER TABLE person MODIFY age INT INVISIBLE",
            "column option person.age: INVISIBLE"),
    _change("collation of a column",
            "ALTER TABLE pet MODIFY name VARCHAR(50) COLLATE utf8mb4_bin NOT NULL",
            "collation pet.name: utf8mb4_bin"),
    _change("character set of a column",
            "ALTER TABLE pet MODIFY name VARCHAR(50) CHARACTER SET latin1 NOT NULL",
            "collation pet.name: latin1"),
    _change("comment on a column", "ALTER TABLE person MODIFY age INT COMMENT 'in years'",
            "comment person.age: in years"),
    # Constraints.
    _change("check", "ALTER TABLE person ADD CONSTRAINT adult CHECK (age > 17)",
            "check adult on person: `age` > 17"),
    _change("check of a column", "ALTER TABLE person MODIFY age INT CHECK (age > 17)",
            "check person.age: `age` > 17"),
    _change("period", "ALTER TABLE pet ADD PERIOD FOR life (born, died)",
            "check life on pet",
            setup=("ALTER TABLE pet ADD died DATETIME NOT NULL, MODIFY born DATETIME NOT NULL",)),
    _change("foreign key twice",
            "ALTER TABLE pet ADD CONSTRAINT again FOREIGN KEY (owner_id) REFERENCES person (id)",
            "foreign key again on pet: (owner_id) to person (id)"),
    # Indexes.
    _change("prefix of an index", "CREATE INDEX odd ON pet (name(10))",
            "index odd on pet: (name(10))"),
    _change("descending index", "CREATE INDEX odd ON pet (name DESC)", "index odd on pet", "DESC"),
    _change("full-text index", "CREATE FULLTEXT INDEX odd ON pet (name)",
            "index odd on pet: FULLTEXT (name)"),
    _change("ignored index", "ALTER TABLE person ALTER INDEX person_name IGNORED",
            "index person_name: (name) IGNORED",
            setup=("CREATE INDEX spare ON person (name)",)),
    _change("comment on an index", "CREATE INDEX odd ON pet (name) COMMENT 'slow'",
            "index odd on pet: (name) slow"),
    # Tables.
    _change("engine", "ALTER TABLE toy ENGINE = MyISAM", "engine toy: MyISAM",
            setup=("CREATE TABLE toy (id INT)",)),
    _change("collation of a table", "ALTER TABLE pet COLLATE latin1_bin, MODIFY name VARCHAR(50)"
            " COLLATE latin1_bin NOT NULL", "collation pet: latin1_bin"),
    _change("row format", "ALTER TABLE pet ROW_FORMAT = COMPRESSED",
            "table option pet: row_format=COMPRESSED"),
    _change("comment on a table", "ALTER TABLE pet COMMENT 'animals'", "comment pet: animals"),
    _change("partitions", "ALTER TABLE event PARTITION BY RANGE (at)"
            " (PARTITION old VALUES LESS THAN (10), PARTITION new VALUES LESS THAN MAXVALUE)",
            "partitions event: RANGE (`at`): old 10, new MAXVALUE",
            setup=("CREATE TABLE event (at INT NOT NULL)",)),
    _change("system versioning", "ALTER TABLE pet ADD SYSTEM VERSIONING", "system versioning pet"),
    # Code and what stands alone.
    _change("trigger", _TRIGGER, "trigger pet_touch: BEFORE UPDATE: SET NEW.name = 'x'"),
    _change("trigger replaced",
            _TRIGGER.replace("CREATE", "CREATE OR REPLACE").replace("'x'", "'y'"),
            "trigger pet_touch", "'y'", setup=(_TRIGGER,)),
    _change("view", "CREATE VIEW heavy AS SELECT name FROM pet WHERE weight > 5",
            "view heavy: select `pet`.`name`"),
    _change("function", _ROUTINE, "function twice: (IN n int(11)) RETURNS int(11): RETURN n * 2"),
    _change("function replaced", _ROUTINE.replace("CREATE", "CREATE OR REPLACE").replace("2", "3"),
            "function twice", "RETURN n * 3", setup=(_ROUTINE,)),
    _change("procedure", "CREATE PROCEDURE tidy(IN n INT) DELETE FROM pet WHERE id = n",
            "procedure tidy: (IN n int(11)): DELETE FROM pet"),
    _change("event", "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM pet",
            "event nightly: EVERY 1 DAY STARTS", "ENABLED: DELETE FROM pet"),
    _change("sequence", "CREATE SEQUENCE invoice START 100", "sequence invoice"),
]  # fmt: skip
