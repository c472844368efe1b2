-- 0002_add_index_person_team_and_index_person_name_team
CREATE INDEX "person_team" ON "person" ("team");
CREATE INDEX "person_name_team" ON "person" ("name", "team");
