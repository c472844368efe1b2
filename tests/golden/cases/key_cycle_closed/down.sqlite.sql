-- 0002_add_city_mayor_id (backward)
DROP INDEX "city_mayor_id";
-- rebuild of city: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_city" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" TEXT NOT NULL
);
INSERT INTO "_peewee_mig_new_city" ("id", "name")
SELECT "id", "name" FROM "city";
PRAGMA legacy_alter_table = ON;
DROP TABLE "city";
ALTER TABLE "_peewee_mig_new_city" RENAME TO "city";
PRAGMA legacy_alter_table = OFF;
