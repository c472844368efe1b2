-- 0002_drop_unique_country_code_and_country_id
-- migrate stops if two rows of country have the same code
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT "code" FROM "country" WHERE "code" IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice;
DROP INDEX "country_code";
-- rebuild of country: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_country" (
  "code" VARCHAR(2) NOT NULL PRIMARY KEY
);
INSERT INTO "_peewee_mig_new_country" ("code")
SELECT "code" FROM "country";
PRAGMA legacy_alter_table = ON;
DROP TABLE "country";
ALTER TABLE "_peewee_mig_new_country" RENAME TO "country";
PRAGMA legacy_alter_table = OFF;
