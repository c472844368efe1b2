-- 0002_drop_key_city_country_id_and_more (backward)
-- stops if city.country_id refers to rows that country lacks
-- assumes that PostgreSQL named the foreign key of city (country_id) city_country_id_fkey
ALTER TABLE "city" DROP CONSTRAINT "city_country_id_fkey";
ALTER TABLE "city" ADD FOREIGN KEY ("country_id") REFERENCES "country" ("id");
