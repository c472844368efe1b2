-- 0002_rename_new_to_old_and_more (backward)
ALTER INDEX "old_size" RENAME TO "new_size";
ALTER TABLE "old" RENAME TO "new";
CREATE TABLE "old" (
  "id" SERIAL NOT NULL PRIMARY KEY,
  "text" TEXT NOT NULL
);
