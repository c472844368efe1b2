-- 0002_alter_item_twice_and_item_price (backward)
-- migrate stops if item.price has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "item" WHERE "price" IS NOT NULL AND (CAST("price" AS NUMERIC) NOT BETWEEN -2147483648 AND 2147483647 OR CAST("price" AS NUMERIC) <> round(CAST("price" AS NUMERIC)));
ALTER TABLE "item" ALTER COLUMN "price" TYPE INTEGER;
ALTER TABLE "item" DROP COLUMN "twice";
ALTER TABLE "item" ADD COLUMN "twice" INTEGER GENERATED ALWAYS AS ("price" * 2) STORED;
