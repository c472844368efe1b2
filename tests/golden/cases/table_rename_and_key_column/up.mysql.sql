-- 0002_rename_run_to_instance_and_more
RENAME TABLE `run` TO `instance`;
ALTER TABLE `step` RENAME COLUMN `run_id` TO `instance_id`;
ALTER TABLE `instance` RENAME INDEX `run_label` TO `instance_label`;
ALTER TABLE `instance` RENAME INDEX `run_parent_id` TO `instance_parent_id`;
ALTER TABLE `step` RENAME INDEX `step_run_id` TO `step_instance_id`;
ALTER TABLE `step` RENAME INDEX `step_run_id_position` TO `step_instance_id_position`;
