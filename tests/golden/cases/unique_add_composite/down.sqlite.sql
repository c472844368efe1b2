-- 0002_add_unique_person_name_team (backward)
DROP INDEX "person_name_team";
