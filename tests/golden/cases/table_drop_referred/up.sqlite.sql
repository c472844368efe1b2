-- 0002_drop_key_chair_desk_and_desk
DROP TABLE "desk";
-- rebuild of chair: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_chair" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "desk" INTEGER,
  "colour" TEXT NOT NULL
);
INSERT INTO "_peewee_mig_new_chair" ("id", "desk", "colour")
SELECT "id", "desk", "colour" FROM "chair";
PRAGMA legacy_alter_table = ON;
DROP TABLE "chair";
ALTER TABLE "_peewee_mig_new_chair" RENAME TO "chair";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "chair_desk" ON "chair" ("desk");
