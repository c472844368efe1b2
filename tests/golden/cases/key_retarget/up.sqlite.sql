-- 0002_drop_key_person_home_id_and_add_key_person_home_id
-- migrate stops if person.home_id refers to rows that village lacks
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" AS child WHERE child."home_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "village" AS parent WHERE parent."id" = child."home_id");
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(80) NOT NULL,
  "home_id" INTEGER,
  FOREIGN KEY ("home_id") REFERENCES "village" ("id")
);
INSERT INTO "_peewee_mig_new_person" ("id", "name", "home_id")
SELECT "id", "name", "home_id" FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "person_home_id" ON "person" ("home_id");
