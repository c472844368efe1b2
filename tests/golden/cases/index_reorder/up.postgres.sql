-- 0002_drop_unique_person_name_team_and_more
-- migrate stops if two rows of person have the same team, name
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT "team", "name" FROM "person" WHERE "team" IS NOT NULL AND "name" IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1) AS twice;
DROP INDEX "person_name_team";
CREATE UNIQUE INDEX "person_team_name" ON "person" ("team", "name");
