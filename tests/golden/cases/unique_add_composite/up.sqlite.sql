-- 0002_add_unique_person_name_team
-- stops if two rows of person have the same name, team
CREATE UNIQUE INDEX "person_name_team" ON "person" ("name", "team");
