-- 0002_rename_group_order_to_where_and_more
ALTER TABLE "group" RENAME COLUMN "order" TO "where";
DROP INDEX "group_order";
-- rebuild of group: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_group" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "where" INTEGER NOT NULL,
  "select" TEXT NOT NULL,
  "references" INTEGER,
  FOREIGN KEY ("references") REFERENCES "group" ("id")
);
INSERT INTO "_peewee_mig_new_group" ("id", "where", "select", "references")
SELECT "id", "where", COALESCE("select", 'from'), NULL FROM "group";
PRAGMA legacy_alter_table = ON;
DROP TABLE "group";
ALTER TABLE "_peewee_mig_new_group" RENAME TO "group";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "group_where" ON "group" ("where");
CREATE INDEX "group_references" ON "group" ("references");
