-- 0002_drop_grant_id
-- migrate stops if two rows of grant have the same person, role
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT "person", "role" FROM "grant" WHERE "person" IS NOT NULL AND "role" IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1) AS twice;
-- assumes that PostgreSQL named the primary key of grant (id) grant_pkey
ALTER TABLE "grant" DROP CONSTRAINT "grant_pkey";
ALTER TABLE "grant" ADD PRIMARY KEY ("person", "role");
ALTER TABLE "grant" DROP COLUMN "id";
