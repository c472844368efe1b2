-- 0002_rename_run_to_instance_and_more
-- migrate stops if run.label has texts of more than 40 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "run" WHERE length("label") > 40;
DROP INDEX "run_label";
ALTER TABLE "run" RENAME TO "instance";
DROP INDEX "run_parent_id";
-- rebuild of instance: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_instance" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "label" VARCHAR(40),
  "parent_id" INTEGER,
  "state" VARCHAR(255) NOT NULL,
  FOREIGN KEY ("parent_id") REFERENCES "instance" ("id")
);
INSERT INTO "_peewee_mig_new_instance" ("id", "label", "parent_id", "state")
SELECT "id", "label", "parent_id", 'new' FROM "instance";
PRAGMA legacy_alter_table = ON;
DROP TABLE "instance";
ALTER TABLE "_peewee_mig_new_instance" RENAME TO "instance";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "instance_parent_id" ON "instance" ("parent_id");
