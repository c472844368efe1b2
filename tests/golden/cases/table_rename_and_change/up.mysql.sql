-- 0002_rename_run_to_instance_and_more
-- migrate stops if run.label has texts of more than 40 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `run` WHERE char_length(`label`) > 40;
DROP INDEX `run_label` ON `run`;
RENAME TABLE `run` TO `instance`;
ALTER TABLE `instance` RENAME INDEX `run_parent_id` TO `instance_parent_id`;
ALTER TABLE `instance` MODIFY `label` VARCHAR(40);
ALTER TABLE `instance` ADD COLUMN `state` VARCHAR(255) NOT NULL DEFAULT 'new';
ALTER TABLE `instance` ALTER COLUMN `state` DROP DEFAULT;
