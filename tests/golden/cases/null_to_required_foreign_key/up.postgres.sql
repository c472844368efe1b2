-- 0002_alter_person_city_id
-- migrate stops if person has rows without city_id (no value is given)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "city_id" IS NULL;
ALTER TABLE "person" ALTER COLUMN "city_id" SET NOT NULL;
