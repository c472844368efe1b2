-- 0002_rename_person_b_to_bb_and_more (backward)
-- migrate stops if person.bb has texts of more than 10 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE char_length(CAST("bb" AS TEXT)) > 10;
-- migrate stops if person.a has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "a" IS NOT NULL AND (CAST("a" AS NUMERIC) NOT BETWEEN -2147483648 AND 2147483647 OR CAST("a" AS NUMERIC) <> round(CAST("a" AS NUMERIC)));
ALTER TABLE "person" ADD COLUMN "c" TEXT;
-- assumes that PostgreSQL named the foreign key of person (boss_id) person_boss_id_fkey
ALTER TABLE "person" DROP CONSTRAINT "person_boss_id_fkey";
DROP INDEX "person_boss_id";
DROP INDEX "person_bb";
ALTER TABLE "person" DROP COLUMN "boss_id";
ALTER TABLE "person" DROP COLUMN "d";
ALTER TABLE "person" ALTER COLUMN "bb" TYPE VARCHAR(10);
ALTER TABLE "person" ALTER COLUMN "a" DROP NOT NULL;
ALTER TABLE "person" ALTER COLUMN "a" TYPE INTEGER;
ALTER TABLE "person" RENAME COLUMN "bb" TO "b";
CREATE INDEX "person_b" ON "person" ("b");
