-- 0002_rename_person_b_to_bb_and_more (backward)
-- stops if person.bb has texts of more than 10 characters
-- stops if person.a has values that are no INT
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
