-- 0002_rename_run_to_instance_and_more (backward)
ALTER TABLE `step` RENAME INDEX `step_instance_id_position` TO `step_run_id_position`;
ALTER TABLE `step` RENAME INDEX `step_instance_id` TO `step_run_id`;
ALTER TABLE `instance` RENAME INDEX `instance_parent_id` TO `run_parent_id`;
ALTER TABLE `instance` RENAME INDEX `instance_label` TO `run_label`;
ALTER TABLE `step` RENAME COLUMN `instance_id` TO `run_id`;
RENAME TABLE `instance` TO `run`;
