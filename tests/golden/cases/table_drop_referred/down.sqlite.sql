-- 0002_drop_key_chair_desk_and_desk (backward)
-- migrate stops if chair.desk has values (none can become a key)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "chair" WHERE "desk" IS NOT NULL;
CREATE TABLE "desk" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "room" TEXT NOT NULL
);
-- rebuild of chair: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_chair" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "desk" INTEGER,
  "colour" TEXT NOT NULL,
  FOREIGN KEY ("desk") REFERENCES "desk" ("id")
);
INSERT INTO "_peewee_mig_new_chair" ("id", "desk", "colour")
SELECT "id", "desk", "colour" FROM "chair";
PRAGMA legacy_alter_table = ON;
DROP TABLE "chair";
ALTER TABLE "_peewee_mig_new_chair" RENAME TO "chair";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "chair_desk" ON "chair" ("desk");
