-- 0002_add_city_country_id_and_unique_country_code (backward)
DROP INDEX "country_code";
DROP INDEX "city_country_id";
-- rebuild of city: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_city" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" TEXT NOT NULL
);
INSERT INTO "_peewee_mig_new_city" ("id", "name")
SELECT "id", "name" FROM "city";
PRAGMA legacy_alter_table = ON;
DROP TABLE "city";
ALTER TABLE "_peewee_mig_new_city" RENAME TO "city";
PRAGMA legacy_alter_table = OFF;
