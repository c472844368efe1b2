-- 0002_drop_key_person_city_id (backward)
-- stops if person.city_id refers to rows that city lacks
ALTER TABLE "person" ADD FOREIGN KEY ("city_id") REFERENCES "city" ("id");
