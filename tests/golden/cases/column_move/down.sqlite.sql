-- 0002_move_account_motto_to_profile_and_more (backward)
-- migrate stops if profile.last_seen has values of rows that have none in account: no row takes them
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "profile" AS source WHERE source."last_seen" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "account" AS taking WHERE taking."id" = source."account_id");
-- migrate stops if profile.motto has values of rows that have none in account: no row takes them
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "profile" AS source WHERE source."motto" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "account" AS taking WHERE taking."id" = source."account_id");
DROP INDEX "profile_motto";
-- rebuild of account: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_account" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(255) NOT NULL,
  "seen" INTEGER,
  "motto" VARCHAR(255) NOT NULL
);
INSERT INTO "_peewee_mig_new_account" ("id", "name", "seen", "motto")
SELECT "id", "name", NULL, '' FROM "account";
PRAGMA legacy_alter_table = ON;
DROP TABLE "account";
ALTER TABLE "_peewee_mig_new_account" RENAME TO "account";
PRAGMA legacy_alter_table = OFF;
UPDATE "account" AS copied SET "seen" = (SELECT related."last_seen" FROM "profile" AS related WHERE related."account_id" = copied."id") WHERE EXISTS (SELECT 1 FROM "profile" AS related WHERE related."account_id" = copied."id" AND related."last_seen" IS NOT NULL);
UPDATE "account" AS copied SET "motto" = (SELECT related."motto" FROM "profile" AS related WHERE related."account_id" = copied."id") WHERE EXISTS (SELECT 1 FROM "profile" AS related WHERE related."account_id" = copied."id" AND related."motto" IS NOT NULL);
ALTER TABLE "profile" DROP COLUMN "last_seen";
ALTER TABLE "profile" DROP COLUMN "motto";
-- rebuild of account: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_account" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(255) NOT NULL,
  "seen" INTEGER,
  "motto" VARCHAR(255) NOT NULL
);
INSERT INTO "_peewee_mig_new_account" ("id", "name", "seen", "motto")
SELECT "id", "name", "seen", "motto" FROM "account";
PRAGMA legacy_alter_table = ON;
DROP TABLE "account";
ALTER TABLE "_peewee_mig_new_account" RENAME TO "account";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "account_motto" ON "account" ("motto");
