-- 0002_add_currency_name_and_more (backward)
-- stops if rate.value has values that are no FLOAT
-- stops if rate.currency_id has texts of more than 3 characters
-- stops if currency.code has texts of more than 3 characters
ALTER TABLE "currency" DROP COLUMN "name";
ALTER TABLE "rate" ALTER COLUMN "value" TYPE REAL;
ALTER TABLE "rate" ALTER COLUMN "currency_id" TYPE VARCHAR(3);
ALTER TABLE "currency" ALTER COLUMN "code" TYPE VARCHAR(3);
