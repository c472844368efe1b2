-- 0002_rename_table_with_all_to_an_other_table_and_more
ALTER TABLE "tâble `with` 'all'" RENAME TO "an ""other"" table";
ALTER TABLE "an ""other"" table" RENAME COLUMN "a ""quoted"" name" TO "50 % `off`";
DROP INDEX "odd_aquotedname";
CREATE INDEX "odd_50off" ON "an ""other"" table" ("50 % `off`");
