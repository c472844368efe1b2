-- 0002_drop_unique_person_name_team_and_more (backward)
-- stops if two rows of person have the same name, team
DROP INDEX "person_team_name";
CREATE UNIQUE INDEX "person_name_team" ON "person" ("name", "team");
