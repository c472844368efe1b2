-- 0002_drop_index_person_name_team_and_index_person_team
DROP INDEX "person_name_team";
DROP INDEX "person_team";
