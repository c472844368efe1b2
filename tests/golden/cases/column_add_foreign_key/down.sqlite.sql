-- 0002_create_city_and_add_person_city_id (backward)
DROP INDEX "person_city_id";
DROP TABLE "city";
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
