-- 0002_rename_run_to_instance_and_more (backward)
-- migrate stops if instance has rows without label (no value is given)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "instance" WHERE "label" IS NULL;
ALTER TABLE "instance" DROP COLUMN "state";
ALTER TABLE "instance" ALTER COLUMN "label" TYPE VARCHAR(255);
ALTER TABLE "instance" ALTER COLUMN "label" SET NOT NULL;
ALTER INDEX "instance_parent_id" RENAME TO "run_parent_id";
ALTER TABLE "instance" RENAME TO "run";
CREATE INDEX "run_label" ON "run" ("label");
