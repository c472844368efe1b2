-- 0002_add_event_id
-- rebuild of event: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_event" (
  "text" TEXT NOT NULL,
  "id" INTEGER NOT NULL PRIMARY KEY
);
INSERT INTO "_peewee_mig_new_event" ("text", "id")
SELECT "text", NULL FROM "event";
PRAGMA legacy_alter_table = ON;
DROP TABLE "event";
ALTER TABLE "_peewee_mig_new_event" RENAME TO "event";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "event_text" ON "event" ("text");
