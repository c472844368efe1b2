-- 0002_add_person_team_and_index_person_team_name
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(80) NOT NULL,
  "team" INTEGER NOT NULL
);
INSERT INTO "_peewee_mig_new_person" ("id", "name", "team")
SELECT "id", "name", 0 FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "person_team" ON "person" ("team");
CREATE INDEX "person_team_name" ON "person" ("team", "name");
