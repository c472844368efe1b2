-- 0002_add_person_token
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(80) NOT NULL,
  "token" TEXT NOT NULL
);
INSERT INTO "_peewee_mig_new_person" ("id", "name", "token")
SELECT "id", "name", lower(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) || substr('89AB', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || hex(randomblob(6))) FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX "person_token" ON "person" ("token");
