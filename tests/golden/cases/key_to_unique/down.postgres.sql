-- 0002_add_city_country_id_and_unique_country_code (backward)
-- assumes that PostgreSQL named the foreign key of city (country_id) city_country_id_fkey
ALTER TABLE "city" DROP CONSTRAINT "city_country_id_fkey";
DROP INDEX "country_code";
DROP INDEX "city_country_id";
ALTER TABLE "city" DROP COLUMN "country_id";
