-- 0002_add_rate_source_and_alter_rate_currency_day (backward)
-- migrate stops if two rows of rate have the same currency, day
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT "currency", "day" FROM "rate" WHERE "currency" IS NOT NULL AND "day" IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1) AS twice;
-- rebuild of rate: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_rate" (
  "currency" CHAR(3) NOT NULL,
  "day" DATE NOT NULL,
  PRIMARY KEY ("currency", "day")
);
INSERT INTO "_peewee_mig_new_rate" ("currency", "day")
SELECT "currency", "day" FROM "rate";
PRAGMA legacy_alter_table = ON;
DROP TABLE "rate";
ALTER TABLE "_peewee_mig_new_rate" RENAME TO "rate";
PRAGMA legacy_alter_table = OFF;
