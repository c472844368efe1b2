-- 0002_move_account_motto_to_profile_and_more
-- migrate stops if profile.account_id refers to rows that account lacks
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "profile" AS child WHERE child."account_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "account" AS parent WHERE parent."id" = child."account_id");
-- migrate stops if account.motto has values of rows that have none in profile: no row takes them
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "account" AS source WHERE source."motto" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "profile" AS taking WHERE taking."account_id" = source."id");
-- migrate stops if account.seen has values of rows that have none in profile: no row takes them
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "account" AS source WHERE source."seen" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "profile" AS taking WHERE taking."account_id" = source."id");
DROP INDEX "account_motto";
ALTER TABLE "profile" ADD COLUMN "motto" VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE "profile" ALTER COLUMN "motto" DROP DEFAULT;
ALTER TABLE "profile" ADD COLUMN "last_seen" INTEGER;
UPDATE "profile" AS copied SET "motto" = (SELECT related."motto" FROM "account" AS related WHERE related."id" = copied."account_id") WHERE EXISTS (SELECT 1 FROM "account" AS related WHERE related."id" = copied."account_id" AND related."motto" IS NOT NULL);
UPDATE "profile" AS copied SET "last_seen" = (SELECT related."seen" FROM "account" AS related WHERE related."id" = copied."account_id") WHERE EXISTS (SELECT 1 FROM "account" AS related WHERE related."id" = copied."account_id" AND related."seen" IS NOT NULL);
CREATE INDEX "profile_motto" ON "profile" ("motto");
ALTER TABLE "account" DROP COLUMN "motto";
ALTER TABLE "account" DROP COLUMN "seen";
