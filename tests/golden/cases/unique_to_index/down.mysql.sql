-- 0002_drop_unique_person_team_and_add_index_person_team (backward)
-- stops if two rows of person have the same team
DROP INDEX `person_team` ON `person`;
CREATE UNIQUE INDEX `person_team` ON `person` (`team`);
