-- 0002_rename_run_to_instance_and_more
RENAME TABLE `run` TO `instance`;
ALTER TABLE `instance` RENAME INDEX `run_label` TO `instance_label`;
ALTER TABLE `instance` RENAME INDEX `run_parent_id` TO `instance_parent_id`;
