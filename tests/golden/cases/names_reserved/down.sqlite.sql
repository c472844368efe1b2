-- 0002_rename_group_order_to_where_and_more (backward)
DROP INDEX "group_references";
DROP INDEX "group_where";
ALTER TABLE "group" RENAME COLUMN "where" TO "order";
-- rebuild of group: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_group" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "order" INTEGER NOT NULL,
  "select" TEXT
);
INSERT INTO "_peewee_mig_new_group" ("id", "select", "order")
SELECT "id", "select", "order" FROM "group";
PRAGMA legacy_alter_table = ON;
DROP TABLE "group";
ALTER TABLE "_peewee_mig_new_group" RENAME TO "group";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "group_order" ON "group" ("order");
