-- 0002_alter_workflow_step_template_step_id (backward)
-- migrate stops if workflow_step has rows without template_step_id (no value is given)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "workflow_step" WHERE "template_step_id" IS NULL;
-- rebuild of workflow_step: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_workflow_step" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "template_step_id" INTEGER NOT NULL,
  "position" INTEGER NOT NULL,
  FOREIGN KEY ("template_step_id") REFERENCES "template_step" ("id") ON DELETE RESTRICT
);
INSERT INTO "_peewee_mig_new_workflow_step" ("id", "template_step_id", "position")
SELECT "id", "template_step_id", "position" FROM "workflow_step";
PRAGMA legacy_alter_table = ON;
DROP TABLE "workflow_step";
ALTER TABLE "_peewee_mig_new_workflow_step" RENAME TO "workflow_step";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "workflow_step_template_step_id" ON "workflow_step" ("template_step_id");
CREATE UNIQUE INDEX "workflow_step_template_step_id_position" ON "workflow_step" ("template_step_id", "position");
