-- 0002_alter_person_value
-- migrate stops if person.value has values that are no DOUBLE
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "value" IS NOT NULL AND (abs("value") > 9007199254740992);
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(80) NOT NULL,
  "value" REAL NOT NULL
);
INSERT INTO "_peewee_mig_new_person" ("id", "name", "value")
SELECT "id", "name", "value" FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
