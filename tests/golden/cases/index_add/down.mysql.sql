-- 0002_add_index_person_team_and_index_person_name_team (backward)
DROP INDEX `person_name_team` ON `person`;
DROP INDEX `person_team` ON `person`;
