-- 0002_drop_index_person_team_and_add_unique_person_team (backward)
DROP INDEX "person_team";
CREATE INDEX "person_team" ON "person" ("team");
