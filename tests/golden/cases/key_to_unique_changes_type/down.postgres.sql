-- 0002_alter_city_country_id_and_country_code (backward)
-- migrate stops if country.code has texts of more than 2 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "country" WHERE char_length(CAST("code" AS TEXT)) > 2;
-- migrate stops if city.country_id has texts of more than 2 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "city" WHERE char_length(CAST("country_id" AS TEXT)) > 2;
ALTER TABLE "country" ALTER COLUMN "code" TYPE VARCHAR(2);
ALTER TABLE "city" ALTER COLUMN "country_id" TYPE VARCHAR(2);
