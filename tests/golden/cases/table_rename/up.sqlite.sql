-- 0002_rename_run_to_instance_and_more
ALTER TABLE "run" RENAME TO "instance";
DROP INDEX "run_label";
CREATE INDEX "instance_label" ON "instance" ("label");
DROP INDEX "run_parent_id";
CREATE INDEX "instance_parent_id" ON "instance" ("parent_id");
