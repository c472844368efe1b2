-- 0002_add_person_created_and_person_day
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(80) NOT NULL,
  "created" DATETIME NOT NULL,
  "day" DATE NOT NULL
);
INSERT INTO "_peewee_mig_new_person" ("id", "name", "created", "day")
SELECT "id", "name", strftime('%Y-%m-%d %H:%M:%f', 'now', 'localtime'), strftime('%Y-%m-%d', 'now', 'localtime') FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
