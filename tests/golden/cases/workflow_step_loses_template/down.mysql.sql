-- 0002_alter_workflow_step_template_step_id (backward)
-- migrate stops if workflow_step has rows without template_step_id (no value is given)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `workflow_step` WHERE `template_step_id` IS NULL;
-- assumes that the foreign key of workflow_step (template_step_id) is named workflow_step_ibfk_1
ALTER TABLE `workflow_step` DROP FOREIGN KEY `workflow_step_ibfk_1`;
-- NOT RUN: it would fill existing rows of workflow_step.template_step_id with empty values
-- ALTER TABLE `workflow_step` MODIFY `template_step_id` INTEGER NOT NULL;
ALTER TABLE `workflow_step` ADD FOREIGN KEY (`template_step_id`) REFERENCES `template_step` (`id`) ON DELETE RESTRICT;
