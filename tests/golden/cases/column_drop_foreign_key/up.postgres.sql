-- 0002_drop_person_city_id
-- assumes that PostgreSQL named the foreign key of person (city_id) person_city_id_fkey
ALTER TABLE "person" DROP CONSTRAINT "person_city_id_fkey";
DROP INDEX "person_city_id";
ALTER TABLE "person" DROP COLUMN "city_id";
