-- 0002_rename_run_to_instance_and_more
ALTER TABLE "run" RENAME TO "instance";
ALTER TABLE "step" RENAME COLUMN "run_id" TO "instance_id";
ALTER INDEX "run_label" RENAME TO "instance_label";
ALTER INDEX "run_parent_id" RENAME TO "instance_parent_id";
ALTER INDEX "step_run_id" RENAME TO "step_instance_id";
ALTER INDEX "step_run_id_position" RENAME TO "step_instance_id_position";
