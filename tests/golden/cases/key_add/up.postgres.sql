-- 0002_add_index_person_city_id_and_key_person_city_id
-- stops if person.city_id refers to rows that city lacks
CREATE INDEX "person_city_id" ON "person" ("city_id");
ALTER TABLE "person" ADD FOREIGN KEY ("city_id") REFERENCES "city" ("id");
