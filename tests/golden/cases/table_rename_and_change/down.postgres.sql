-- 0002_rename_run_to_instance_and_more (backward)
-- stops if instance has rows without label (no value is given)
ALTER TABLE "instance" DROP COLUMN "state";
ALTER TABLE "instance" ALTER COLUMN "label" TYPE VARCHAR(255);
ALTER TABLE "instance" ALTER COLUMN "label" SET NOT NULL;
ALTER INDEX "instance_parent_id" RENAME TO "run_parent_id";
ALTER TABLE "instance" RENAME TO "run";
CREATE INDEX "run_label" ON "run" ("label");
