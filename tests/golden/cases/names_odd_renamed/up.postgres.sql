-- 0002_rename_table_with_all_to_an_other_table_and_more
ALTER TABLE "tâble `with` 'all'" RENAME TO "an ""other"" table";
ALTER TABLE "an ""other"" table" RENAME COLUMN "a ""quoted"" name" TO "50 % `off`";
ALTER INDEX "odd_aquotedname" RENAME TO "odd_50off";
