-- 0002_drop_grant_id
-- stops if two rows of grant have the same person, role
-- rebuild of grant: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_grant" (
  "person" INTEGER NOT NULL,
  "role" INTEGER NOT NULL,
  PRIMARY KEY ("person", "role")
);
INSERT INTO "_peewee_mig_new_grant" ("person", "role")
SELECT "person", "role" FROM "grant";
PRAGMA legacy_alter_table = ON;
DROP TABLE "grant";
ALTER TABLE "_peewee_mig_new_grant" RENAME TO "grant";
PRAGMA legacy_alter_table = OFF;
