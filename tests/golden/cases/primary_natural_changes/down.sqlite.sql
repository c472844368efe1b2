-- 0002_add_currency_name_and_more (backward)
-- migrate stops if rate.currency_id has texts of more than 3 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "rate" WHERE length("currency_id") > 3;
-- migrate stops if currency.code has texts of more than 3 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "currency" WHERE length("code") > 3;
-- rebuild of currency: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_currency" (
  "code" VARCHAR(3) NOT NULL PRIMARY KEY
);
INSERT INTO "_peewee_mig_new_currency" ("code")
SELECT "code" FROM "currency";
PRAGMA legacy_alter_table = ON;
DROP TABLE "currency";
ALTER TABLE "_peewee_mig_new_currency" RENAME TO "currency";
PRAGMA legacy_alter_table = OFF;
-- rebuild of rate: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_rate" (
  "currency_id" VARCHAR(3) NOT NULL,
  "day" DATE NOT NULL,
  "value" REAL NOT NULL,
  PRIMARY KEY ("currency_id", "day"),
  FOREIGN KEY ("currency_id") REFERENCES "currency" ("code")
);
INSERT INTO "_peewee_mig_new_rate" ("currency_id", "day", "value")
SELECT "currency_id", "day", "value" FROM "rate";
PRAGMA legacy_alter_table = ON;
DROP TABLE "rate";
ALTER TABLE "_peewee_mig_new_rate" RENAME TO "rate";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "rate_currency_id" ON "rate" ("currency_id");
