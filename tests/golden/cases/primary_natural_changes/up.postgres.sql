-- 0002_add_currency_name_and_more
-- stops if rate.value has values that are no DECIMAL(18, 8)
ALTER TABLE "currency" ALTER COLUMN "code" TYPE VARCHAR(8);
ALTER TABLE "rate" ALTER COLUMN "currency_id" TYPE VARCHAR(8);
ALTER TABLE "rate" ALTER COLUMN "value" TYPE NUMERIC(18, 8);
ALTER TABLE "currency" ADD COLUMN "name" TEXT;
