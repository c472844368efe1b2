-- 0002_drop_key_person_home_id_and_add_key_person_home_id
-- stops if person.home_id refers to rows that village lacks
-- assumes that PostgreSQL named the foreign key of person (home_id) person_home_id_fkey
ALTER TABLE "person" DROP CONSTRAINT "person_home_id_fkey";
ALTER TABLE "person" ADD FOREIGN KEY ("home_id") REFERENCES "village" ("id");
