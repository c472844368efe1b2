-- 0002_rename_table_with_all_to_an_other_table_and_more (backward)
DROP INDEX "odd_50off";
CREATE INDEX "odd_aquotedname" ON "an ""other"" table" ("50 % `off`");
ALTER TABLE "an ""other"" table" RENAME COLUMN "50 % `off`" TO "a ""quoted"" name";
ALTER TABLE "an ""other"" table" RENAME TO "tâble `with` 'all'";
