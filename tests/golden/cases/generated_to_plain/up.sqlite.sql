-- 0002_alter_item_twice_and_item_price
-- rebuild of item: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_item" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "price" INTEGER NOT NULL,
  "twice" INTEGER
);
INSERT INTO "_peewee_mig_new_item" ("id", "price", "twice")
SELECT "id", "price", "twice" FROM "item";
PRAGMA legacy_alter_table = ON;
DROP TABLE "item";
ALTER TABLE "_peewee_mig_new_item" RENAME TO "item";
PRAGMA legacy_alter_table = OFF;
