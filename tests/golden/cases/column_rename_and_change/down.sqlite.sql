-- 0002_rename_person_name_to_full_name_and_more (backward)
-- migrate stops if person has rows without full_name (no value is given)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "full_name" IS NULL;
-- migrate stops if person.full_name has texts of more than 80 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE length("full_name") > 80;
ALTER TABLE "person" RENAME COLUMN "full_name" TO "name";
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(80) NOT NULL
);
INSERT INTO "_peewee_mig_new_person" ("id", "name")
SELECT "id", "name" FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
