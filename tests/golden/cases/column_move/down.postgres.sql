-- 0002_move_account_motto_to_profile_and_more (backward)
-- migrate stops if profile.last_seen has values of rows that have none in account: no row takes them
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "profile" AS source WHERE source."last_seen" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "account" AS taking WHERE taking."id" = source."account_id");
-- migrate stops if profile.motto has values of rows that have none in account: no row takes them
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "profile" AS source WHERE source."motto" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "account" AS taking WHERE taking."id" = source."account_id");
ALTER TABLE "account" ADD COLUMN "seen" INTEGER;
ALTER TABLE "account" ADD COLUMN "motto" VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE "account" ALTER COLUMN "motto" DROP DEFAULT;
DROP INDEX "profile_motto";
UPDATE "account" AS copied SET "seen" = (SELECT related."last_seen" FROM "profile" AS related WHERE related."account_id" = copied."id") WHERE EXISTS (SELECT 1 FROM "profile" AS related WHERE related."account_id" = copied."id" AND related."last_seen" IS NOT NULL);
UPDATE "account" AS copied SET "motto" = (SELECT related."motto" FROM "profile" AS related WHERE related."account_id" = copied."id") WHERE EXISTS (SELECT 1 FROM "profile" AS related WHERE related."account_id" = copied."id" AND related."motto" IS NOT NULL);
ALTER TABLE "profile" DROP COLUMN "last_seen";
ALTER TABLE "profile" DROP COLUMN "motto";
CREATE INDEX "account_motto" ON "account" ("motto");
