-- 0002_rename_run_to_instance_and_more (backward)
-- migrate stops if instance has rows without label (no value is given)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "instance" WHERE "label" IS NULL;
DROP INDEX "instance_parent_id";
ALTER TABLE "instance" RENAME TO "run";
-- rebuild of run: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_run" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "label" VARCHAR(255) NOT NULL,
  "parent_id" INTEGER,
  FOREIGN KEY ("parent_id") REFERENCES "run" ("id")
);
INSERT INTO "_peewee_mig_new_run" ("id", "label", "parent_id")
SELECT "id", "label", "parent_id" FROM "run";
PRAGMA legacy_alter_table = ON;
DROP TABLE "run";
ALTER TABLE "_peewee_mig_new_run" RENAME TO "run";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "run_parent_id" ON "run" ("parent_id");
CREATE INDEX "run_label" ON "run" ("label");
