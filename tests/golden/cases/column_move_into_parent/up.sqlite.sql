-- 0002_rename_person_to_human_and_more
-- migrate stops if detail.phone has values of rows that have none in person: no row takes them
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "detail" AS source WHERE source."phone" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "person" AS taking WHERE taking."id" = source."person_id");
-- migrate stops if detail.note has values of rows that have none in person: no row takes them
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "detail" AS source WHERE source."note" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "person" AS taking WHERE taking."id" = source."person_id");
ALTER TABLE "person" RENAME TO "human";
-- rebuild of human: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_human" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(255) NOT NULL,
  "phone" VARCHAR(255) NOT NULL,
  "note" VARCHAR(255)
);
INSERT INTO "_peewee_mig_new_human" ("id", "name", "phone", "note")
SELECT "id", "name", 'none', NULL FROM "human";
PRAGMA legacy_alter_table = ON;
DROP TABLE "human";
ALTER TABLE "_peewee_mig_new_human" RENAME TO "human";
PRAGMA legacy_alter_table = OFF;
UPDATE "human" AS copied SET "phone" = (SELECT related."phone" FROM "detail" AS related WHERE related."person_id" = copied."id") WHERE EXISTS (SELECT 1 FROM "detail" AS related WHERE related."person_id" = copied."id" AND related."phone" IS NOT NULL);
UPDATE "human" AS copied SET "note" = (SELECT related."note" FROM "detail" AS related WHERE related."person_id" = copied."id") WHERE EXISTS (SELECT 1 FROM "detail" AS related WHERE related."person_id" = copied."id" AND related."note" IS NOT NULL);
DROP TABLE "detail";
