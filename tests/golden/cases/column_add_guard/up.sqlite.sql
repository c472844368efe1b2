-- 0002_add_person_country
-- migrate stops if person has rows (no value for country is given)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person";
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(80) NOT NULL,
  "country" VARCHAR(2) NOT NULL
);
INSERT INTO "_peewee_mig_new_person" ("id", "name", "country")
SELECT "id", "name", NULL FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
