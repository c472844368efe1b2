-- 0002_add_table_with_all_groe_and_more (backward)
-- migrate stops if tâble `with` 'all'.a "quoted" name has texts of more than 20 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "tâble `with` 'all'" WHERE length("a ""quoted"" name") > 20;
DROP INDEX "odd_ab";
DROP INDEX "odd_aquotedname";
-- rebuild of tâble `with` 'all': triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_tâble `with` 'all'" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "a ""quoted"" name" VARCHAR(20) NOT NULL,
  "100 % of %s" INTEGER
);
INSERT INTO "_peewee_mig_new_tâble `with` 'all'" ("id", "a ""quoted"" name", "100 % of %s")
SELECT "id", "a ""quoted"" name", "100 % of %s" FROM "tâble `with` 'all'";
PRAGMA legacy_alter_table = ON;
DROP TABLE "tâble `with` 'all'";
ALTER TABLE "_peewee_mig_new_tâble `with` 'all'" RENAME TO "tâble `with` 'all'";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "odd_aquotedname" ON "tâble `with` 'all'" ("a ""quoted"" name");
