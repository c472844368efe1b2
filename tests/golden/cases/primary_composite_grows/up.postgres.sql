-- 0002_add_rate_source_and_alter_rate_currency_day
-- migrate stops if two rows of rate have the same currency, day, source
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT "currency", "day", 'bank' FROM "rate" WHERE "currency" IS NOT NULL AND "day" IS NOT NULL AND 'bank' IS NOT NULL GROUP BY 1, 2, 3 HAVING count(*) > 1) AS twice;
ALTER TABLE "rate" ADD COLUMN "source" VARCHAR(20) NOT NULL DEFAULT 'bank';
ALTER TABLE "rate" ALTER COLUMN "source" DROP DEFAULT;
-- assumes that PostgreSQL named the primary key of rate (currency, day) rate_pkey
ALTER TABLE "rate" DROP CONSTRAINT "rate_pkey";
ALTER TABLE "rate" ADD PRIMARY KEY ("currency", "day", "source");
