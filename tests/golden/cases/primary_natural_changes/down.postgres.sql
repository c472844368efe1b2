-- 0002_add_currency_name_and_more (backward)
-- migrate stops if rate.value has values that are no FLOAT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "rate" WHERE "value" IS NOT NULL AND (CASE WHEN abs(CAST("value" AS NUMERIC)) > 16777216 OR (CAST("value" AS NUMERIC) <> 0 AND abs(CAST("value" AS NUMERIC)) < 1e-37) THEN TRUE ELSE CAST(CAST(CAST(CAST("value" AS NUMERIC) AS REAL) AS TEXT) AS NUMERIC) <> CAST("value" AS NUMERIC) END);
-- migrate stops if rate.currency_id has texts of more than 3 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "rate" WHERE char_length(CAST("currency_id" AS TEXT)) > 3;
-- migrate stops if currency.code has texts of more than 3 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "currency" WHERE char_length(CAST("code" AS TEXT)) > 3;
ALTER TABLE "currency" DROP COLUMN "name";
ALTER TABLE "rate" ALTER COLUMN "value" TYPE REAL;
ALTER TABLE "rate" ALTER COLUMN "currency_id" TYPE VARCHAR(3);
ALTER TABLE "currency" ALTER COLUMN "code" TYPE VARCHAR(3);
