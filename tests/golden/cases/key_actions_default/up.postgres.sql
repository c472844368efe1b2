-- 0002_alter_person_city_id
-- assumes that PostgreSQL named the foreign key of person (city_id) person_city_id_fkey
ALTER TABLE "person" DROP CONSTRAINT "person_city_id_fkey";
ALTER TABLE "person" ADD FOREIGN KEY ("city_id") REFERENCES "city" ("id");
