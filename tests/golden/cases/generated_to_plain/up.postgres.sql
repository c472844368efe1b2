-- 0002_alter_item_twice_and_item_price
ALTER TABLE "item" ALTER COLUMN "twice" DROP EXPRESSION;
ALTER TABLE "item" ALTER COLUMN "price" TYPE BIGINT;
