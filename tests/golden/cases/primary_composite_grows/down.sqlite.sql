-- 0002_add_rate_source_and_alter_rate_currency_day (backward)
-- stops if two rows of rate have the same currency, day
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
