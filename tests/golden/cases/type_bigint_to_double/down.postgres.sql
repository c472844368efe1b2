-- 0002_alter_person_value (backward)
-- migrate stops if person.value has values that are no BIGINT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "value" IS NOT NULL AND (CAST("value" AS NUMERIC) NOT BETWEEN -9223372036854775808 AND 9223372036854775807 OR CAST("value" AS NUMERIC) <> round(CAST("value" AS NUMERIC)));
ALTER TABLE "person" ALTER COLUMN "value" TYPE BIGINT;
