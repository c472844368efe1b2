-- 0002_rename_run_to_instance_and_more (backward)
ALTER INDEX "step_instance_id_position" RENAME TO "step_run_id_position";
ALTER INDEX "step_instance_id" RENAME TO "step_run_id";
ALTER INDEX "instance_parent_id" RENAME TO "run_parent_id";
ALTER INDEX "instance_label" RENAME TO "run_label";
ALTER TABLE "step" RENAME COLUMN "instance_id" TO "run_id";
ALTER TABLE "instance" RENAME TO "run";
