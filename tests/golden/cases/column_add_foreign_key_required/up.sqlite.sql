-- 0002_add_person_city_id
-- migrate stops if person.city_id refers to rows that city lacks
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" AS child WHERE 4 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "city" AS parent WHERE parent."id" = 4);
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(80) NOT NULL,
  "city_id" INTEGER NOT NULL,
  FOREIGN KEY ("city_id") REFERENCES "city" ("id") ON DELETE RESTRICT
);
INSERT INTO "_peewee_mig_new_person" ("id", "name", "city_id")
SELECT "id", "name", 4 FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "person_city_id" ON "person" ("city_id");
