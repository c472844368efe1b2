-- 0002_add_rate_source_and_alter_rate_currency_day
-- migrate stops if two rows of rate have the same currency, day, source
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT "currency", "day", 'bank' FROM "rate" WHERE "currency" IS NOT NULL AND "day" IS NOT NULL AND 'bank' IS NOT NULL GROUP BY 1, 2, 3 HAVING count(*) > 1) AS twice;
-- rebuild of rate: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_rate" (
  "currency" CHAR(3) NOT NULL,
  "day" DATE NOT NULL,
  "source" VARCHAR(20) NOT NULL,
  PRIMARY KEY ("currency", "day", "source")
);
INSERT INTO "_peewee_mig_new_rate" ("currency", "day", "source")
SELECT "currency", "day", 'bank' FROM "rate";
PRAGMA legacy_alter_table = ON;
DROP TABLE "rate";
ALTER TABLE "_peewee_mig_new_rate" RENAME TO "rate";
PRAGMA legacy_alter_table = OFF;
