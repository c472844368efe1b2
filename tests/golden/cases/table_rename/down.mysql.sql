-- 0002_rename_run_to_instance_and_more (backward)
ALTER TABLE `instance` RENAME INDEX `instance_parent_id` TO `run_parent_id`;
ALTER TABLE `instance` RENAME INDEX `instance_label` TO `run_label`;
RENAME TABLE `instance` TO `run`;
