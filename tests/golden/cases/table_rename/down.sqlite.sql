-- 0002_rename_run_to_instance_and_more (backward)
DROP INDEX "instance_parent_id";
CREATE INDEX "run_parent_id" ON "instance" ("parent_id");
DROP INDEX "instance_label";
CREATE INDEX "run_label" ON "instance" ("label");
ALTER TABLE "instance" RENAME TO "run";
