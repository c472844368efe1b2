-- 0002_rename_new_to_old_and_more
DROP TABLE "old";
ALTER TABLE "new" RENAME TO "old";
ALTER INDEX "new_size" RENAME TO "old_size";
