-- 0002_add_person_locale_and_more
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(80) NOT NULL,
  "locale" VARCHAR(5) NOT NULL,
  "active" INTEGER NOT NULL,
  "rank" INTEGER NOT NULL,
  "share" DECIMAL(6, 2) NOT NULL,
  "settings" TEXT NOT NULL,
  "quoted" TEXT NOT NULL
);
INSERT INTO "_peewee_mig_new_person" ("id", "name", "locale", "active", "rank", "share", "settings", "quoted")
SELECT "id", "name", 'en', 1, -1, '0', '{}', 'it''s 100% \ "so"' FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
