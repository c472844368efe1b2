-- 0002_add_grant_id_and_alter_grant_person_role
-- rebuild of grant: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_grant" (
  "person" INTEGER NOT NULL,
  "role" INTEGER NOT NULL,
  "id" INTEGER NOT NULL PRIMARY KEY
);
INSERT INTO "_peewee_mig_new_grant" ("person", "role", "id")
SELECT "person", "role", NULL FROM "grant";
PRAGMA legacy_alter_table = ON;
DROP TABLE "grant";
ALTER TABLE "_peewee_mig_new_grant" RENAME TO "grant";
PRAGMA legacy_alter_table = OFF;
