-- 0002_add_index_person_name_team
CREATE INDEX `by_name` ON `person` (`name`, `team`);
