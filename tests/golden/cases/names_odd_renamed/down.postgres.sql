-- 0002_rename_table_with_all_to_an_other_table_and_more (backward)
ALTER INDEX "odd_50off" RENAME TO "odd_aquotedname";
ALTER TABLE "an ""other"" table" RENAME COLUMN "50 % `off`" TO "a ""quoted"" name";
ALTER TABLE "an ""other"" table" RENAME TO "tâble `with` 'all'";
