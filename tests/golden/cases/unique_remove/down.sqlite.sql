-- 0002_drop_unique_person_name (backward)
-- migrate stops if two rows of person have the same name
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT "name" FROM "person" WHERE "name" IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice;
CREATE UNIQUE INDEX "person_name" ON "person" ("name");
