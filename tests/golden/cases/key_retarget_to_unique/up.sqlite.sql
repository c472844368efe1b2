-- 0002_drop_key_city_country_id_and_more
-- migrate stops if city.country_id refers to rows that country lacks
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "city" AS child WHERE child."country_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "country" AS parent WHERE parent."number" = child."country_id");
-- rebuild of city: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_city" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "country_id" INTEGER NOT NULL,
  FOREIGN KEY ("country_id") REFERENCES "country" ("number")
);
INSERT INTO "_peewee_mig_new_city" ("id", "country_id")
SELECT "id", "country_id" FROM "city";
PRAGMA legacy_alter_table = ON;
DROP TABLE "city";
ALTER TABLE "_peewee_mig_new_city" RENAME TO "city";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "city_country_id" ON "city" ("country_id");
