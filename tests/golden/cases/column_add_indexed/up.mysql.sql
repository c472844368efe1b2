-- 0002_add_person_team_and_index_person_team_name
ALTER TABLE `person` ADD COLUMN `team` INTEGER;
UPDATE `person` SET `team` = 0 WHERE `team` IS NULL;
ALTER TABLE `person` MODIFY `team` INTEGER NOT NULL;
CREATE INDEX `person_team` ON `person` (`team`);
CREATE INDEX `person_team_name` ON `person` (`team`, `name`);
