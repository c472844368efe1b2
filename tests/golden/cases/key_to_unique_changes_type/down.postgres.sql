-- 0002_alter_city_country_id_and_country_code (backward)
-- stops if country.code has texts of more than 2 characters
-- stops if city.country_id has texts of more than 2 characters
ALTER TABLE "country" ALTER COLUMN "code" TYPE VARCHAR(2);
ALTER TABLE "city" ALTER COLUMN "country_id" TYPE VARCHAR(2);
