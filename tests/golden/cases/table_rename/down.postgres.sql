-- 0002_rename_run_to_instance_and_more (backward)
ALTER INDEX "instance_parent_id" RENAME TO "run_parent_id";
ALTER INDEX "instance_label" RENAME TO "run_label";
ALTER TABLE "instance" RENAME TO "run";
