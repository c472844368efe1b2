-- 0002_alter_workflow_step_template_step_id
ALTER TABLE "workflow_step" ALTER COLUMN "template_step_id" DROP NOT NULL;
-- assumes that PostgreSQL named the foreign key of workflow_step (template_step_id) workflow_step_template_step_id_fkey
ALTER TABLE "workflow_step" DROP CONSTRAINT "workflow_step_template_step_id_fkey";
ALTER TABLE "workflow_step" ADD FOREIGN KEY ("template_step_id") REFERENCES "template_step" ("id") ON DELETE SET NULL;
