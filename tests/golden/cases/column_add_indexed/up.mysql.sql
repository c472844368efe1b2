-- 0002_add_person_team_and_index_person_team_name
ALTER TABLE `person` ADD COLUMN `team` INTEGER NOT NULL DEFAULT 0;
ALTER TABLE `person` ALTER COLUMN `team` DROP DEFAULT;
CREATE INDEX `person_team` ON `person` (`team`);
CREATE INDEX `person_team_name` ON `person` (`team`, `name`);
