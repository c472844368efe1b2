-- 0002_rename_run_to_instance_and_more (backward)
-- migrate stops if instance has rows without label (no value is given)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `instance` WHERE `label` IS NULL;
ALTER TABLE `instance` DROP COLUMN `state`;
-- NOT RUN: it would fill existing rows of instance.label with empty values
-- ALTER TABLE `instance` MODIFY `label` VARCHAR(255) NOT NULL;
ALTER TABLE `instance` RENAME INDEX `instance_parent_id` TO `run_parent_id`;
RENAME TABLE `instance` TO `run`;
CREATE INDEX `run_label` ON `run` (`label`);
