-- 0002_drop_index_person_name_team_and_more
DROP INDEX `by_name` ON `person`;
CREATE INDEX `by_name_and_team` ON `person` (`name`, `team`);
