-- 0002_alter_person_value
-- migrate stops if person.value has values that are no DOUBLE
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "value" IS NOT NULL AND (abs(CAST("value" AS NUMERIC)) > 9007199254740992);
ALTER TABLE "person" ALTER COLUMN "value" TYPE DOUBLE PRECISION;
