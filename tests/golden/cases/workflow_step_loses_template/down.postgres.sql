-- 0002_alter_workflow_step_template_step_id (backward)
-- migrate stops if workflow_step has rows without template_step_id (no value is given)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "workflow_step" WHERE "template_step_id" IS NULL;
-- assumes that PostgreSQL named the foreign key of workflow_step (template_step_id) workflow_step_template_step_id_fkey
ALTER TABLE "workflow_step" DROP CONSTRAINT "workflow_step_template_step_id_fkey";
ALTER TABLE "workflow_step" ALTER COLUMN "template_step_id" SET NOT NULL;
ALTER TABLE "workflow_step" ADD FOREIGN KEY ("template_step_id") REFERENCES "template_step" ("id") ON DELETE RESTRICT;
