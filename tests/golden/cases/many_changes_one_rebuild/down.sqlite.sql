-- 0002_rename_person_b_to_bb_and_more (backward)
-- migrate stops if person.bb has texts of more than 10 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE length("bb") > 10;
DROP INDEX "person_boss_id";
DROP INDEX "person_bb";
ALTER TABLE "person" RENAME COLUMN "bb" TO "b";
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(80) NOT NULL,
  "a" INTEGER,
  "b" VARCHAR(10) NOT NULL,
  "c" TEXT
);
INSERT INTO "_peewee_mig_new_person" ("id", "name", "a", "c", "b")
SELECT "id", "name", "a", NULL, "b" FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "person_b" ON "person" ("b");
