-- 0002_alter_person_value (backward)
-- migrate stops if person.value has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "value" IS NOT NULL AND (CAST("value" AS NUMERIC) NOT BETWEEN -2147483648 AND 2147483647 OR CAST("value" AS NUMERIC) <> round(CAST("value" AS NUMERIC)));
ALTER TABLE "person" ALTER COLUMN "value" TYPE INTEGER;
