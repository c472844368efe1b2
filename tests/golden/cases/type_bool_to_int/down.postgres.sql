-- 0002_alter_person_value (backward)
-- migrate stops if person.value has values that are no BOOL
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "value" IS NOT NULL AND (CAST("value" AS NUMERIC) NOT IN (0, 1));
ALTER TABLE "person" ALTER COLUMN "value" TYPE BOOLEAN USING "value" <> 0;
