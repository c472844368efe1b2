-- 0002_drop_unique_country_code_and_country_id
-- migrate stops if two rows of country have the same code
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT "code" FROM "country" WHERE "code" IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice;
-- assumes that PostgreSQL named the primary key of country (id) country_pkey
ALTER TABLE "country" DROP CONSTRAINT "country_pkey";
ALTER TABLE "country" ADD PRIMARY KEY ("code");
-- assumes that PostgreSQL named the foreign key of city (country_id) city_country_id_fkey
ALTER TABLE "city" DROP CONSTRAINT "city_country_id_fkey";
DROP INDEX "country_code";
ALTER TABLE "country" DROP COLUMN "id";
ALTER TABLE "city" ADD FOREIGN KEY ("country_id") REFERENCES "country" ("code");
