-- 0002_alter_person_value (backward)
-- migrate stops if person.value has values that are no FLOAT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "value" IS NOT NULL AND (CASE WHEN abs(CAST("value" AS NUMERIC)) > 16777216 OR (CAST("value" AS NUMERIC) <> 0 AND abs(CAST("value" AS NUMERIC)) < 1e-37) THEN TRUE ELSE CAST(CAST(CAST(CAST("value" AS NUMERIC) AS REAL) AS TEXT) AS NUMERIC) <> CAST("value" AS NUMERIC) END);
ALTER TABLE "person" ALTER COLUMN "value" TYPE REAL;
