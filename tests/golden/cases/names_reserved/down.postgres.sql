-- 0002_rename_group_order_to_where_and_more (backward)
-- assumes that PostgreSQL named the foreign key of group (references) group_references_fkey
ALTER TABLE "group" DROP CONSTRAINT "group_references_fkey";
DROP INDEX "group_references";
ALTER TABLE "group" DROP COLUMN "references";
ALTER TABLE "group" ALTER COLUMN "select" DROP NOT NULL;
ALTER INDEX "group_where" RENAME TO "group_order";
ALTER TABLE "group" RENAME COLUMN "where" TO "order";
