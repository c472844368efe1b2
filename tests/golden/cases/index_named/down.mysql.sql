-- 0002_add_index_person_name_team (backward)
DROP INDEX `by_name` ON `person`;
