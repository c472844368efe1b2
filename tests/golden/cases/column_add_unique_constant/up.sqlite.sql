-- 0002_add_person_code
-- migrate stops if person has more than one row, and all would get the same code
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT CASE WHEN count(*) > 1 THEN count(*) ELSE 0 END FROM "person";
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(80) NOT NULL,
  "code" VARCHAR(255) NOT NULL
);
INSERT INTO "_peewee_mig_new_person" ("id", "name", "code")
SELECT "id", "name", 'x' FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX "person_code" ON "person" ("code");
