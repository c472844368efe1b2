-- 0002_drop_unique_person_name_team_and_more
-- stops if two rows of person have the same team, name
DROP INDEX "person_name_team";
CREATE UNIQUE INDEX "person_team_name" ON "person" ("team", "name");
