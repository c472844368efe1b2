-- 0002_rename_group_order_to_where_and_more
ALTER TABLE "group" RENAME COLUMN "order" TO "where";
ALTER INDEX "group_order" RENAME TO "group_where";
UPDATE "group" SET "select" = 'from' WHERE "select" IS NULL;
ALTER TABLE "group" ALTER COLUMN "select" SET NOT NULL;
ALTER TABLE "group" ADD COLUMN "references" INTEGER;
CREATE INDEX "group_references" ON "group" ("references");
ALTER TABLE "group" ADD FOREIGN KEY ("references") REFERENCES "group" ("id");
