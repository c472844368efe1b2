-- 0002_add_unique_person_name_team
-- migrate stops if two rows of person have the same name, team
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT "name", "team" FROM "person" WHERE "name" IS NOT NULL AND "team" IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1) AS twice;
CREATE UNIQUE INDEX "person_name_team" ON "person" ("name", "team");
