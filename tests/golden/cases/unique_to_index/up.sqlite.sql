-- 0002_drop_unique_person_team_and_add_index_person_team
DROP INDEX "person_team";
CREATE INDEX "person_team" ON "person" ("team");
