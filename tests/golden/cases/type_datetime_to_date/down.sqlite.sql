-- 0002_alter_person_value (backward)
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(80) NOT NULL,
  "value" DATETIME NOT NULL
);
INSERT INTO "_peewee_mig_new_person" ("id", "name", "value")
SELECT "id", "name", CASE WHEN "value" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' THEN "value" || ' 00:00:00' WHEN "value" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][ T][0-9][0-9]:[0-9][0-9]' THEN substr("value", 1, 10) || ' ' || substr("value", 12) || ':00' WHEN "value" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T*' THEN substr("value", 1, 10) || ' ' || substr("value", 12) ELSE "value" END FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
