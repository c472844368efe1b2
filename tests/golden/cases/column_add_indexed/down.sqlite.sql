-- 0002_add_person_team_and_index_person_team_name (backward)
DROP INDEX "person_team_name";
DROP INDEX "person_team";
ALTER TABLE "person" DROP COLUMN "team";
