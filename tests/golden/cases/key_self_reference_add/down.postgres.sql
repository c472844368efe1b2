-- 0002_add_person_boss_id (backward)
-- assumes that PostgreSQL named the foreign key of person (boss_id) person_boss_id_fkey
ALTER TABLE "person" DROP CONSTRAINT "person_boss_id_fkey";
DROP INDEX "person_boss_id";
ALTER TABLE "person" DROP COLUMN "boss_id";
