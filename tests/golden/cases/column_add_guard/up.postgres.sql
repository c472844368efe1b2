-- 0002_add_person_country
-- migrate stops if person has rows (no value for country is given)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person";
ALTER TABLE "person" ADD COLUMN "country" VARCHAR(2) NOT NULL;
