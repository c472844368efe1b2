-- 0002_alter_person_value
-- migrate stops if person has rows without value (no value is given)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "value" IS NULL;
ALTER TABLE "person" ALTER COLUMN "value" SET NOT NULL;
