-- 0002_add_index_person_city_id_and_key_person_city_id (backward)
-- assumes that PostgreSQL named the foreign key of person (city_id) person_city_id_fkey
ALTER TABLE "person" DROP CONSTRAINT "person_city_id_fkey";
DROP INDEX "person_city_id";
