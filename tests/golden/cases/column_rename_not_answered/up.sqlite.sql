-- 0002_drop_person_name_and_add_person_full_name
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "full_name" VARCHAR(80) NOT NULL
);
INSERT INTO "_peewee_mig_new_person" ("id", "full_name")
SELECT "id", '?' FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
