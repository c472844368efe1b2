-- 0002_alter_city_country_id_and_country_code
ALTER TABLE "city" ALTER COLUMN "country_id" TYPE VARCHAR(3);
ALTER TABLE "country" ALTER COLUMN "code" TYPE VARCHAR(3);
