-- 0002_alter_person_value
-- migrate stops if person.value has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "value" IS NOT NULL AND (CASE WHEN CAST("value" AS TEXT) ~* '^\s*[-+]?\d{1,30}\s*$' THEN CAST(CAST("value" AS TEXT) AS NUMERIC) NOT BETWEEN -2147483648 AND 2147483647 OR CAST(CAST("value" AS TEXT) AS NUMERIC) <> round(CAST(CAST("value" AS TEXT) AS NUMERIC)) ELSE TRUE END);
ALTER TABLE "person" ALTER COLUMN "value" TYPE INTEGER USING "value"::INTEGER;
