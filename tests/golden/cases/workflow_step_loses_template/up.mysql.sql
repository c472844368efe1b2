-- 0002_alter_workflow_step_template_step_id
ALTER TABLE `workflow_step` MODIFY `template_step_id` INTEGER;
-- assumes that the foreign key of workflow_step (template_step_id) is named workflow_step_ibfk_1
ALTER TABLE `workflow_step` DROP FOREIGN KEY `workflow_step_ibfk_1`;
ALTER TABLE `workflow_step` ADD FOREIGN KEY (`template_step_id`) REFERENCES `template_step` (`id`) ON DELETE SET NULL;
