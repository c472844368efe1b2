-- 0002_drop_unique_person_team_name_and_person_team
DROP INDEX "person_team_name";
ALTER TABLE "person" DROP COLUMN "team";
