-- 0002_drop_unique_person_team_name_and_person_team (backward)
ALTER TABLE "person" ADD COLUMN "team" INTEGER;
CREATE UNIQUE INDEX "person_team_name" ON "person" ("team", "name");
