-- 0002_alter_person_value (backward)
-- migrate stops if person.value has values that are no DECIMAL(8, 2)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "value" IS NOT NULL AND (abs(CAST("value" AS NUMERIC)) >= 1000000 OR CAST("value" AS NUMERIC) <> round(CAST("value" AS NUMERIC), 2));
ALTER TABLE "person" ALTER COLUMN "value" TYPE NUMERIC(8, 2);
