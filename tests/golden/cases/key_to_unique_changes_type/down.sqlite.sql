-- 0002_alter_city_country_id_and_country_code (backward)
-- migrate stops if country.code has texts of more than 2 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "country" WHERE length("code") > 2;
-- migrate stops if city.country_id has texts of more than 2 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "city" WHERE length("country_id") > 2;
-- rebuild of country: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_country" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "code" VARCHAR(2) NOT NULL
);
INSERT INTO "_peewee_mig_new_country" ("id", "code")
SELECT "id", "code" FROM "country";
PRAGMA legacy_alter_table = ON;
DROP TABLE "country";
ALTER TABLE "_peewee_mig_new_country" RENAME TO "country";
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX "country_code" ON "country" ("code");
-- rebuild of city: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_city" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "country_id" VARCHAR(2) NOT NULL,
  FOREIGN KEY ("country_id") REFERENCES "country" ("code") ON UPDATE CASCADE
);
INSERT INTO "_peewee_mig_new_city" ("id", "country_id")
SELECT "id", "country_id" FROM "city";
PRAGMA legacy_alter_table = ON;
DROP TABLE "city";
ALTER TABLE "_peewee_mig_new_city" RENAME TO "city";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "city_country_id" ON "city" ("country_id");
