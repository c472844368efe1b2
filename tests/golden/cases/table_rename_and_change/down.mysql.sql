-- 0002_rename_run_to_instance_and_more (backward)
-- stops if instance has rows without label (no value is given)
ALTER TABLE `instance` DROP COLUMN `state`;
ALTER TABLE `instance` MODIFY `label` VARCHAR(255) NOT NULL;
ALTER TABLE `instance` RENAME INDEX `instance_parent_id` TO `run_parent_id`;
RENAME TABLE `instance` TO `run`;
CREATE INDEX `run_label` ON `run` (`label`);
