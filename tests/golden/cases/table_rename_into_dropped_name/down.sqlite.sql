-- 0002_rename_new_to_old_and_more (backward)
DROP INDEX "old_size";
CREATE INDEX "new_size" ON "old" ("size");
ALTER TABLE "old" RENAME TO "new";
CREATE TABLE "old" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "text" TEXT NOT NULL
);
