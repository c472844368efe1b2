-- 0002_rename_run_to_instance_and_more (backward)
DROP INDEX "step_instance_id_position";
CREATE UNIQUE INDEX "step_run_id_position" ON "step" ("instance_id", "position");
DROP INDEX "step_instance_id";
CREATE INDEX "step_run_id" ON "step" ("instance_id");
DROP INDEX "instance_parent_id";
CREATE INDEX "run_parent_id" ON "instance" ("parent_id");
DROP INDEX "instance_label";
CREATE INDEX "run_label" ON "instance" ("label");
ALTER TABLE "step" RENAME COLUMN "instance_id" TO "run_id";
ALTER TABLE "instance" RENAME TO "run";
