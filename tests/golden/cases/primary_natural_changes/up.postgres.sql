-- 0002_add_currency_name_and_more
-- migrate stops if rate.value has values that are no DECIMAL(18, 8)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "rate" WHERE "value" IS NOT NULL AND (abs(CAST("value" AS NUMERIC)) >= 10000000000 OR CAST("value" AS NUMERIC) <> round(CAST("value" AS NUMERIC), 8));
ALTER TABLE "currency" ALTER COLUMN "code" TYPE VARCHAR(8);
ALTER TABLE "rate" ALTER COLUMN "currency_id" TYPE VARCHAR(8);
ALTER TABLE "rate" ALTER COLUMN "value" TYPE NUMERIC(18, 8);
ALTER TABLE "currency" ADD COLUMN "name" TEXT;
