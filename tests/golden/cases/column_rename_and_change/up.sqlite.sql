-- 0002_rename_person_name_to_full_name_and_more
ALTER TABLE "person" RENAME COLUMN "name" TO "full_name";
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "full_name" VARCHAR(200)
);
INSERT INTO "_peewee_mig_new_person" ("id", "full_name")
SELECT "id", "full_name" FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
