-- 0002_rename_run_to_instance_and_more
ALTER TABLE "run" RENAME TO "instance";
ALTER TABLE "step" RENAME COLUMN "run_id" TO "instance_id";
DROP INDEX "run_label";
CREATE INDEX "instance_label" ON "instance" ("label");
DROP INDEX "run_parent_id";
CREATE INDEX "instance_parent_id" ON "instance" ("parent_id");
DROP INDEX "step_run_id";
CREATE INDEX "step_instance_id" ON "step" ("instance_id");
DROP INDEX "step_run_id_position";
CREATE UNIQUE INDEX "step_instance_id_position" ON "step" ("instance_id", "position");
