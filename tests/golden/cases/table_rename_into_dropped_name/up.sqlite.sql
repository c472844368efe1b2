-- 0002_rename_new_to_old_and_more
DROP TABLE "old";
ALTER TABLE "new" RENAME TO "old";
DROP INDEX "new_size";
CREATE INDEX "old_size" ON "old" ("size");
