-- 0002_rename_run_to_instance_and_more
ALTER TABLE "run" RENAME TO "instance";
ALTER INDEX "run_label" RENAME TO "instance_label";
ALTER INDEX "run_parent_id" RENAME TO "instance_parent_id";
